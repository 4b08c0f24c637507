using Webhook.Resources;
using Webhook.Resources.CloudInit;

namespace Webhook.Rules.Network;

/// <summary>The fix of an LLT NIC whose MTU network data leaves out, where the model would not learn the network's, or sets too small.</summary>
internal static class GuestMtuFix
{
    /// <summary>The fix, or null where none can be given: the network itself is too small, or no single entry is known to be about the NIC alone.</summary>
    /// <param name="machine">The virtual machine.</param>
    /// <param name="nic">The NIC.</param>
    /// <param name="model">The emulated device that the NIC will have, by the VM or its preference; null for the default.</param>
    /// <param name="needed">The least MTU of a guest, in bytes.</param>
    public static Fix? Of(VirtualMachine machine, RoleNic nic, string? model, int needed)
    {
        NicMtu mtu = NicMtu.Of(machine, nic.Nic, nic.Attachment.Found);
        if (nic.Role != NetworkRole.Llt || mtu.Network < needed || machine.GuestNetwork.Of(nic.Nic) is not NicConfiguration configuration)
        {
            return null;
        }

        long value = mtu.Network ?? needed;
        string why = mtu.Network is null ? "the least that LLT needs" : "as its network has it";
        if (mtu.Set is GuestInterface set)
        {
            return set.Mtu < needed ? Fix.SetMtu(set.MtuField, value, why) : null;
        }

        // A glob takes other NICs too, and a bond or VLAN above the NIC has an MTU of its own.
        return model?.StartsWith("virtio", StringComparison.Ordinal) == false
            && configuration is { Entries: [{ IsPhysical: true } entry], Match: not GuestMatch.Glob, HasAddress: true, AsksForDhcp: false }
            ? Fix.SetMtu(entry.Entry["mtu"], value, $"{why}; model {model} would stay at 1500")
            : null;
    }
}
