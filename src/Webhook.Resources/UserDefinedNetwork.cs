using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A UserDefinedNetwork or ClusterUserDefinedNetwork (k8s.ovn.org/v1), from which OVN-Kubernetes generates NetworkAttachmentDefinitions.
/// </summary>
/// <param name="root">The object.</param>
public sealed class UserDefinedNetwork(Field root) : KubernetesObject(root)
{
    /// <summary>Whether it is the cluster-scoped kind.</summary>
    public bool IsClusterScoped => Kind == "ClusterUserDefinedNetwork";

    /// <summary>The role by label, or null if there is none or an unknown word.</summary>
    public NetworkRole? Role => NetworkRoles.Parse(OptInLabel.Text);

    /// <summary>The network's definition: <c>spec.network</c> of the cluster-scoped kind, else <c>spec</c>.</summary>
    public Field Network => IsClusterScoped ? Spec["network"] : Spec;
}
