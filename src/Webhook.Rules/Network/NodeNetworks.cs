using System.Collections.Concurrent;
using Webhook.Resources;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Network;

/// <summary>
/// The networks of all nodes at one moment: which hops lie between a network and the physical switch, and what each can carry. Nodes,
/// policies and states are read once; everything else is worked out when it is first asked for, and kept. Safe for many threads.
/// </summary>
/// <remarks>
/// Where no Nodes are seen, each distinct selector of a policy stands for the nodes that it selects, together with all policies whose labels
/// it includes: those apply to the same nodes, whichever they are.
/// </remarks>
public sealed class NodeNetworks
{
    private readonly LookupAll<Node> _nodes;
    private readonly IReadOnlyList<NodeNetworkConfigurationPolicy> _policies;
    private readonly string? _policiesUnseen;
    private readonly Func<string, Lookup<NodeNetworkState>> _states;
    private readonly ConcurrentDictionary<string, NodeNetwork> _built = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, NodeNetwork>? _before;
    private readonly ConcurrentDictionary<ChainTarget, NodePaths> _paths = new();
    private readonly Lazy<List<NodePlace>> _places;
    private readonly Lazy<Dictionary<string, List<NodePlace>>> _placesByPolicy;
    private readonly Lazy<KnownNames> _known;

    /// <summary>The networks of the nodes of a cluster.</summary>
    /// <param name="nodes">Every Node.</param>
    /// <param name="policies">Every policy.</param>
    /// <param name="states">The real state by name of the Node.</param>
    /// <param name="before">The same at an earlier moment: what did not change since is taken from it.</param>
    public NodeNetworks(
        LookupAll<Node> nodes, LookupAll<NodeNetworkConfigurationPolicy> policies, Func<string, Lookup<NodeNetworkState>> states, NodeNetworks? before = null)
        : this(nodes, policies.Found, policies.Unverified, states, before)
    {
    }

    private NodeNetworks(
        LookupAll<Node> nodes,
        IReadOnlyList<NodeNetworkConfigurationPolicy> policies,
        string? policiesUnseen,
        Func<string, Lookup<NodeNetworkState>> states,
        NodeNetworks? before)
    {
        _nodes = nodes;
        _policies = policies;
        _policiesUnseen = policiesUnseen;
        _states = states;
        _before = before is null ? null : before._built.IsEmpty ? before._before : before._built;
        _places = new(() => NodePlace.All(_nodes, _policies));
        _placesByPolicy = new(ReadPlacesByPolicy);
        _known = new(() => new KnownNames(_policies));
    }

    /// <summary>The same nodes as if a policy were already among the others, in place of its older self.</summary>
    public NodeNetworks With(NodeNetworkConfigurationPolicy policy)
    {
        var policies = new List<NodeNetworkConfigurationPolicy>(_policies.Count + 1);
        bool replaced = false;
        foreach (NodeNetworkConfigurationPolicy known in _policies)
        {
            if (known.Name != policy.Name)
            {
                policies.Add(known);
                continue;
            }

            if (ReferenceEquals(known, policy) || known.Root.ValueEquals(policy.Root))
            {
                return this;
            }

            if (!replaced)
            {
                policies.Add(policy);
                replaced = true;
            }
        }

        if (!replaced)
        {
            policies.Add(policy);
        }

        return new NodeNetworks(_nodes, policies, _policiesUnseen, _states, this);
    }

    /// <summary>The path of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="context">Tells the MTU of the cluster network.</param>
    public NetworkPath Below(NetworkDefinition network, RuleContext context)
    {
        Hop hop = NetworkHop.Of(network, context);
        return new NetworkPath(network, hop, network.Link?.Technology switch
        {
            LinkTechnology.Overlay => Everywhere(NetworkHop.Overlay(context)),
            LinkTechnology.SrIov => Everywhere(new Hop
            {
                Kind = HopKind.Device, Name = "virtual function", Origin = MtuOrigin.Unknown, Reason = "the SriovNetworkNodePolicy was not looked at",
            }),
            LinkTechnology.PointToPoint or LinkTechnology.Unknown or null => new NodePaths([], NetworkPresence.NotOnNodes, null, []),
            _ => ChainTarget.Of(network) is ChainTarget target
                ? _paths.GetOrAdd(target, static (asked, self) => self.Find(asked), this)
                : new NodePaths([], NetworkPresence.NotSeen, "the network does not name what it stands on", []),
        });
    }

