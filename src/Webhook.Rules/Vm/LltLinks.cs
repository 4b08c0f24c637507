using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>The private LLT links of a VM: how many, their smallest MTU in the guest, their addresses.</summary>
internal sealed class LltLinks
{
    private readonly List<GuestAddress> _addresses = [];

    /// <summary>Reads the links.</summary>
    /// <param name="machine">The VM.</param>
    /// <param name="nics">Its role NICs.</param>
    public LltLinks(VirtualMachine machine, RoleNics nics)
    {
        bool isMtuKnown = true;
        foreach (RoleNic nic in nics.All)
        {
            IsComplete &= nic.Role is not null;
            if (!nic.IsLlt || nic.IsUnfit)
            {
                continue;
            }

            Count++;
            NicMtu mtu = NicMtu.Of(machine, nic.Nic, nic.Attachment.Found);
            isMtuKnown &= mtu.Guest is not null;
            if (SmallestMtu is null || mtu.Guest < SmallestMtu)
            {
                SmallestMtu = mtu.Guest;
                SmallestAt = mtu.Set is GuestInterface set && set.Mtu == mtu.Guest ? set.MtuField : nic.Nic.NetworkName;
            }

            _addresses.AddRange(SharedPath.Addresses(machine, nic));
        }

        SmallestMtu = isMtuKnown ? SmallestMtu : null;
    }

    /// <summary>Whether the role of every NIC is known.</summary>
    public bool IsComplete { get; } = true;

    /// <summary>How many links there are.</summary>
    public int Count { get; }

    /// <summary>The smallest MTU among them, in bytes, at which LLT runs all; null where one is not known.</summary>
    public long? SmallestMtu { get; }

    /// <summary>What decides the smallest MTU: network data, or the reference to the network.</summary>
    public Field SmallestAt { get; }

    /// <summary>The static addresses.</summary>
    public IReadOnlyList<GuestAddress> Addresses => _addresses;
}
