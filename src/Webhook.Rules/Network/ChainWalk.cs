using Webhook.Resources;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Network;

/// <summary>Walks one node's interfaces from what a network stands on down to the switch. Each is visited once, so circles end.</summary>
/// <param name="network">The node's networks.</param>
/// <param name="node">The node as sources name it.</param>
internal sealed class ChainWalk(NodeNetwork network, string node)
{
    // Far above any real chain; what a hostile policy lists beyond is not followed.
    private const int MostHops = 128;

    private readonly List<Hop> _hops = [];
    private readonly HashSet<(string Name, bool IsOvsBridge)> _visited = [];

    /// <summary>The hops below the target, or null where the node does not have it.</summary>
    public IReadOnlyList<Hop>? Walk(ChainTarget target)
    {
        bool exists = target.Kind switch
        {
            TargetKind.Localnet => Mapping(target.Name),
            TargetKind.OvsBridge => OvsBridge(target.Name, -1, []),
            TargetKind.LinuxBridge => LinuxBridge(target.Name),
            _ => Master(target.Name),
        };
        return exists ? _hops : null;
    }

    private bool Mapping(string localnet)
    {
        List<(string Bridge, List<NodeNetworkConfigurationPolicy> Policies)> bridges = network.BridgesOf(localnet);
        bool exists = false;
        foreach ((string bridge, List<NodeNetworkConfigurationPolicy> policies) in bridges)
        {
            int at = _hops.Count;
            _hops.Add(new Hop { Kind = HopKind.Mapping, Name = localnet, Policies = policies, IsConflicting = bridges.Count > 1 });
            if (OvsBridge(bridge, at, policies))
            {
                exists = true;
            }
            else
            {
                // OVN takes the mapping; that nothing makes its bridge is known only where the node was looked at.
                exists |= network.Unseen is not null;
                Unknown(HopKind.OvsBridge, bridge, at, $"no policy makes the bridge, and {network.Unseen ?? "the node does not have it"}");
            }
        }

        return exists;
    }

    private bool OvsBridge(string name, int upper, IReadOnlyList<NodeNetworkConfigurationPolicy> mappedBy)
    {
        NodeLink? bridge = network.OvsBridge(name);
        if (bridge is null ? name != NetworkState.MachineBridge : bridge.IsGone)
        {
            return false;
        }

        if (!_visited.Add((name, true)))
        {
            return true;
        }

        int at = _hops.Count;
        _hops.Add(new Hop { Kind = HopKind.OvsBridge, Name = name, Upper = upper, Policies = bridge is null ? mappedBy : Declaring(bridge) });
        int uplinks = bridge is null ? 0 : Lower(bridge, at);
        if (uplinks == 0)
        {
            Unknown(HopKind.Interface, "uplink", at, $"no port of {name} is declared, and {network.Unseen ?? "the node has none that leads outside"}");
        }

        return true;
    }

    private bool LinuxBridge(string name)
    {
        if (network.Find(name) is not { IsGone: false, Type: NodeInterfaceType.LinuxBridge or NodeInterfaceType.NotGiven } bridge)
        {
            return false;
        }

        Interface(name, bridge, -1);
        return true;
    }

    // A network card is there without any policy, so only a node that was looked at proves that it is not.
    private bool Master(string name)
    {
        NodeLink? link = network.Find(name);
        if (link is null ? network.Unseen is null : link.IsGone)
        {
            return false;
        }

        Interface(name, link, -1);
        return true;
    }

    private int Lower(NodeLink link, int at)
    {
        List<(string Name, NodeLink? Link)> below = network.Below(link);
        foreach ((string name, NodeLink? lower) in below)
        {
            Interface(name, lower, at);
        }

        return below.Count;
    }

    private void Interface(string name, NodeLink? link, int upper)
    {
        if (_hops.Count >= MostHops)
        {
            if (_hops.Count == MostHops)
            {
                Unknown(HopKind.Interface, "more", upper, $"the chain has more than {MostHops} levels");
            }

            return;
        }

        if (!_visited.Add((name, false)))
        {
            return;
        }

        int at = _hops.Count;
        if (link is null)
        {
            Unknown(HopKind.Interface, name, upper, $"no policy declares it, and {network.Unseen ?? "the node does not have it"}");
            AddSwitch(at, null);
            return;
        }

        _hops.Add(Judge(link, upper));
        if (link.Type == NodeInterfaceType.OvsInterface)
        {
            if (network.BridgeOf(link) is NodeLink bridge)
            {
                OvsBridge(bridge.Name, at, []);
            }

            return;
        }

        int below = Lower(link, at);
        if (below > 0 || link.Type == NodeInterfaceType.NodeInternal)
        {
            return;
        }

        if (link.Type is NodeInterfaceType.Ethernet or NodeInterfaceType.NotGiven or NodeInterfaceType.Other)
        {
            AddSwitch(at, link);
        }
        else
        {
            Unknown(HopKind.Interface, "uplink", at, $"what {name} stands on is not declared, and {network.Unseen ?? "the node does not show it"}");
        }
    }

