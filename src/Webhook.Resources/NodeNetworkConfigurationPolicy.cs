using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A NodeNetworkConfigurationPolicy (nmstate.io v1, v1beta1, v1alpha1): what nmstate shall make of the networks of the selected nodes.
/// </summary>
/// <param name="root">The object.</param>
public sealed class NodeNetworkConfigurationPolicy(Field root) : KubernetesObject(root)
{
    /// <summary>The desired state: free-form, so anything may stand there, templates included.</summary>
    public Field DesiredState => Spec["desiredState"];
}
