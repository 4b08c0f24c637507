using Webhook.Resources;

namespace Webhook.Rules.Network;

/// <summary>The hops that follow from a network's own definition and from the cluster network.</summary>
internal static class NetworkHop
{
    // What a localnet may have more than the cluster network, since it does without tunnels (see MtuDefault.ClusterNetworkAndHeader).
    private const int TunnelHeader = 100;

    /// <summary>The network itself, with the MTU that it gives to the NIC of a pod.</summary>
    public static Hop Of(NetworkDefinition network, RuleContext context)
    {
        string word = network is NetworkAttachmentDefinition ? "NAD" : network is UserDefinedNetwork { IsClusterScoped: true } ? "CUDN" : "UDN";
        Hop hop = new() { Kind = HopKind.Network, Name = $"{word} {network.Name}" };
        if (network.Link is not NetworkLink link)
        {
            return hop with { Origin = MtuOrigin.Unknown, Reason = "its configuration cannot be read" };
        }

        if (link.Mtu.Integer is > 0 and long mtu)
        {
            return hop with { Mtu = mtu, Declared = mtu, Origin = MtuOrigin.Definition };
        }

        if (link.Mtu.IsPresent && link.Mtu.Integer != 0)
        {
            return hop with { Origin = MtuOrigin.Unknown, Reason = "its mtu is no number of bytes" };
        }

        return link.MtuDefault switch
        {
            MtuDefault.Kernel => hop with { Mtu = NodeMtu.Standard, Origin = MtuOrigin.Default, Reason = "the kernel's default, since the network sets no mtu" },
            MtuDefault.Parent => hop with { Origin = MtuOrigin.Follows, Reason = "the MTU of what it stands on" },
            MtuDefault.Device => hop with { Origin = MtuOrigin.Follows, Reason = "the MTU of the device" },
            MtuDefault.ClusterNetwork => hop with { Origin = MtuOrigin.Follows, Reason = "the MTU of the cluster network" },
            MtuDefault.ClusterNetworkAndHeader => OfCluster(
                hop, TunnelHeader, $"the cluster network's and {TunnelHeader} more, since the network sets no mtu", context),
            _ => hop with { Origin = MtuOrigin.Unknown, Reason = "what its plugin does without mtu is not known here" },
        };
    }

    /// <summary>
    /// The tunnels between the nodes: the MTU of the cluster network less the tunnel header (ovn-kubernetes/ovn-kubernetes
    /// docs/features/multiple-networks/multi-homing.md, Geneve). Cautious where the cluster's MTU is already given without that header.
    /// </summary>
    public static Hop Overlay(RuleContext context) => OfCluster(
        new Hop { Kind = HopKind.Overlay, Name = "cluster network" }, -TunnelHeader, $"the MTU of the cluster network less {TunnelHeader} for the tunnel", context);

    private static Hop OfCluster(Hop hop, int more, string reason, RuleContext context)
    {
        if (context.Settings.ClusterNetworkMtu is int set)
        {
            return hop with { Mtu = set + more, Origin = hop.Kind == HopKind.Overlay ? MtuOrigin.Setting : MtuOrigin.Default, Reason = reason };
        }

        Lookup<ClusterNetwork> cluster = context.Cluster.ClusterNetwork();
        return cluster.Found?.Mtu is long mtu
            ? hop with { Mtu = mtu + more, Origin = MtuOrigin.Default, Reason = reason }
            : hop with { Origin = MtuOrigin.Unknown, Reason = $"the MTU of the cluster network is not set as mtu.clusterNetwork, and {cluster.Unverified ?? "the cluster does not tell it"}" };
    }
}