    /// <summary>The names like the one that a network stands on, among the bridges or mappings that policies make; the most alike first.</summary>
    public IReadOnlyList<string> NearestTo(NetworkDefinition network) => ChainTarget.Of(network) is ChainTarget target
        ? Nearest.Of(target.Name, _known.Value.Of(target.Kind).Where(name => name != target.Name))
        : [];

    /// <summary>The networks that stand on an interface of a policy, by way of whatever other policies put between.</summary>
    /// <param name="policy">The policy; it need not be among the known ones.</param>
    /// <param name="entry">The interface.</param>
    /// <param name="cluster">Tells the networks.</param>
    public LookupAll<NetworkDefinition> NetworksAbove(NodeNetworkConfigurationPolicy policy, NodeInterface entry, ClusterView cluster)
    {
        var networks = new List<NetworkDefinition>();
        string? unseen = AddOn(entry.Name, isLocalnet: false, cluster, networks);
        foreach (BridgeMapping mapping in policy.State.MappingsTo(entry.Name))
        {
            unseen = AddOn(mapping.Localnet, isLocalnet: true, cluster, networks) ?? unseen;
        }

        foreach (NodePlace place in _placesByPolicy.Value.GetValueOrDefault(policy.Name) ?? [])
        {
            NodeNetwork network = Build(place);
            foreach (NodeLink upper in network.Above(entry.Name, entry.Type == NodeInterfaceType.OvsBridge))
            {
                unseen = AddOn(upper.Name, isLocalnet: false, cluster, networks) ?? unseen;
                foreach (string localnet in upper.IsOvsBridge ? network.LocalnetsOn(upper.Name) : [])
                {
                    unseen = AddOn(localnet, isLocalnet: true, cluster, networks) ?? unseen;
                }
            }
        }

        return unseen is null ? LookupAll<NetworkDefinition>.Of(networks) : LookupAll<NetworkDefinition>.AtLeast(networks, unseen);
    }

    /// <summary>The Nodes that can host a machine: see <see cref="Scheduling.CanHost"/>.</summary>
    public LookupAll<Node> HostNodes(VirtualMachine machine)
    {
        if (_nodes.Unverified is not null)
        {
            return _nodes;
        }

        var hosts = new List<Node>();
        foreach (Node node in _nodes.Found)
        {
            if (Scheduling.CanHost(node, machine))
            {
                hosts.Add(node);
            }
        }

        return LookupAll<Node>.Of(hosts);
    }

    private static NodePaths Everywhere(Hop hop) => new([new NodePath([], areNodes: false, [hop])], NetworkPresence.NotOnNodes, null, []);

    private NodePaths Find(ChainTarget target)
    {
        bool areNodes = _nodes.Unverified is null;
        var groups = new List<(List<string> Places, List<IReadOnlyList<Hop>> Chains)>();
        var missing = new List<string>();
        string? template = null;
        foreach (NodePlace place in _places.Value)
        {
            NodeNetwork network = Build(place);
            IReadOnlyList<Hop>? hops = network.Walk(target, place.State ?? place.Name);
            if (hops is null)
            {
                missing.Add(place.Name);
                template ??= network.HasTemplates ? $"a policy of {place.Name} names interfaces by template" : null;
            }
            else if (!areNodes && target.Kind == TargetKind.Master && network.Find(target.Name) is null)
            {
                // The interface may be there, but nothing connects these nodes with the network.
                continue;
            }
            else
            {
                Group(groups, place.Name, hops);
            }
        }

        var paths = new List<NodePath>(groups.Count);
        foreach ((List<string> places, List<IReadOnlyList<Hop>> chains) in groups)
        {
            var hops = new Hop[chains[0].Count];
            for (int at = 0; at < hops.Length; at++)
            {
                hops[at] = Hop.SaidByAll(chains, at);
            }

            paths.Add(new NodePath(places, areNodes, hops));
        }

        if (paths.Count > 0)
        {
            return new NodePaths(paths, NetworkPresence.Found, null, areNodes ? missing : []);
        }

        bool isKnown = _known.Value.Of(target.Kind).Contains(target.Name);
        return template is not null ? new NodePaths([], NetworkPresence.NotSeen, template, [])
            : isKnown ? new NodePaths([], NetworkPresence.Unselected, null, [])
            : Default(target) is NodePaths made ? made
            : _policiesUnseen is not null ? new NodePaths([], NetworkPresence.NotSeen, _policiesUnseen, [])
            : target.Kind == TargetKind.Master ? new NodePaths([], NetworkPresence.NotSeen, $"no node was seen on which {target.Name} could be looked for", [])
            : new NodePaths([], NetworkPresence.Missing, null, []);
    }

