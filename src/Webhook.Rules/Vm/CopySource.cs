using Webhook.Resources;

namespace Webhook.Rules.Vm;

/// <summary>The VM that a clone or restore is made of.</summary>
public static class CopySource
{
    /// <summary>
    /// The machine, as it is now: what a snapshot holds is not read, only whom it was taken of. Absent where nothing is copied beside an original:
    /// it is gone, or the snapshot is restored to a VM that is there.
    /// </summary>
    /// <param name="copy">The clone or restore.</param>
    /// <param name="cluster">Where both are.</param>
    public static Lookup<VirtualMachine> Of(VirtualMachineCopy copy, ClusterView cluster)
    {
        if (copy.Source.Text is not { Length: > 0 } source)
        {
            return Lookup<VirtualMachine>.NotSeen("it names no source");
        }

        // To restore a VM that is there is an update of it, judged as such when KubeVirt makes it.
        if (copy.IsRestore && cluster.VirtualMachine(copy.Namespace, copy.Target.Text ?? "").Found is not null)
        {
            return Lookup<VirtualMachine>.Absent();
        }

        if (!copy.IsOfSnapshot)
        {
            return cluster.VirtualMachine(copy.Namespace, source);
        }

        Lookup<VirtualMachineSnapshot> snapshot = cluster.VirtualMachineSnapshot(copy.Namespace, source);
        return snapshot.Found is { MachineName: string machine } ? cluster.VirtualMachine(copy.Namespace, machine)
            : Lookup<VirtualMachine>.NotSeen(snapshot.Unverified ?? $"VirtualMachineSnapshot {copy.Namespace}/{source} {(snapshot.IsAbsent ? "is not there" : "is of no VirtualMachine")}");
    }

    /// <summary>Whether the VM that is copied is a member of an InfoScale cluster.</summary>
    public static bool IsMember(VirtualMachineCopy copy, ClusterView cluster) => Of(copy, cluster).Found?.IsOptedIn == true;
}
