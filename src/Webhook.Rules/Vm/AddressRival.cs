using System.Net;
using Webhook.Resources;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>Another machine or a policy that gives out an address which a VM has.</summary>
/// <param name="Words">Who it is, as messages name it.</param>
/// <param name="IsOnSameNetwork">Whether both are on one layer 2 network; null where that is not seen.</param>
/// <param name="IsApart">Whether both never run at the same time, as they are declared now.</param>
internal readonly record struct AddressRival(string Words, bool? IsOnSameNetwork, bool IsApart)
{
    private int Weight => (IsOnSameNetwork, IsApart) switch
    {
        (true, false) => 3,
        (true, true) => 2,
        (null, _) => 1,
        _ => 0,
    };

    /// <summary>Whether the two disturb each other for certain.</summary>
    public bool IsProven => Weight == 3;

    /// <summary>The one that weighs most of those with that address; null where there is none.</summary>
    /// <param name="subject">The VM.</param>
    /// <param name="nic">Its interface, or null where that is not known.</param>
    /// <param name="address">The address.</param>
    /// <param name="context">The cluster around it.</param>
    public static AddressRival? Heaviest(VirtualMachine subject, VirtualMachineNic? nic, IPAddress address, RuleContext context)
    {
        AddressRival? heaviest = null;
        foreach (VirtualMachine machine in context.Cluster.MachinesWith(address).Found)
        {
            if (!IsItself(subject, machine))
            {
                bool apart = Halted.Is(subject, context) || Halted.Is(machine, context);
                foreach (VirtualMachineNic other in AddressUse.NicsWith(machine, address))
                {
                    Weigh(new AddressRival(
                        $"{machine.Kind} {machine.Namespace}/{machine.Name}",
                        nic is null ? null : Segment.AreOne(subject, nic, machine, other, context),
                        apart));
                }
            }
        }

        foreach (NodeNetworkConfigurationPolicy policy in context.Cluster.PoliciesWith(address).Found)
        {
            NetworkDefinition? network = nic?.Attachment(subject.Namespace) is (string space, string name) ? context.Cluster.Network(space, name).Found : null;
            foreach (NodeInterface entry in policy.State.Interfaces)
            {
                if (entry.IsUp && entry.Gets(address))
                {
                    Weigh(new AddressRival($"{entry.Name} of policy {policy.Name}", network is null ? null : Segment.Carries(network, entry, policy, context), Halted.Is(subject, context)));
                }
            }
        }

        return heaviest;

        void Weigh(AddressRival rival) => heaviest = heaviest is AddressRival known && known.Weight >= rival.Weight ? known : rival;
    }

    /// <summary>
    /// Whether both are one machine: its older self; its instance, which a restart or migration makes anew; what it was made from or makes; and
    /// the machine that waits to receive it from elsewhere (kubevirt/kubevirt staging/src/kubevirt.io/api/core/v1/types.go <c>RunStrategyWaitAsReceiver</c>).
    /// </summary>
    internal static bool IsItself(VirtualMachine subject, VirtualMachine other) =>
        (subject.Name == other.Name && (Receives(subject) || Receives(other)))
        || (subject.Namespace == other.Namespace
            && (subject.IsSameObjectAs(other)
                || (subject.Name == other.Name && IsMachine(subject) && IsMachine(other))
                || Owns(subject, other)
                || Owns(other, subject)));

    private static bool Owns(VirtualMachine owner, VirtualMachine machine) =>
        machine.JudgedOwner is string owned && owned == $"{owner.Kind}/{owner.Name}";

    private static bool IsMachine(VirtualMachine machine) => machine.Kind is "VirtualMachine" or "VirtualMachineInstance";

    private static bool Receives(VirtualMachine machine) => machine.Machine["spec"]["runStrategy"].Is("WaitAsReceiver");
}