    // What OVN-Kubernetes makes at installation is there without any policy, on nodes that nobody described.
    private NodePaths? Default(ChainTarget target)
    {
        if (_nodes.Unverified is null || target is not ({ Kind: TargetKind.Localnet, Name: NetworkState.MachineLocalnet } or { Kind: TargetKind.OvsBridge, Name: NetworkState.MachineBridge }))
        {
            return null;
        }

        var bare = new NodeNetwork([], Lookup<NodeNetworkState>.NotSeen(_nodes.Unverified));
        return bare.Walk(target, "") is { } hops
            ? new NodePaths([new NodePath([], areNodes: false, hops)], NetworkPresence.Found, null, [])
            : null;
    }

    private static void Group(List<(List<string> Places, List<IReadOnlyList<Hop>> Chains)> groups, string place, IReadOnlyList<Hop> hops)
    {
        foreach ((List<string> places, List<IReadOnlyList<Hop>> chains) in groups)
        {
            if (AreAlike(chains[0], hops))
            {
                places.Add(place);
                chains.Add(hops);
                return;
            }
        }

        groups.Add(([place], [hops]));
    }

    private static bool AreAlike(IReadOnlyList<Hop> known, IReadOnlyList<Hop> hops)
    {
        if (known.Count != hops.Count)
        {
            return false;
        }

        for (int at = 0; at < hops.Count; at++)
        {
            if (!known[at].IsLike(hops[at]))
            {
                return false;
            }
        }

        return true;
    }

    private NodeNetwork Build(NodePlace place)
    {
        if (_built.TryGetValue(place.Name, out NodeNetwork? built))
        {
            return built;
        }

        Lookup<NodeNetworkState> state = place.State is string node
            ? _states(node)
            : Lookup<NodeNetworkState>.NotSeen(_nodes.Unverified!);
        if (_before?.TryGetValue(place.Name, out built) != true || !built!.IsMadeOf(place.Policies, state))
        {
            built = new NodeNetwork(place.Policies, state);
        }

        return _built.GetOrAdd(place.Name, built);
    }

    private Dictionary<string, List<NodePlace>> ReadPlacesByPolicy()
    {
        var byPolicy = new Dictionary<string, List<NodePlace>>(StringComparer.Ordinal);
        foreach (NodePlace place in _places.Value)
        {
            foreach (NodeNetworkConfigurationPolicy policy in place.Policies)
            {
                if (!byPolicy.TryGetValue(policy.Name, out List<NodePlace>? places))
                {
                    byPolicy.Add(policy.Name, places = []);
                }

                places.Add(place);
            }
        }

        return byPolicy;
    }

    private static string? AddOn(string name, bool isLocalnet, ClusterView cluster, List<NetworkDefinition> networks)
    {
        LookupAll<NetworkDefinition> found = cluster.NetworksOn(name);
        foreach (NetworkDefinition network in found.Found)
        {
            if (network.Link?.Technology == LinkTechnology.Localnet == isLocalnet && !networks.Exists(network.IsSameObjectAs))
            {
                networks.Add(network);
            }
        }

        return found.Unverified;
    }
}