    private Hop Judge(NodeLink link, int upper)
    {
        long? declared = null;
        bool differs = false, isTemplate = false;
        var by = new List<string>();
        foreach ((NodeNetworkConfigurationPolicy policy, NodeInterface entry) in link.Declarations)
        {
            if (!entry.IsUp)
            {
                continue;
            }

            isTemplate |= entry.Mtu.IsTemplate;
            if (entry.MtuValue is long mtu)
            {
                differs |= declared is not null && declared != mtu;
                declared = Math.Min(declared ?? mtu, mtu);
                by.Add(policy.Name);
            }
        }

        long? real = link.Real?.MtuValue;
        Hop hop = new()
        {
            Kind = KindOf(link.Type),
            Name = link.Name,
            Upper = upper,
            Declared = declared,
            Real = real,
            Largest = link.Real?.MaxMtu,
            IsConflicting = differs,
            Policies = Declaring(link),
        };
        if (declared is not null)
        {
            return hop with { Mtu = declared, Origin = MtuOrigin.Declared, Sources = by };
        }

        return real is not null && !isTemplate
            ? hop with { Mtu = real, Origin = MtuOrigin.Real, Sources = [Seen()] }
            : hop with { Origin = MtuOrigin.Unknown, Reason = isTemplate ? "its mtu is a template" : $"no policy declares its mtu, and {network.Unseen ?? "the node does not report it"}" };
    }

    private void AddSwitch(int upper, NodeLink? nic)
    {
        long? attested = null;
        var by = new List<string>();
        for (int at = upper; at >= 0 && attested is null; at = _hops[at].Upper)
        {
            foreach (NodeNetworkConfigurationPolicy policy in _hops[at].Policies)
            {
                if (NmstateScalar.Integer(policy.SwitchMtu) is > 0 and long mtu)
                {
                    attested = Math.Min(attested ?? mtu, mtu);
                    by.Add(policy.Name);
                }
            }
        }

        LldpNeighbor? smallest = null;
        foreach (LldpNeighbor neighbor in nic?.Real?.LldpNeighbors ?? [])
        {
            if (neighbor.Mtu is long mtu && (smallest is null || mtu < smallest.Value.Mtu))
            {
                smallest = neighbor;
            }
        }

        Hop hop = new() { Kind = HopKind.Switch, Name = "switch", Upper = upper, Declared = attested, Real = smallest?.Mtu };
        _hops.Add(smallest is LldpNeighbor port && (attested is null || port.Mtu < attested)
            ? hop with { Mtu = port.Mtu, Origin = MtuOrigin.Lldp, Sources = [$"{port} on {node}"] }
            : attested is not null
                ? hop with { Mtu = attested, Origin = MtuOrigin.Attested, Sources = by }
                : hop with { Origin = MtuOrigin.Unknown, Reason = "neither attested by switch-mtu nor announced by LLDP" });
    }

    private void Unknown(HopKind kind, string name, int upper, string reason) =>
        _hops.Add(new Hop { Kind = kind, Name = name, Upper = upper, Origin = MtuOrigin.Unknown, Reason = reason });

    private string Seen() => network.State?.Seen is string time ? $"{node} at {time}" : node;

    private static List<NodeNetworkConfigurationPolicy> Declaring(NodeLink link)
    {
        var policies = new List<NodeNetworkConfigurationPolicy>(link.Declarations.Count);
        foreach ((NodeNetworkConfigurationPolicy policy, NodeInterface entry) in link.Declarations)
        {
            if (entry.IsUp && !policies.Contains(policy))
            {
                policies.Add(policy);
            }
        }

        return policies;
    }

    private static HopKind KindOf(NodeInterfaceType type) => type switch
    {
        NodeInterfaceType.Ethernet => HopKind.Nic,
        NodeInterfaceType.Bond => HopKind.Bond,
        NodeInterfaceType.Vlan => HopKind.Vlan,
        NodeInterfaceType.LinuxBridge => HopKind.LinuxBridge,
        NodeInterfaceType.OvsInterface => HopKind.OvsInterface,
        _ => HopKind.Interface,
    };
}
