using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-single-llt-link: fewer than two LLT links.</summary>
public sealed class VmSingleLltLink : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-single-llt-link",
        Title = "Only one LLT link",
        Severity = Severity.Warning,
        Rationale =
            "With one private link its loss is the loss of the cluster: GAB reports jeopardy (V-15-1-20037, V-16-1-10111 Regular " +
            "and Jeopardy Memberships) from the start, and without fencing a split brain follows. Two independent private links " +
            "are the least; low-priority links and NICs on the pod network do not count.",
        Remedy =
            "Add a second LLT network on another bridge, bond and switch, with a NIC, macAddress and static address.",
        Guide = [],
        Examples =
        [
            Example.Warned("one link", at: "spec.template.spec.domain.devices.interfaces",
                yaml: ExampleGuest.With(
                    "{version: 2, ethernets: {llt1: " + ExampleGuest.Llt1 + ", iscsi1: " + ExampleGuest.Iscsi1 + ", iscsi2: " + ExampleGuest.Iscsi2 + "}}",
                    interfaces: "[" + ExampleGuest.Llt1Interface + ", " + ExampleGuest.Iscsi1Interface + ", " + ExampleGuest.Iscsi2Interface + "]",
                    networks: ExampleGuest.Networks.Replace("{name: llt2, multus: {networkName: llt2}}, ", "", StringComparison.Ordinal)),
                given: ExampleGuest.Given),
            Example.Good("two links", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        var nics = RoleNics.Of(subject, context);
        RoleNic? only = null;
        int links = 0;
        foreach (RoleNic nic in nics.All)
        {
            if (nic.Role is null)
            {
                // It may be the second link.
                yield break;
            }

            if (nic.IsLlt && !nic.IsUnfit)
            {
                only = nic;
                links++;
            }
        }

        if (links == 1)
        {
            yield return Report(
                FieldError.Required(subject.InstanceSpec["domain"]["devices"]["interfaces"].Path, $"a second LLT link: {only!.Words} is the only one, its loss means jeopardy"),
                "add an LLT NIC on an independent network", "llt links");
        }
    }
}
