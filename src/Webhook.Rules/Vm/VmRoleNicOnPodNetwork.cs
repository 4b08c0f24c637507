using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-role-nic-on-pod-network: a role NIC on the pod network or behind a binding that hands out addresses.</summary>
public sealed class VmRoleNicOnPodNetwork : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-role-nic-on-pod-network",
        Title = "Role NIC on the pod network",
        Severity = Severity.Error,
        Rationale =
            "The pod network is an overlay behind address translation: masquerade and passt give the guest an address by DHCP " +
            "that changes with each pod, carry no Ethernet frames (LLT is EtherType 0xCAFE) and have an MTU of 1400 or so. LLT " +
            "and iSCSI networks must be secondary networks through NetworkAttachmentDefinitions. For llt-lowpri it is a warning.",
        Remedy =
            "Attach the NIC to a NetworkAttachmentDefinition with the bridge or sriov binding, or take its role away in " +
            "nic-roles.",
        Guide = [GuideSentence.S14],
        Examples =
        [
            Example.Bad("an LLT link on the pod network", at: "spec.template.spec.networks[4].pod",
                yaml: ExampleGuest.With(
                    interfaces: ExampleGuest.Interfaces[..^1] + ", {name: pod, masquerade: {}}]", networks: ExampleGuest.Networks[..^1] + ", {name: pod, pod: {}}]",
                    annotations: "{infoscale.internal/nic-roles: pod=llt}"),
                given: ExampleGuest.Given),
            Example.Warned("a low-priority link on the pod network", at: "spec.template.spec.networks[4].pod",
                yaml: ExampleGuest.With(
                    interfaces: ExampleGuest.Interfaces[..^1] + ", {name: pod, masquerade: {}}]", networks: ExampleGuest.Networks[..^1] + ", {name: pod, pod: {}}]",
                    annotations: "{infoscale.internal/nic-roles: pod=llt-lowpri}"),
                given: ExampleGuest.Given),
            Example.Good("secondary networks", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        foreach (RoleNic nic in RoleNics.Of(subject, context).All)
        {
            if (!nic.IsUnfit)
            {
                continue;
            }

            FieldError error = nic.Nic.IsOnPodNetwork
                ? FieldError.Forbidden(nic.Nic.Network["pod"].Path, $"{nic.Words} is on the pod network, which gives addresses by DHCP and no jumbo frames")
                : FieldError.Forbidden(nic.Nic.Interface.Path, $"{nic.Words} is bound by {nic.Nic.Binding}, which gives addresses by DHCP");
            const string remedy = "attach it to a NetworkAttachmentDefinition with the bridge or sriov binding";
            yield return nic.Role == NetworkRole.LltLowpri ? Warn(error, remedy, nic.Name) : Report(error, remedy, nic.Name);
        }
    }
}
