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
        if (network.Link is not NetworkLink link || (link.Vlan.IsPresent && link.Vlan.Integer is null))
        {
            return null;
        }

        string? name = link.Technology switch
        {
            LinkTechnology.LinuxBridge or LinkTechnology.OvsBridge or LinkTechnology.Localnet or LinkTechnology.Macvlan or LinkTechnology.Ipvlan
                or LinkTechnology.Vlan or LinkTechnology.Macvtap => link.Parent.Text,
            LinkTechnology.SrIov => network.Annotation(ResourceName).Text,
            LinkTechnology.Overlay => network is NetworkAttachmentDefinition attachment
                ? attachment.OvnNetworkName
                : $"{network.Kind}/{network.Namespace}/{network.Name}",
            _ => null,
        };
        return name is { Length: > 0 } ? new Segment(link.Technology, name, link.Vlan.Integer ?? 0) : null;
    }

    /// <summary>Whether two NICs are on one layer 2 network; null where that is not seen.</summary>
    public static bool? AreOne(VirtualMachine left, VirtualMachineNic leftNic, VirtualMachine right, VirtualMachineNic rightNic, RuleContext context)
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

        return context.Cluster.Network(leftSpace, leftName).Found is NetworkDefinition one
            && context.Cluster.Network(rightSpace, rightName).Found is NetworkDefinition other
            ? AreOne(one, other, context)
            : null;
    }

    /// <summary>Whether two definitions lead to one layer 2 network; null where that is not seen.</summary>
    public static bool? AreOne(NetworkDefinition left, NetworkDefinition right, RuleContext context)
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
        return one.IsOnOvs && other.IsOnOvs
            ? Bridges(left, context) is { Count: > 0 } mine && Bridges(right, context) is { Count: > 0 } others ? mine.Overlaps(others) : null
            : false;
    }

    /// <summary>Whether an address of a node's interface is on the layer 2 network of a definition; null where that is not seen.</summary>
    public static bool? Carries(NetworkDefinition network, NodeInterface entry, NodeNetworkConfigurationPolicy policy, RuleContext context)
    {
        if (Of(network) is not Segment segment)
        {
            return null;
        }

        if (segment.Vlan != 0)
        {
            // A tagged interface on the same uplink is on it, and which uplink that is stands in the chain.
            return entry.Type == NodeInterfaceType.Vlan && NmstateScalar.Integer(entry.Field["vlan"]["id"]) == segment.Vlan
                ? entry.Lower is [LowerLink below, ..] && segment.Technology == LinkTechnology.LinuxBridge && below.Name == segment.Name ? true : null
                : false;
        }

        if (!segment.IsOnOvs)
        {
            return segment.Technology is LinkTechnology.LinuxBridge or LinkTechnology.Macvlan or LinkTechnology.Ipvlan or LinkTechnology.Macvtap
                ? entry.Name == segment.Name
                : null;
        }

        if (Bridges(network, context) is not { Count: > 0 } bridges)
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

    // The bridges that a physical network leads to, on whichever nodes.
    private static HashSet<string> Bridges(NetworkDefinition network, RuleContext context)
    {
        var bridges = new HashSet<string>(StringComparer.Ordinal);
        foreach (NodePath path in context.Cluster.NodeNetworks.Below(network, context).Paths)
        {
            foreach (Hop hop in path.Hops)
            {
                if (hop.Kind == HopKind.OvsBridge && (hop.Upper < 0 || path.Hops[hop.Upper].Kind == HopKind.Mapping))
                {
                    bridges.Add(hop.Name);
                }
            }
        }

        if (bridges.Count == 0 && network.Link is { Technology: LinkTechnology.OvsBridge, Parent.Text: { Length: > 0 } name })
        {
            bridges.Add(name);
        }

        return bridges;
    }
}
