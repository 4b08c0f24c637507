using Webhook.Resources;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Network;

/// <summary>
/// The layer 2 network behind a network definition: frames of two definitions with equal segments meet. Nodes are taken to be set up alike
/// under one name.
/// </summary>
/// <param name="Technology">What the definition's links are ports of.</param>
/// <param name="Name">The bridge, physical network, master, device pool, or network of OVN-Kubernetes.</param>
/// <param name="Vlan">The VLAN, 0 for none.</param>
internal readonly record struct Segment(LinkTechnology Technology, string Name, long Vlan)
{
    private const string ResourceName = "k8s.v1.cni.cncf.io/resourceName";

    /// <summary>The segment of a network, or null where its definition does not tell.</summary>
    public static Segment? Of(NetworkDefinition network)
    {
        if (network.Link is not NetworkLink link || (network.Vlan.IsPresent && network.Vlan.Integer is null))
        {
            return null;
        }

        string? name = link.Technology switch
        {
            LinkTechnology.LinuxBridge or LinkTechnology.OvsBridge or LinkTechnology.Localnet or LinkTechnology.Macvlan or LinkTechnology.Ipvlan
                or LinkTechnology.Vlan or LinkTechnology.Macvtap => link.Parent.Text,
            LinkTechnology.SrIov => network.Annotation(ResourceName).Text,
            LinkTechnology.Overlay => network is NetworkAttachmentDefinition attachment
                ? attachment.Configuration.Root.Find("name").Text
                : $"{network.Kind}/{network.Namespace}/{network.Name}",
            _ => null,
        };
        return name is { Length: > 0 } ? new Segment(link.Technology, name, network.Vlan.Integer ?? 0) : null;
    }

    /// <summary>Whether two NICs are on one layer 2 network; null where that is not seen.</summary>
    public static bool? AreOne(VirtualMachine left, VirtualMachineNic leftNic, VirtualMachine right, VirtualMachineNic rightNic, ClusterView cluster)
    {
        if (leftNic.Attachment(left.Namespace) is not (string leftSpace, string leftName)
            || rightNic.Attachment(right.Namespace) is not (string rightSpace, string rightName))
        {
            // The pod network reaches no secondary network.
            return leftNic.IsMultus && rightNic.IsMultus ? null : false;
        }

        if (leftSpace == rightSpace && leftName == rightName)
        {
            return true;
        }

        return cluster.Network(leftSpace, leftName).Found is NetworkDefinition one && cluster.Network(rightSpace, rightName).Found is NetworkDefinition other
            ? AreOne(one, other, cluster)
            : null;
    }

    /// <summary>Whether two definitions lead to one layer 2 network; null where that is not seen.</summary>
    public static bool? AreOne(NetworkDefinition left, NetworkDefinition right, ClusterView cluster)
    {
        // A cluster-scoped network answers for all definitions that it generates.
        if (left.IsSameObjectAs(right))
        {
            return true;
        }

        if (Of(left) is not Segment one || Of(right) is not Segment other)
        {
            return null;
        }

        if (one == other || one.Vlan != other.Vlan)
        {
            return one == other;
        }

        // Two physical networks may lead to one bridge, which an OVS plugin may name as well.
        return one.IsOnOvs && other.IsOnOvs ? one.SharesBridgeWith(other, cluster) : false;
    }

    /// <summary>Whether an address of a node's interface is on the segment; null where that is not seen.</summary>
    public bool? Carries(NodeInterface entry, NodeNetworkConfigurationPolicy policy, ClusterView cluster)
    {
        if (Vlan != 0)
        {
            // A tagged interface on the same uplink is on it, and which uplink that is stands in the chain.
            return entry.Type == NodeInterfaceType.Vlan && NmstateScalar.Integer(entry.Field["vlan"]["id"]) == Vlan
                ? entry.Lower is [LowerLink below, ..] && Technology == LinkTechnology.LinuxBridge && below.Name == Name ? true : null
                : false;
        }

        if (!IsOnOvs)
        {
            return Technology is LinkTechnology.LinuxBridge or LinkTechnology.Macvlan or LinkTechnology.Ipvlan or LinkTechnology.Macvtap
                ? entry.Name == Name
                : null;
        }

        if (Bridges(cluster) is not { Count: > 0 } bridges)
        {
            return null;
        }

        foreach (NodeInterface bridge in policy.State.Interfaces)
        {
            if (bridge.Type == NodeInterfaceType.OvsBridge && bridges.Contains(bridge.Name) && HasPort(bridge, entry))
            {
                return true;
            }
        }

        return bridges.Contains(entry.Controller ?? entry.Name);
    }

    private bool IsOnOvs => Technology is LinkTechnology.Localnet or LinkTechnology.OvsBridge;

    private static bool HasPort(NodeInterface bridge, NodeInterface entry)
    {
        foreach (LowerLink port in bridge.Lower)
        {
            if (port.Name == entry.Name)
            {
                return true;
            }
        }

        return false;
    }

    private bool? SharesBridgeWith(Segment other, ClusterView cluster) =>
        Bridges(cluster) is { Count: > 0 } mine && other.Bridges(cluster) is { Count: > 0 } others ? mine.Overlaps(others) : null;

    // Scans all policies, so it is asked only once a duplicate or a move was found.
    private HashSet<string>? Bridges(ClusterView cluster)
    {
        if (Technology == LinkTechnology.OvsBridge)
        {
            return [Name];
        }

        LookupAll<NodeNetworkConfigurationPolicy> policies = cluster.Policies();
        if (policies.Unverified is not null)
        {
            return null;
        }

        var bridges = new HashSet<string>(StringComparer.Ordinal);
        foreach (NodeNetworkConfigurationPolicy policy in policies.Found)
        {
            foreach (BridgeMapping mapping in policy.State.BridgeMappings())
            {
                if (mapping.Localnet == Name && !mapping.IsAbsent)
                {
                    bridges.Add(mapping.Bridge);
                }
            }
        }

        return bridges;
    }
}
