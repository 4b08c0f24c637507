using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>A NetworkAttachmentDefinition (k8s.cni.cncf.io/v1): a CNI configuration in a string.</summary>
/// <param name="root">The object.</param>
public sealed class NetworkAttachmentDefinition(Field root) : KubernetesObject(root)
{
    /// <summary>The role by label, or null if there is none or an unknown word.</summary>
    public NetworkRole? Role => NetworkRoles.Parse(OptInLabel.Text);
}
