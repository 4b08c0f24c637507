using System.Collections.Concurrent;
using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules;

/// <summary>
/// What is worked out from Nodes, policies and node states alone: once, and kept for as long as none of these changes, however often the rest
/// of the cluster does.
/// </summary>
/// <param name="before">The same before one of them changed, or null.</param>
internal sealed class NodeLevel(NodeLevel? before)
{
    // What was worked out last, however many changes ago; a row of them would keep every cluster that ever was.
    private NodeNetworks? _before = before?._networks ?? before?._before;
    private NodeNetworks? _networks;

    /// <summary>The networks of the nodes.</summary>
    /// <param name="view">Gives the cluster, at the first question: it is held on to.</param>
    public NodeNetworks Networks(Func<ClusterView> view)
    {
        if (_networks is NodeNetworks known)
        {
            return known;
        }

        ClusterView cluster = view();
        var networks = new NodeNetworks(cluster.Nodes(), cluster.Policies(), cluster.NodeNetworkState, _before);
        networks = Interlocked.CompareExchange(ref _networks, networks, null) ?? networks;
        _before = null;
        return networks;
    }
}

/// <summary>Which policies apply to a node; worked out once per node, and kept until a Node or a policy changes.</summary>
/// <param name="policies">The policies.</param>
internal sealed class NodePolicies(ClusterShelf policies)
{
    private readonly ConcurrentDictionary<Node, IReadOnlyList<NodeNetworkConfigurationPolicy>> _byNode = new();

    /// <summary>The policies that select a node, by name.</summary>
    public IReadOnlyList<NodeNetworkConfigurationPolicy> On(Node node)
    {
        if (_byNode.TryGetValue(node, out IReadOnlyList<NodeNetworkConfigurationPolicy>? known))
        {
            return known;
        }

        var selecting = new List<NodeNetworkConfigurationPolicy>();
        foreach (NodeNetworkConfigurationPolicy policy in policies.List<NodeNetworkConfigurationPolicy>())
        {
            if (policy.Selects(node))
            {
                selecting.Add(policy);
            }
        }

        return _byNode.GetOrAdd(node, selecting);
    }

    /// <summary>The policies other than that one that apply to one of the nodes, by name.</summary>
    public IReadOnlyList<NodeNetworkConfigurationPolicy> Beside(NodeNetworkConfigurationPolicy policy, IReadOnlyList<Node> nodes)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { policy.Name };
        var beside = new List<NodeNetworkConfigurationPolicy>();
        foreach (Node node in nodes)
        {
            foreach (NodeNetworkConfigurationPolicy other in On(node))
            {
                if (seen.Add(other.Name))
                {
                    beside.Add(other);
                }
            }
        }

        beside.Sort(ByName.Comparer);
        return beside;
    }
}
