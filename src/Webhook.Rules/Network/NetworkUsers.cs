using Webhook.Resources;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Network;

/// <summary>The InfoScale VMs on networks: those with a cluster label. A halted one counts, for it comes back; one that is being deleted does not.</summary>
/// <param name="Names">Namespace and name of each, once.</param>
/// <param name="Unverified">What was not seen, as a clause, or null.</param>
internal readonly record struct NetworkUsers(IReadOnlyList<string> Names, string? Unverified)
{
    /// <summary>Whether nobody uses it, and that is certain.</summary>
    public bool IsNone => Names.Count == 0 && Unverified is null;

    /// <summary>The VMs on one network.</summary>
    public static NetworkUsers Of(NetworkDefinition network, ClusterView cluster)
    {
        var names = new List<string>();
        string? unseen = Add(names, network, cluster);
        return new NetworkUsers(names, unseen);
    }

    /// <summary>The VMs whose InfoScale networks stand on a policy, whichever of its interfaces and mappings.</summary>
    public static NetworkUsers Of(NodeNetworkConfigurationPolicy policy, RuleContext context)
    {
        NodeNetworks before = context.Cluster.NodeNetworks.With(policy);
        var names = new List<string>();
        string? unseen = null;
        foreach (NodeInterface entry in policy.State.Interfaces)
        {
            bool hasRole = policy.Role is not null || HasRole(policy, entry.Name, context);
            unseen = Add(names, before.NetworksAbove(policy, entry, context.Cluster), hasRole, context.Cluster) ?? unseen;
        }

        foreach (BridgeMapping mapping in policy.State.BridgeMappings())
        {
            unseen = Add(names, policy, mapping, context) ?? unseen;
        }

        return new NetworkUsers(names, unseen);
    }

    /// <summary>The VMs whose InfoScale networks stand on an interface of a policy, by way of whatever stands between.</summary>
    /// <param name="policy">The policy, as it was before the update.</param>
    /// <param name="entry">The interface; of an interface with a role all networks count, else those with a role of their own.</param>
    /// <param name="context">The cluster.</param>
    public static NetworkUsers Of(NodeNetworkConfigurationPolicy policy, NodeInterface entry, RuleContext context)
    {
        // What the policy only names as a port is found by what it is a port of.
        foreach (UndeclaredLink link in NodeRoles.Of(policy, context).Undeclared)
        {
            if (link.Link.Name == entry.Name)
            {
                return Of(policy, link.Upper.Interface, context);
            }
        }

        var names = new List<string>();
        LookupAll<NetworkDefinition> networks = context.Cluster.NodeNetworks.With(policy).NetworksAbove(policy, entry, context.Cluster);
        string? unseen = Add(names, networks, HasRole(policy, entry.Name, context), context.Cluster);
        return new NetworkUsers(names, unseen);
    }

    /// <summary>The VMs whose InfoScale networks stand on a bridge mapping; on one to a bridge with a role all networks count.</summary>
    public static NetworkUsers Of(NodeNetworkConfigurationPolicy policy, BridgeMapping mapping, RuleContext context)
    {
        var names = new List<string>();
        string? unseen = Add(names, policy, mapping, context);
        return new NetworkUsers(names, unseen);
    }

    /// <summary>The names as a clause: <c>VMs erp-db/vcs-node1, erp-db/vcs-node2 and 3 more</c>.</summary>
    public override string ToString() => $"{(Names.Count == 1 ? "VM" : "VMs")} {Network.Names.List(Names)}";

    /// <summary>Who uses it, as a clause with its verb, or that it is not known.</summary>
    public string Clause =>
        Names.Count == 0 ? $"whether VMs use it is not known ({Unverified})" : $"{this} {(Names.Count == 1 ? "uses" : "use")} it";

    private static bool HasRole(NodeNetworkConfigurationPolicy policy, string name, RuleContext context)
    {
        foreach (RoleInterface member in NodeRoles.Of(policy, context).Members)
        {
            if (member.Name == name && !member.IsShared)
            {
                return true;
            }
        }

        return false;
    }

    private static string? Add(List<string> names, NodeNetworkConfigurationPolicy policy, BridgeMapping mapping, RuleContext context)
    {
        LookupAll<NetworkDefinition> networks = context.Cluster.NetworksOn(mapping.Localnet);
        bool hasRole = policy.Role is not null || HasRole(policy, mapping.Bridge, context);
        return Add(names, networks, hasRole, context.Cluster, mappedOnly: true);
    }

    private static string? Add(
        List<string> names, LookupAll<NetworkDefinition> networks, bool hasRole, ClusterView cluster, bool mappedOnly = false)
    {
        string? unseen = networks.Unverified;
        foreach (NetworkDefinition network in networks.Found)
        {
            if ((hasRole || network.IsOptedIn) && (!mappedOnly || network.Link?.Technology == LinkTechnology.Localnet))
            {
                unseen = Add(names, network, cluster) ?? unseen;
            }
        }

        return unseen;
    }

    private static string? Add(List<string> names, NetworkDefinition network, ClusterView cluster)
    {
        // A cluster-scoped network is found in the namespaces that it selects, under its own name.
        bool isEverywhere = network is UserDefinedNetwork { IsClusterScoped: true };
        LookupAll<VirtualMachine> machines = cluster.MachinesOn(isEverywhere ? ClusterView.AnyNamespace : network.Namespace, network.Name);
        string? unseen = machines.Unverified;
        foreach (VirtualMachine machine in machines.Found)
        {
            string name = $"{machine.Namespace}/{machine.Name}";
            if (!machine.IsOptedIn || machine.IsBeingDeleted || names.Contains(name))
            {
                continue;
            }

            Lookup<NetworkDefinition> own = isEverywhere ? AttachedTo(machine, network.Name, cluster) : Lookup<NetworkDefinition>.Of(network);
            unseen ??= own.Unverified;
            if (own.Found?.IsSameObjectAs(network) == true)
            {
                names.Add(name);
            }
        }

        return unseen;
    }

    private static Lookup<NetworkDefinition> AttachedTo(VirtualMachine machine, string network, ClusterView cluster)
    {
        Lookup<NetworkDefinition> other = Lookup<NetworkDefinition>.Absent();
        foreach (VirtualMachineNic nic in machine.Nics)
        {
            if (!nic.IsUnplugged && nic.Attachment(machine.Namespace) is (string space, string name) && name == network)
            {
                other = cluster.Network(space, name);
                if (other.Found is UserDefinedNetwork { IsClusterScoped: true })
                {
                    return other;
                }
            }
        }

        return other;
    }
}
