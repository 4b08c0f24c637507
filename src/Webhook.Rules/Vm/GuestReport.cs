using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>What a running guest reports of its addresses, beside what is declared.</summary>
internal static class GuestReport
{
    /// <summary>
    /// The declared addresses that the guest does not report, with what it has instead. A NIC that no guest agent tells of is left out, and so
    /// is an address of a bond, VLAN or bridge: the guest gives those the MAC of a NIC, by which what is reported is told apart.
    /// </summary>
    /// <param name="machine">A VirtualMachine, or an instance without one.</param>
    /// <param name="context">Knows the instance.</param>
    public static IEnumerable<(RoleNic Nic, GuestAddress Address, string Instead)> Missing(VirtualMachine machine, RuleContext context)
    {
        VirtualMachine? instance = machine.Kind == "VirtualMachineInstance" ? machine
            : machine.Kind == "VirtualMachine" ? context.Cluster.VirtualMachineInstance(machine.Namespace, machine.Name).Found
            : null;
        IReadOnlyList<ReportedInterface> reported = instance is null ? [] : ReportedInterface.Of(instance);
        foreach (RoleNic nic in reported.Count == 0 ? [] : RoleNics.Of(machine, context).All)
        {
            if (nic.IsUnfit || Find(reported, nic.Name) is not ReportedInterface own)
            {
                continue;
            }

            foreach (GuestAddress address in Declared(machine, nic))
            {
                if (!Holds(reported, nic.Name, address.Value))
                {
                    yield return (nic, address, Names.List([.. own.Addresses.Select(static other => other.Address.ToString())]));
                }
            }
        }
    }

    private static IEnumerable<GuestAddress> Declared(VirtualMachine machine, RoleNic nic)
    {
        foreach (GuestInterface entry in machine.GuestNetwork.Of(nic.Nic)?.Entries ?? [])
        {
            foreach (GuestAddress address in entry.IsPhysical ? entry.Addresses : [])
            {
                yield return address;
            }
        }

        foreach (GuestAddress address in machine.StaticAddresses.Of(nic.Name))
        {
            yield return address;
        }
    }

    private static ReportedInterface? Find(IReadOnlyList<ReportedInterface> reported, string nic)
    {
        foreach (ReportedInterface one in reported)
        {
            if (one.Nic == nic)
            {
                return one;
            }
        }

        return null;
    }

    // On the NIC itself, or on something that the guest made over it.
    private static bool Holds(IReadOnlyList<ReportedInterface> reported, string nic, InterfaceAddress wanted)
    {
        foreach (ReportedInterface one in reported)
        {
            if (one.Nic is null || one.Nic == nic)
            {
                foreach (InterfaceAddress address in one.Addresses)
                {
                    if (address.Address.Equals(wanted.Address))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }
}
