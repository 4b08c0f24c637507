using Webhook.Resources;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Nncp;

/// <summary>Finds the same interface in two versions of a policy: by name and type, as nmstate knows it.</summary>
internal static class PolicyChange
{
    /// <summary>The entry of a policy that means the same interface, or null.</summary>
    public static NodeInterface? Find(NodeNetworkConfigurationPolicy policy, NodeInterface entry)
    {
        foreach (NodeInterface other in entry.Name.Length > 0 ? policy.State.Named(entry.Name) : [])
        {
            if (AreOneType(other.Type, entry.Type))
            {
                return other;
            }
        }

        return null;
    }

    // A type that is left out is that of the interface which the node has; a bridge of Open vSwitch is no interface of the kernel.
    private static bool AreOneType(NodeInterfaceType one, NodeInterfaceType other) =>
        one == other
        || (one == NodeInterfaceType.NotGiven && other != NodeInterfaceType.OvsBridge)
        || (other == NodeInterfaceType.NotGiven && one != NodeInterfaceType.OvsBridge);
}
