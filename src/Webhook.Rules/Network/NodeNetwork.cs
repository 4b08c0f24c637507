using System.Collections.Concurrent;
using Webhook.Resources;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Network;

/// <summary>
/// The networks of one node: what all policies that apply to it declare, laid over what it has. nmstate merges policies by interface, known
/// by name and type, and keeps what none of them mentions (nmstate/nmstate rust/src/lib/ifaces/merged_ifaces.rs); in which order the
/// policies of a node are applied is not known, so where they differ both are kept.
/// </summary>
internal sealed class NodeNetwork
{
    // Far more than Linux stacks (torvalds/linux include/linux/netdevice.h MAX_NEST_DEV, 8): without an end, a policy of many VLANs on each other
    // would be walked up from each of them.
    private const int MaxDepth = 32;

    // An OVS bridge and the node's port in it share a name, so bridges are known apart.
    private readonly Dictionary<string, NodeLink> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeLink> _ovsBridges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeLink>> _portsByController = new(StringComparer.Ordinal);
    private readonly List<(BridgeMapping Mapping, NodeNetworkConfigurationPolicy? Policy)> _mappings = [];
    private readonly ConcurrentDictionary<ChainTarget, IReadOnlyList<Hop>?> _chains = new();
    private readonly string? _stateUnverified;
    private ILookup<string, string>? _localnetsByBridge;
    private Dictionary<string, NodeLink>? _ovsBridgesByPort;
    private Dictionary<NodeLink, List<NodeLink>>? _above;

    public NodeNetwork(IReadOnlyList<NodeNetworkConfigurationPolicy> policies, Lookup<NodeNetworkState> state)
    {
        Policies = policies;
        State = state.Found;
        _stateUnverified = state.Unverified;
        Unseen = state.Unverified ?? (state.Found is null ? "the node has no NodeNetworkState" : null);
        foreach (NodeNetworkConfigurationPolicy policy in policies)
        {
            HasTemplates |= policy.State.NamesAreTemplates;
            foreach (NodeInterface entry in policy.State.Interfaces)
            {
                if (entry.State != NodeInterfaceState.Ignored && Place(entry) is NodeLink link)
                {
                    link.Add(policy, entry);
                    AddToController(entry, link);
                }
            }

            foreach (BridgeMapping mapping in policy.State.BridgeMappings())
            {
                _mappings.Add((mapping, policy));
            }
        }

        if (State is null)
        {
            return;
        }

        foreach (NodeInterface entry in State.State.Interfaces)
        {
            if (Place(entry) is NodeLink { Real: null } link)
            {
                link.Real = entry;
            }
        }

        foreach (BridgeMapping mapping in State.State.BridgeMappings())
        {
            _mappings.Add((mapping, null));
        }
    }

    public IReadOnlyList<NodeNetworkConfigurationPolicy> Policies { get; }

    public NodeNetworkState? State { get; }

    /// <summary>Why the real state is not known, or null where it is.</summary>
    public string? Unseen { get; }

    /// <summary>Whether a policy leaves names to the node, so that a missing one may come from there.</summary>
    public bool HasTemplates { get; }

    /// <summary>Whether it was made of those very policies and of that state.</summary>
    public bool IsMadeOf(IReadOnlyList<NodeNetworkConfigurationPolicy> policies, Lookup<NodeNetworkState> state)
    {
        if (policies.Count != Policies.Count || state.Found is null != State is null || (State is null && state.Unverified != _stateUnverified))
        {
            return false;
        }

        for (int at = 0; at < policies.Count; at++)
        {
            if (!ReferenceEquals(policies[at], Policies[at]))
            {
                return false;
            }
        }

        return ReferenceEquals(State, state.Found) || State!.Root.ValueEquals(state.Found!.Root);
    }

    /// <summary>The hops below a target, or null where the node does not have it; worked out once.</summary>
    /// <param name="target">The target.</param>
    /// <param name="node">The node as sources name it; the same at every call.</param>
    public IReadOnlyList<Hop>? Walk(ChainTarget target, string node) =>
        _chains.GetOrAdd(target, static (asked, self) => new ChainWalk(self.Network, self.Node).Walk(asked), (Network: this, Node: node));

    public NodeLink? Find(string name) => _links.GetValueOrDefault(name);

    public NodeLink? OvsBridge(string name) => _ovsBridges.GetValueOrDefault(name);

    /// <summary>The ports that name an interface as their controller; one that several policies declare stands there several times.</summary>
    public IReadOnlyList<NodeLink> PortsOf(string controller) => _portsByController.GetValueOrDefault(controller) ?? [];

    /// <summary>
    /// The bridges that a physical network leads to, each with the policies that say so; several only where policies differ. What a policy
    /// declares replaces what the node has.
    /// </summary>
    public List<(string Bridge, List<NodeNetworkConfigurationPolicy> Policies)> BridgesOf(string localnet)
    {
        var bridges = new List<(string Bridge, List<NodeNetworkConfigurationPolicy> Policies)>();
        bool removed = false;
        foreach ((BridgeMapping mapping, NodeNetworkConfigurationPolicy? policy) in _mappings)
        {
            if (mapping.Localnet != localnet || (policy is null && (bridges.Count > 0 || removed)))
            {
                continue;
            }

            removed |= mapping.IsAbsent;
            if (!mapping.IsAbsent && mapping.Bridge.Length > 0)
            {
                int known = bridges.FindIndex(bridge => bridge.Bridge == mapping.Bridge);
                if (known < 0)
                {
                    bridges.Add((mapping.Bridge, []));
                    known = bridges.Count - 1;
                }

                if (policy is not null)
                {
                    bridges[known].Policies.Add(policy);
                }
            }
        }

        if (bridges.Count == 0 && !removed && localnet == NetworkState.MachineLocalnet)
        {
            bridges.Add((NetworkState.MachineBridge, []));
        }

        return bridges;
    }

