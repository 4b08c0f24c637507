using Webhook.Resources;
using Webhook.Resources.CloudInit;

namespace Webhook.Rules.Network;

/// <summary>The MTU of a VM's NIC: what its network gives, and what network data makes of it in the guest.</summary>
/// <param name="Network">The MTU that the network's definition gives, in bytes, or null where the definition does not tell.</param>
/// <param name="IsDefault">Whether <paramref name="Network"/> is the kernel's, because the definition sets none.</param>
/// <param name="Set">The entry of network data that sets the smallest MTU for the NIC, or null where none does.</param>
internal readonly record struct NicMtu(long? Network, bool IsDefault, GuestInterface? Set)
{
    /// <summary>What the guest ends up with, in bytes: the smaller of both, or null where the network's is not known and network data sets none.</summary>
    public long? Guest => Set?.Mtu is long set ? Math.Min(set, Network ?? set) : Network;

    /// <summary>The MTU of a NIC whose network has that definition.</summary>
    public static NicMtu Of(VirtualMachine machine, VirtualMachineNic nic, NetworkDefinition? definition)
    {
        GuestInterface? set = machine.GuestNetwork.Of(nic)?.SmallestMtu;
        if (definition?.Link is not NetworkLink link)
        {
            return new NicMtu(null, false, set);
        }

        return link.Mtu.Integer is > 0 and long mtu ? new NicMtu(mtu, false, set)
            : link.MtuDefault == MtuDefault.Kernel && !link.Mtu.IsString ? new NicMtu(NodeMtu.Standard, true, set)
            : new NicMtu(null, false, set);
    }
}
