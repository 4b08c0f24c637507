using Webhook.Resources;

namespace Webhook.Rules.Network;

/// <summary>
/// What the entries of network data that cannot be told to belong to a NIC may mean. Names inside the guest prove nothing, but they can be
/// counted: if there are enough entries with addresses for the role NICs that no entry is known for, and not more entries that ask for DHCP
/// than other NICs, then a harmless reading exists and only the matching by name is to be told.
/// </summary>
internal sealed class NameMatches
{
    private readonly List<RoleNic> _open = [];

    private NameMatches(VirtualMachine machine, RoleNics nics)
    {
        GuestNetwork guest = machine.GuestNetwork;
        int undeclared = 0;
        foreach (RoleNic nic in nics.All)
        {
            if (!nic.IsUnfit && guest.Of(nic.Nic) is null)
            {
                _open.Add(nic);
                undeclared += machine.StaticAddresses.Of(nic.Name).Any() ? 0 : 1;
            }
        }

        int others = 0;
        foreach (VirtualMachineNic nic in machine.Nics)
        {
            others += !nic.IsUnplugged && guest.Of(nic) is null && !_open.Exists(open => ReferenceEquals(open.Nic, nic)) ? 1 : 0;
        }

        int asking = 0;
        foreach (UnmatchedEntry entry in guest.Unmatched)
        {
            if (entry.Interface.DhcpAsks.Count == 0)
            {
                Static += entry.Interface.Addresses.Count > 0 ? entry.Reach : 0;
            }
            else if (entry.IsByName)
            {
                asking += entry.Reach;
            }
        }

        MayBeHarmless = Static >= undeclared && asking <= others;
    }

    /// <summary>The role NICs that no entry is known to be about.</summary>
    public IReadOnlyList<RoleNic> Open => _open;

    /// <summary>For how many NICs the unmatched entries hold static addresses and no DHCP.</summary>
    public int Static { get; }

    /// <summary>Whether the entries can be read so that each open role NIC is static.</summary>
    public bool MayBeHarmless { get; }

    /// <summary>Counts the entries of a machine; null where every entry is matched or no role NIC is open.</summary>
    public static NameMatches? Of(VirtualMachine machine, RoleNics nics)
    {
        if (machine.GuestNetwork.Unmatched.Count == 0)
        {
            return null;
        }

        var matches = new NameMatches(machine, nics);
        return matches._open.Count > 0 ? matches : null;
    }

    /// <summary>Whether an unmatched entry is bound by name and says anything.</summary>
    public static bool Matters(UnmatchedEntry entry) =>
        entry.IsByName && (entry.Interface.Addresses.Count > 0 || entry.Interface.DhcpAsks.Count > 0 || entry.Interface.Mtu is not null);
}
