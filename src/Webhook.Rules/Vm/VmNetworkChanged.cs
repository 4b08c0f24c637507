using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-network-changed: an update that moves, removes or disconnects a role NIC.</summary>
public sealed class VmNetworkChanged : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-network-changed",
        Title = "Role NIC moved to another network, changed or removed",
        Severity = Severity.Error,
        Rationale =
            "A link that moves, loses its hardware address or goes down is a lost heartbeat or storage path: with one LLT link " +
            "left the cluster is in jeopardy (GAB V-15-1-20037, V-16-1-10111), with none it splits. Changing networkName " +
            "live-migrates the VM onto the other network; where its MTU differs the guest stays without connection until a " +
            "reboot. A network of the same physical network, VLAN and MTU is allowed where both can be seen.",
        Remedy =
            "Stop the VM (and fail its services over) before its links change; keep name, network, macAddress and binding " +
            "otherwise.",
        Guide = [GuideSentence.S15, GuideSentence.S16],
        Examples =
        [
            Example.Bad("a link is set down", at: "spec.template.spec.domain.devices.interfaces[1].state",
                yaml: ExampleGuest.With(interfaces: ExampleGuest.Interfaces.Replace("name: llt2,", "name: llt2, state: down,", StringComparison.Ordinal)),
                old: ExampleGuest.With(), given: ExampleGuest.Given),
            Example.Bad("another physical network", at: "spec.template.spec.networks[2].multus.networkName",
                yaml: ExampleGuest.With(networks: ExampleGuest.Networks.Replace("networkName: iscsi1", "networkName: iscsi3", StringComparison.Ordinal)),
                old: ExampleGuest.With(), given: ExampleGuest.Given + "---\n" + ExampleGuest.Definition("iscsi3", "iscsi")),
            Example.Warned("a link is set down while the VM is halted", at: "spec.template.spec.domain.devices.interfaces[1].state",
                yaml: ExampleGuest.With(
                    interfaces: ExampleGuest.Interfaces.Replace("name: llt2,", "name: llt2, state: down,", StringComparison.Ordinal), strategy: "Halted"),
                old: ExampleGuest.With(strategy: "Halted"), given: ExampleGuest.Given),
            Example.Good("the order of the interfaces",
                yaml: ExampleGuest.With(
                    interfaces: "[" + ExampleGuest.Iscsi2Interface + ", " + ExampleGuest.Iscsi1Interface + ", " + ExampleGuest.Llt2Interface + ", " + ExampleGuest.Llt1Interface + "]"),
                old: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    private const string Remedy = "keep it while the VM runs: a lost link means jeopardy or lost paths";

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        if (context.Operation != Operation.Update || context.Old is not VirtualMachine old || subject.HasSameNicsAs(old))
        {
            yield break;
        }

        foreach (RoleNic before in RoleNics.Of(old, context).All)
        {
            VirtualMachineNic? now = null;
            foreach (VirtualMachineNic nic in subject.Nics)
            {
                now = nic.Name == before.Name ? nic : now;
            }

            foreach (Finding finding in Compare(before, now, subject, old, context))
            {
                // What could not be seen stays that; what is proven only warns while nothing runs.
                yield return Halted.Is(old, context) ? finding with { Severity = Severity.Warning } : finding;
            }
        }
    }

    private IEnumerable<Finding> Compare(RoleNic before, VirtualMachineNic? now, VirtualMachine subject, VirtualMachine old, RuleContext context)
    {
        VirtualMachineNic was = before.Nic;
        if (now is null)
        {
            yield return Report(
                FieldError.Required(subject.InstanceSpec["domain"]["devices"]["interfaces"].Path, $"{before.Words} was removed"), Remedy, $"{before.Name} removed");
            yield break;
        }

        if (now.IsUnplugged || (now.IsDown && !was.IsDown))
        {
            yield return Report(
                FieldError.Invalid(now.Interface["state"], $"{before.Words} was connected and is now {(now.IsUnplugged ? "unplugged" : "down")}"),
                Remedy, $"{before.Name} state");
            if (now.IsUnplugged)
            {
                yield break;
            }
        }

        if (CompareNetworks(before, now, subject, old, context) is Finding moved)
        {
            yield return moved;
        }

        if (was.MacAddress is MacAddress mac && now.MacAddress != mac)
        {
            Field address = now.Interface["macAddress"];
            yield return Report(
                address.IsMissing
                    ? FieldError.Required(address.Path, $"{before.Words} had {mac}")
                    : FieldError.Invalid(address, $"{before.Words} had {mac}; network data and peers know it by that"),
                Remedy, $"{before.Name} macAddress");
        }

        if (was.Binding is string binding && now.Binding is string bound && binding != bound)
        {
            yield return Report(
                FieldError.Invalid(now.Interface.Path, bound, $"{before.Words} was bound by {binding}"), Remedy, $"{before.Name} binding");
        }
    }

    private Finding? CompareNetworks(RoleNic before, VirtualMachineNic now, VirtualMachine subject, VirtualMachine old, RuleContext context)
    {
        (string Namespace, string Name)? was = before.Nic.Attachment(old.Namespace);
        (string Namespace, string Name)? target = now.Attachment(subject.Namespace);
        if (was == target && before.Nic.IsOnPodNetwork == now.IsOnPodNetwork)
        {
            return null;
        }

        string from = was is (string space, string name) ? $"{space}/{name}" : "another network";
        string subjectName = $"{before.Name} network";
        if (was is null || target is not (string newSpace, string newName))
        {
            return Report(FieldError.Invalid(now.Network.Path, $"\"{now.Name}\"", $"{before.Words} was on {from}"), Remedy, subjectName);
        }

        Lookup<NetworkDefinition> after = context.Cluster.Network(newSpace, newName);
        if (before.Attachment.Unverified is not null || after.Unverified is not null)
        {
            return CannotVerify(
                FieldError.Invalid(now.NetworkName, $"{before.Words} was on {from}; that both are one physical network, VLAN and MTU is not seen"),
                "move a role NIC only while the VM is stopped", subjectName);
        }

        return before.Attachment.Found is NetworkDefinition left && after.Found is NetworkDefinition right && AreAlike(left, right, context)
            ? null
            : Report(FieldError.Invalid(now.NetworkName, $"{before.Words} was on {from}, another physical network, VLAN or MTU"), Remedy, subjectName);
    }

    private static bool AreAlike(NetworkDefinition left, NetworkDefinition right, RuleContext context) =>
        Segment.AreOne(left, right, context) == true && left.Link is NetworkLink one && right.Link is NetworkLink other
        && one.Technology == other.Technology && MtuOf(one) == MtuOf(other);

    private static (MtuDefault? Default, long? Mtu) MtuOf(NetworkLink link) =>
        link.Mtu.Integer is > 0 and long mtu ? (null, mtu) : (link.MtuDefault, null);
}
