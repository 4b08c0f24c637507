using Webhook.Resources;

namespace Webhook.Rules.Network;

/// <summary>What the nodes that a policy selects really have, as far as it can be seen.</summary>
/// <param name="Seen">The states that were found.</param>
/// <param name="Unverified">What was not seen, as a clause, or null where every selected node was.</param>
internal readonly record struct NodeStates(IReadOnlyList<NodeNetworkState> Seen, string? Unverified)
{
    /// <summary>The states of the nodes that a policy selects. Without Nodes a selector by host name stands for the node of that name.</summary>
    public static NodeStates Of(NodeNetworkConfigurationPolicy policy, ClusterView cluster)
    {
        LookupAll<Node> nodes = cluster.NodesSelectedBy(policy);
        var seen = new List<NodeNetworkState>(nodes.Found.Count);
        string? unseen = null;
        if (nodes.Unverified is null)
        {
            foreach (Node node in nodes.Found)
            {
                unseen = Add(seen, node.Name, cluster) ?? unseen;
            }
        }
        else
        {
            unseen = policy.NodeSelector[NodeNetworkConfigurationPolicy.HostnameLabel].Text is { Length: > 0 } name ? Add(seen, name, cluster) : nodes.Unverified;
        }

        return new NodeStates(seen, unseen);
    }

    private static string? Add(List<NodeNetworkState> seen, string node, ClusterView cluster)
    {
        Lookup<NodeNetworkState> state = cluster.NodeNetworkState(node);
        if (state.Found is NodeNetworkState found)
        {
            seen.Add(found);
            return null;
        }

        return state.Unverified ?? $"node {node} reports no state";
    }
}
