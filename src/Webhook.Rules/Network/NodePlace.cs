using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Network;

/// <summary>One node, or the unknown nodes of one selector, and the policies that apply there.</summary>
/// <param name="Name">The node, or the policy whose selector it is.</param>
/// <param name="State">The name of the NodeNetworkState, or null where no node is known.</param>
/// <param name="Policies">The policies.</param>
internal sealed record NodePlace(string Name, string? State, IReadOnlyList<NodeNetworkConfigurationPolicy> Policies)
{
    /// <summary>All places.</summary>
    public static List<NodePlace> All(LookupAll<Node> nodes, IReadOnlyList<NodeNetworkConfigurationPolicy> policies) =>
        nodes.Unverified is null ? OfNodes(nodes.Found, policies) : OfSelectors(policies);

    // Most policies name one host, so those are found by its label and not by asking each policy about each node.
    private static List<NodePlace> OfNodes(IReadOnlyList<Node> nodes, IReadOnlyList<NodeNetworkConfigurationPolicy> policies)
    {
        var byHost = new Dictionary<string, List<NodeNetworkConfigurationPolicy>>(StringComparer.Ordinal);
        var others = new List<NodeNetworkConfigurationPolicy>();
        foreach (NodeNetworkConfigurationPolicy policy in policies)
        {
            if (policy.NodeSelector[NodeNetworkConfigurationPolicy.HostnameLabel].Text is not string host)
            {
                others.Add(policy);
            }
            else if (byHost.TryGetValue(host, out List<NodeNetworkConfigurationPolicy>? same))
            {
                same.Add(policy);
            }
            else
            {
                byHost.Add(host, [policy]);
            }
        }

        var places = new List<NodePlace>(nodes.Count);
        foreach (Node node in nodes)
        {
            var selecting = new List<NodeNetworkConfigurationPolicy>();
            if (node.Label(NodeNetworkConfigurationPolicy.HostnameLabel).Text is string host && byHost.TryGetValue(host, out List<NodeNetworkConfigurationPolicy>? own))
            {
                selecting.AddRange(own.Where(policy => policy.Selects(node)));
            }

            selecting.AddRange(others.Where(policy => policy.Selects(node)));
            places.Add(new NodePlace(node.Name, node.Name, selecting));
        }

        return places;
    }

    private static List<NodePlace> OfSelectors(IReadOnlyList<NodeNetworkConfigurationPolicy> policies)
    {
        var places = new List<NodePlace>();
        var seen = new List<Field>();
        foreach (NodeNetworkConfigurationPolicy policy in policies)
        {
            Field selector = policy.NodeSelector;
            if (seen.Exists(known => Includes(known, selector) && Includes(selector, known)))
            {
                continue;
            }

            seen.Add(selector);
            places.Add(new NodePlace(
                policy.Name, selector[NodeNetworkConfigurationPolicy.HostnameLabel].Text, [.. policies.Where(other => Includes(selector, other.NodeSelector))]));
        }

        return places;
    }

    private static bool Includes(Field selector, Field part)
    {
        foreach (Field label in part.Members())
        {
            if (label.Text is not string value || selector[label.Name!].Text != value)
            {
                return false;
            }
        }

        return true;
    }
}
