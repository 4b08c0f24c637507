using Webhook.Resources;
using Webhook.Resources.CloudInit;

namespace Webhook.Rules.Network;

/// <summary>What two role NICs of one VM have in common, as far as the VM itself says.</summary>
public static class SharedPath
{
    /// <summary>The finding on the later NIC: the same network, else overlapping subnets; null where neither is proven.</summary>
    public static FieldError? Find(VirtualMachine machine, RoleNic first, RoleNic second)
    {
        if (SameNetwork(machine, first, second))
        {
            return FieldError.Duplicate(second.Nic.NetworkName, $"{second.Words} is on the network of {first.Words}");
        }

        foreach (GuestAddress address in Addresses(machine, second))
        {
            foreach (GuestAddress other in Addresses(machine, first))
            {
                // One address of a bond or bridge over both NICs is no second path to compare.
                bool isOne = ReferenceEquals(address.Field.Path, other.Field.Path);
                if (!isOne && !address.Value.Address.IsIPv6LinkLocal && address.Value.SharesSubnetWith(other.Value))
                {
                    return FieldError.Invalid(address.Field, $"{second.Words} is in the subnet of {first.Words}");
                }
            }
        }

        return null;
    }

    /// <summary>Whether both NICs name one NetworkAttachmentDefinition.</summary>
    public static bool SameNetwork(VirtualMachine machine, RoleNic first, RoleNic second) =>
        first.Nic.Attachment(machine.Namespace) is { } attachment && attachment == second.Nic.Attachment(machine.Namespace);

    /// <summary>The static addresses that network data and annotation give a NIC.</summary>
    public static IEnumerable<GuestAddress> Addresses(VirtualMachine machine, RoleNic nic) => AddressesOf(machine, nic.Nic);

    /// <summary>The same for any interface.</summary>
    public static IEnumerable<GuestAddress> AddressesOf(VirtualMachine machine, VirtualMachineNic nic)
    {
        foreach (GuestInterface entry in machine.GuestNetwork.Of(nic)?.Entries ?? [])
        {
            foreach (GuestAddress address in entry.Addresses)
            {
                yield return address;
            }
        }

        foreach (GuestAddress address in machine.StaticAddresses.Of(nic.Name))
        {
            yield return address;
        }
    }
}
