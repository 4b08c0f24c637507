using Webhook.Resources;

namespace Webhook.Rules;

/// <summary>
/// What the cluster around an object holds, at one moment. Rules ask it; who fills it, and from where, is not theirs to know.
/// The base class has seen nothing, so every answer is "not seen".
/// </summary>
public class ClusterView
{
    /// <summary>A view that has seen nothing.</summary>
    public static ClusterView Unseen { get; } = new();

    /// <summary>The NetworkAttachmentDefinition of that namespace and name.</summary>
    public virtual Lookup<NetworkAttachmentDefinition> NetworkAttachmentDefinition(string @namespace, string name) =>
        Lookup<NetworkAttachmentDefinition>.NotSeen("NetworkAttachmentDefinitions were not looked up");
}