    /// <summary>The physical networks that lead to a bridge.</summary>
    public IEnumerable<string> LocalnetsOn(string bridge) => (_localnetsByBridge ??= _mappings
        .Where(static entry => !entry.Mapping.IsAbsent)
        .ToLookup(static entry => entry.Mapping.Bridge, static entry => entry.Mapping.Localnet, StringComparer.Ordinal))[bridge];

    /// <summary>
    /// What an interface stands on: as the policies declare it, else as the node has it. Of what the node has, the ends of pods' links and
    /// patches between OVS bridges are left out; they lead to no network outside the node.
    /// </summary>
    public List<(string Name, NodeLink? Link)> Below(NodeLink link)
    {
        var below = new List<(string Name, NodeLink? Link)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        bool isDeclared = false;
        foreach ((_, NodeInterface entry) in link.Declarations)
        {
            foreach (LowerLink lower in entry.IsUp ? entry.Lower : [])
            {
                isDeclared = true;
                Add(lower.Name, Find(lower.Name));
            }
        }

        foreach (NodeLink port in PortsOf(link.Name))
        {
            // A name that both a bridge and its own port have means the bridge.
            if (link.IsOvsBridge || OvsBridge(link.Name) is null)
            {
                Add(port.Name, port);
            }
        }

        foreach (LowerLink lower in isDeclared || link.Real is not { } real ? [] : real.Lower)
        {
            if (Find(lower.Name) is { IsPodLink: false } known)
            {
                Add(lower.Name, known);
            }
        }

        return below;

        void Add(string name, NodeLink? lower)
        {
            bool isNodePort = link.IsOvsBridge && (name == link.Name || lower?.Type is NodeInterfaceType.OvsInterface or NodeInterfaceType.NodeInternal);
            if (!isNodePort && !ReferenceEquals(lower, link) && lower?.IsGone != true && names.Add(name))
            {
                below.Add((name, lower));
            }
        }
    }

    /// <summary>Everything that stands on an interface, itself left out; no higher than devices can be stacked.</summary>
    public IEnumerable<NodeLink> Above(string name, bool isOvsBridge)
    {
        if ((isOvsBridge ? OvsBridge(name) : Find(name)) is not NodeLink start)
        {
            return [];
        }

        Dictionary<NodeLink, List<NodeLink>> above = _above ??= ReadAbove();
        var reached = new HashSet<NodeLink> { start };
        List<NodeLink> level = [start];
        for (int depth = 0; depth < MaxDepth && level.Count > 0; depth++)
        {
            var next = new List<NodeLink>();
            foreach (NodeLink at in level)
            {
                foreach (NodeLink upper in above.GetValueOrDefault(at) ?? [])
                {
                    if (reached.Add(upper))
                    {
                        next.Add(upper);
                    }
                }
            }

            level = next;
        }

        reached.Remove(start);
        return reached;
    }

    /// <summary>The OVS bridge that a node's own port belongs to, or null.</summary>
    public NodeLink? BridgeOf(NodeLink ovsInterface) =>
        OvsBridge(ovsInterface.Name) ?? (_ovsBridgesByPort ??= ReadPorts()).GetValueOrDefault(ovsInterface.Name);

    private Dictionary<string, NodeLink> ReadPorts()
    {
        var bridges = new Dictionary<string, NodeLink>(StringComparer.Ordinal);
        foreach (NodeLink bridge in _ovsBridges.Values)
        {
            foreach (string name in bridge.LowerNames.Concat(PortsOf(bridge.Name).Select(static port => port.Name)))
            {
                bridges.TryAdd(name, bridge);
            }
        }

        return bridges;
    }

    private Dictionary<NodeLink, List<NodeLink>> ReadAbove()
    {
        var above = new Dictionary<NodeLink, List<NodeLink>>();
        foreach (NodeLink link in _links.Values.Concat(_ovsBridges.Values))
        {
            foreach ((_, NodeLink? lower) in Below(link))
            {
                Add(lower, link);
            }

            // Whatever stands on the node's own port of a bridge leaves by that bridge.
            Add(link.Type == NodeInterfaceType.OvsInterface ? BridgeOf(link) : null, link);
        }

        return above;

        void Add(NodeLink? lower, NodeLink upper)
        {
            if (lower is not null)
            {
                if (!above.TryGetValue(lower, out List<NodeLink>? uppers))
                {
                    above.Add(lower, uppers = []);
                }

                uppers.Add(upper);
            }
        }
    }

    private NodeLink? Place(NodeInterface entry)
    {
        if (entry.Name.Length == 0 || entry.Name == "lo" || entry.Field["name"].IsTemplate)
        {
            return null;
        }

        Dictionary<string, NodeLink> links = entry.Type == NodeInterfaceType.OvsBridge ? _ovsBridges : _links;
        if (!links.TryGetValue(entry.Name, out NodeLink? link))
        {
            links.Add(entry.Name, link = new NodeLink(entry.Name, entry.Type == NodeInterfaceType.OvsBridge));
        }

        return link;
    }

    private void AddToController(NodeInterface port, NodeLink link)
    {
        if (!port.IsUp || port.Controller is not { Length: > 0 } controller)
        {
            return;
        }

        if (!_portsByController.TryGetValue(controller, out List<NodeLink>? ports))
        {
            _portsByController.Add(controller, ports = []);
        }

        ports.Add(link);
    }
}
