using Webhook.Resources;
using Webhook.Resources.CloudInit;

namespace Webhook.Rules.Network;

/// <summary>The NIC inside a virtual machine as the first hop of its path.</summary>
public static class GuestHop
{
    /// <summary>
    /// The hop. Its MTU is what network data sets; else what virtio learns from the network, or the kernel's default with any other model
    /// (kubevirt/user-guide docs/network/interfaces_and_networks.md, "MTU").
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="nic">One of its interfaces.</param>
    /// <param name="network">The network's hop, or null where the network is not known.</param>
    public static Hop Of(VirtualMachine machine, VirtualMachineNic nic, Hop? network)
    {
        Hop hop = new() { Kind = HopKind.Guest, Name = "guest" };
        if (machine.GuestNetwork.Of(nic)?.SmallestMtu is GuestInterface set)
        {
            return hop with { Mtu = set.Mtu, Declared = set.Mtu, Origin = MtuOrigin.Guest };
        }

        if (nic.Model is string model && !model.StartsWith("virtio", StringComparison.Ordinal) && nic.Binding != "sriov")
        {
            return machine.NetworkData.Unreadable is null && machine.GuestNetwork.Unmatched.All(static entry => entry.Interface.Mtu is null)
                ? hop with { Mtu = NodeMtu.Standard, Origin = MtuOrigin.Default, Reason = $"the kernel's default: {model} does not learn the network's" }
                : hop with { Origin = MtuOrigin.Unknown, Reason = $"{model} does not learn the network's, and what the guest sets was not seen" };
        }

        return network is null
            ? hop with { Origin = MtuOrigin.Unknown, Reason = "the MTU of the network, which was not found" }
            : hop with { Mtu = network.Mtu, Origin = MtuOrigin.Follows, Reason = "the MTU of the network" };
    }
}
