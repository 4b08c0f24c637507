using Webhook.Resources;

namespace Webhook.Rules.Network;

/// <summary>The InfoScale VMs on networks: those with a cluster label. A halted one counts, for it comes back; one that is being deleted does not.</summary>
/// <param name="Names">Namespace and name of each, once.</param>
/// <param name="Unverified">What was not seen, as a clause, or null.</param>
internal readonly record struct NetworkUsers(IReadOnlyList<string> Names, string? Unverified)
{
    /// <summary>The VMs on one network.</summary>
    public static NetworkUsers Of(NetworkDefinition network, ClusterView cluster)
    {
        var names = new List<string>();
        string? unseen = Add(names, network, cluster);
        return new NetworkUsers(names, unseen);
    }

    /// <summary>The names as a clause: <c>VMs erp-db/vcs-node1, erp-db/vcs-node2 and 3 more</c>.</summary>
    public override string ToString() => $"{(Names.Count == 1 ? "VM" : "VMs")} {Network.Names.List(Names)}";

    private static string? Add(List<string> names, NetworkDefinition network, ClusterView cluster)
    {
        LookupAll<VirtualMachine> machines = cluster.MachinesOn(network.Namespace, network.Name);
        foreach (VirtualMachine machine in machines.Found)
        {
            string name = $"{machine.Namespace}/{machine.Name}";
            if (machine.IsOptedIn && !machine.IsBeingDeleted && !names.Contains(name))
            {
                names.Add(name);
            }
        }

        return machines.Unverified;
    }
}
