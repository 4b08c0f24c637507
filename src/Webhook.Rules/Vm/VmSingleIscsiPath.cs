using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-single-iscsi-path: one iSCSI NIC, or two that share network or subnet.</summary>
public sealed class VmSingleIscsiPath : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-single-iscsi-path",
        Title = "Only one iSCSI path",
        Severity = Severity.Warning,
        Rationale =
            "With one path the loss of a NIC, switch or target port is the loss of the disks: DMP has nowhere to go, and volumes " +
            "are disabled. Two NICs in one subnet leave by the same interface unless each session is bound (iscsiadm -m iface) " +
            "and rp_filter is loosened.",
        Remedy =
            "Add a second iSCSI network on another bridge and switch, with a NIC and a subnet of its own.",
        Guide = [],
        Examples =
        [
            Example.Warned("one NIC", at: "spec.template.spec.domain.devices.interfaces",
                yaml: ExampleGuest.With(
                    "{version: 2, ethernets: {llt1: " + ExampleGuest.Llt1 + ", llt2: " + ExampleGuest.Llt2 + ", iscsi1: " + ExampleGuest.Iscsi1 + "}}",
                    interfaces: "[" + ExampleGuest.Llt1Interface + ", " + ExampleGuest.Llt2Interface + ", " + ExampleGuest.Iscsi1Interface + "]",
                    networks: ExampleGuest.Networks.Replace(", {name: iscsi2, multus: {networkName: iscsi2}}", "", StringComparison.Ordinal)),
                given: ExampleGuest.Given),
            Example.Warned("two NICs in one subnet", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/iscsi2/addresses/0",
                yaml: ExampleGuest.With(ExampleGuest.Data(iscsi2: """{match: {macaddress: "02:50:00:0e:04:11"}, mtu: 8990, addresses: [10.60.1.12/24]}""")),
                given: ExampleGuest.Given),
            Example.Good("two paths", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        var nics = RoleNics.Of(subject, context);
        var paths = new List<RoleNic>();
        bool unknown = false;
        foreach (RoleNic nic in nics.All)
        {
            unknown |= nic.Role is null;
            if (nic.IsIscsi && !nic.IsUnfit)
            {
                paths.Add(nic);
            }
        }

        if (paths.Count == 1 && !unknown)
        {
            yield return Report(
                FieldError.Required(subject.InstanceSpec["domain"]["devices"]["interfaces"].Path, $"a second iSCSI path: {paths[0].Words} is the only one"),
                "add an iSCSI NIC on an independent network", "iscsi paths");
        }

        FieldError? shared = null;
        for (int i = 1; i < paths.Count; i++)
        {
            shared = SharedPath.Find(subject, paths[0], paths[i], context);
            if (shared is null)
            {
                // Two paths that are apart are enough.
                yield break;
            }
        }

        if (shared is not null)
        {
            yield return Report(shared, "give the second iSCSI NIC a network and subnet of its own", paths[^1].Name);
        }
    }
}
