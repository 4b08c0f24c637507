using System.Net;
using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>A static address that a VM gives to one of its interfaces.</summary>
/// <param name="Address">The address and where it stands.</param>
/// <param name="Owner">The entry of network data, or the NIC that it is declared for.</param>
/// <param name="Nic">The interface, or null where the entry is bound by a name that finds none.</param>
/// <param name="HasRole">Whether the interface is on an InfoScale network, or may be.</param>
internal readonly record struct AddressUse(GuestAddress Address, string Owner, VirtualMachineNic? Nic, bool HasRole)
{
    /// <summary>All addresses of a VM, that of a bond over several NICs once, in the order of the interfaces.</summary>
    public static IEnumerable<AddressUse> Of(VirtualMachine subject, RoleNics nics)
    {
        GuestNetwork guest = subject.GuestNetwork;
        var seen = new HashSet<GuestInterface>(ReferenceEqualityComparer.Instance);
        foreach (VirtualMachineNic nic in subject.Nics)
        {
            bool hasRole = nics.Find(nic.Name) is not null;
            NicConfiguration? configuration = guest.Of(nic);
            foreach (GuestInterface entry in configuration?.Entries ?? [])
            {
                foreach (GuestAddress address in seen.Add(entry) ? entry.Addresses : [])
                {
                    yield return new AddressUse(address, entry.Name, nic, hasRole);
                }
            }

            foreach (GuestAddress address in subject.StaticAddresses.Of(nic.Name))
            {
                if (configuration is null || !Has(configuration, address.Value.Address))
                {
                    yield return new AddressUse(address, nic.Name, nic, hasRole);
                }
            }
        }

        bool mayHaveRole = NameMatches.Of(subject, nics) is not null;
        foreach (UnmatchedEntry unmatched in guest.Unmatched)
        {
            foreach (GuestAddress address in unmatched.IsByName ? unmatched.Interface.Addresses : [])
            {
                yield return new AddressUse(address, unmatched.Interface.Name, null, mayHaveRole);
            }
        }
    }

    /// <summary>The interfaces of a VM that have an address, with any prefix length.</summary>
    public static IEnumerable<VirtualMachineNic> NicsWith(VirtualMachine machine, IPAddress address)
    {
        foreach (VirtualMachineNic nic in machine.Nics)
        {
            if (!nic.IsUnplugged && SharedPath.AddressesOf(machine, nic).Any(own => own.Value.Address.Equals(address)))
            {
                yield return nic;
            }
        }
    }

    private static bool Has(NicConfiguration configuration, IPAddress address)
    {
        foreach (GuestInterface entry in configuration.Entries)
        {
            foreach (GuestAddress own in entry.Addresses)
            {
                if (own.Value.Address.Equals(address))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
