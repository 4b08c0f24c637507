using Webhook.Resources;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Network;

/// <summary>
/// Which interfaces of a policy carry InfoScale networks: by its label, by <c>interface-roles</c>, else by the roles of the networks that
/// stand on them in the cluster.
/// </summary>
public static class NodeRoles
{
    /// <summary>The roles; worked out once for the object under review and once for its older self.</summary>
    public static InterfaceRoles Of(NodeNetworkConfigurationPolicy policy, RuleContext context)
    {
        // A label that names one role, or an unknown one, leaves nothing to ask.
        if (policy.IsOptedIn && !policy.IsMixed)
        {
            return policy.RolesAs(context.AssumedRole);
        }

        bool isOld = ReferenceEquals(policy, context.Old);
        if ((isOld ? context.OldNodeRoles : context.NodeRoles) is { } known && ReferenceEquals(known.Policy, policy)
            && ReferenceEquals(known.Cluster, context.Cluster) && known.Assumed == context.AssumedRole)
        {
            return known.Roles;
        }

        NodeNetworks nodes = context.Cluster.NodeNetworks.With(policy);
        InterfaceRoles roles = policy.RolesBy(context.AssumedRole, entry => Standing(nodes.NetworksAbove(policy, entry, context.Cluster)));
        var answer = new Answer(policy, context.Cluster, context.AssumedRole, roles);
        if (isOld)
        {
            context.OldNodeRoles = answer;
        }
        else
        {
            context.NodeRoles = answer;
        }

        return roles;
    }

    private static IEnumerable<NetworkRole> Standing(LookupAll<NetworkDefinition> networks)
    {
        foreach (NetworkDefinition network in networks.Found)
        {
            if (network.Role is NetworkRole role)
            {
                yield return role;
            }
        }
    }

    /// <summary>An answer and what it was worked out for.</summary>
    internal sealed record Answer(NodeNetworkConfigurationPolicy Policy, ClusterView Cluster, NetworkRole? Assumed, InterfaceRoles Roles);
}
