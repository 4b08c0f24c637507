using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;

namespace Webhook.Resources;

/// <summary>
/// A NodeNetworkState (nmstate.io/v1beta1): what a node's networks really are, as its nmstate handler saw them last. It has the name of the
/// Node (nmstate/kubernetes-nmstate api/v1beta1/nodenetworkstate_types.go).
/// </summary>
/// <param name="root">The object.</param>
public sealed class NodeNetworkState(Field root) : KubernetesObject(root)
{
    private NetworkState? _state;

    /// <summary>The state seen, with <c>status.currentState</c> as root.</summary>
    public NetworkState State => _state ?? Memo.Keep(ref _state, new NetworkState(Root["status"]["currentState"]));

    /// <summary>When it was seen last, as written (RFC 3339), or null.</summary>
    public string? Seen => Root["status"]["lastSuccessfulUpdateTime"].Text;

    /// <summary>Whether a default route of the node leaves by an interface of that name, as its routing table has it (<c>routes.running</c>).</summary>
    public bool IsDefaultRoute(string name)
    {
        foreach (Field route in State.Field["routes"]["running"].Items())
        {
            if (route["destination"].Text is "0.0.0.0/0" or "::/0" && NmstateScalar.Name(route["next-hop-interface"]) == name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The interface of the kernel of that name in any state (an OVS bridge is none), or null.</summary>
    public NodeInterface? Find(string name)
    {
        foreach (NodeInterface entry in State.Interfaces)
        {
            if (entry.Name == name && entry.Type != NodeInterfaceType.OvsBridge)
            {
                return entry;
            }
        }

        return null;
    }
}
