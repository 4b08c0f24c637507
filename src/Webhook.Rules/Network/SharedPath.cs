using Webhook.Resources;
using Webhook.Resources.CloudInit;

namespace Webhook.Rules.Network;

/// <summary>What two role NICs of one VM have in common.</summary>
public static class SharedPath
{
    /// <summary>
    /// The finding on the later NIC: the same network, bridge and VLAN, bond or network card, else overlapping subnets; null where none is proven.
    /// </summary>
    public static FieldError? Find(VirtualMachine machine, RoleNic first, RoleNic second, RuleContext context)
    {
        if (SameNetwork(machine, first, second, context) is FieldError same)
        {
            return same;
        }

        if (first.PathIn(context) is NetworkPath one && second.PathIn(context) is NetworkPath two
            && SharedHop(machine, one, two, context) is (Hop hop, string place))
        {
            return FieldError.Invalid(second.Nic.NetworkName, $"{second.Words} ends in {hop.Name} like {first.Words}{place}");
        }

        foreach (GuestAddress address in Addresses(machine, second))
        {
            foreach (GuestAddress other in Addresses(machine, first))
            {
                // One address of a bond or bridge over both NICs is no second path to compare.
                bool isOne = address.Field == other.Field;
                if (!isOne && !address.Value.Address.IsIPv6LinkLocal && address.Value.SharesSubnetWith(other.Value))
                {
                    return FieldError.Invalid(address.Field, $"{second.Words} is in the subnet of {first.Words}");
                }
            }
        }

        return null;
    }

    /// <summary>The finding on the second NIC where both are on one layer 2 network, by name or by bridge and VLAN; else null.</summary>
    public static FieldError? SameNetwork(VirtualMachine machine, RoleNic first, RoleNic second, RuleContext context) =>
        first.Nic.Attachment(machine.Namespace) is { } attachment && attachment == second.Nic.Attachment(machine.Namespace)
            ? FieldError.Duplicate(second.Nic.NetworkName, $"{second.Words} is on the network of {first.Words}")
            : first.Attachment.Found is NetworkDefinition one && second.Attachment.Found is NetworkDefinition two && Segment.AreOne(one, two, context) == true
                ? FieldError.Invalid(second.Nic.NetworkName, $"{second.Words} is on the bridge and VLAN of {first.Words}, whose network is {first.Nic.NetworkName}")
                : null;

    // The uppermost bond or network card under both networks, on a node that can host the machine.
    private static (Hop Hop, string Place)? SharedHop(VirtualMachine machine, NetworkPath one, NetworkPath other, RuleContext context)
    {
        foreach (NodePath mine in one.Paths)
        {
            foreach (NodePath theirs in other.Paths)
            {
                if (FirstShared(mine, theirs) is not Hop hop)
                {
                    continue;
                }

                if (mine.Nodes.Count == 0 || theirs.Nodes.Count == 0)
                {
                    if (mine.Place == theirs.Place)
                    {
                        return (hop, "");
                    }

                    continue;
                }

                foreach (Node node in context.Cluster.Nodes().Found)
                {
                    if (mine.Nodes.Contains(node.Name) && theirs.Nodes.Contains(node.Name) && Scheduling.CanHost(node, machine))
                    {
                        return (hop, $" on {node.Name}");
                    }
                }
            }
        }

        return null;
    }

    private static Hop? FirstShared(NodePath mine, NodePath theirs)
    {
        foreach (Hop hop in mine.Hops)
        {
            foreach (Hop other in hop.Kind is HopKind.Bond or HopKind.Nic ? theirs.Hops : [])
            {
                if (hop.Kind == other.Kind && hop.Name == other.Name)
                {
                    return hop;
                }
            }
        }

        return null;
    }

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
