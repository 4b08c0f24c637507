using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-llt-network-missing: a cluster member without any LLT link.</summary>
public sealed class VmLltNetworkMissing : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-llt-network-missing",
        Title = "Cluster VM has no LLT network",
        Severity = Severity.Warning,
        Rationale =
            "VCS heartbeats and cluster traffic run over LLT. A member without a NIC on an LLT network has no heartbeat of its own: LLT would " +
            "have to use the public or pod network, where addresses are dynamic, the MTU is small and other traffic delays heartbeats. A " +
            "low-priority link does not replace a private one.",
        Remedy =
            "Attach two NICs to networks with the label infoscale.internal/role: llt, or name existing ones in infoscale.internal/nic-roles.",
        Guide = [GuideSentence.S5],
        Examples =
        [
            Example.Warned("only storage networks", at: "spec.template.spec.domain.devices.interfaces",
                yaml: ExampleGuest.With(
                    "{version: 2, ethernets: {iscsi1: " + ExampleGuest.Iscsi1 + ", iscsi2: " + ExampleGuest.Iscsi2 + "}}",
                    interfaces: "[" + ExampleGuest.Iscsi1Interface + ", " + ExampleGuest.Iscsi2Interface + "]",
                    networks: "[{name: iscsi1, multus: {networkName: iscsi1}}, {name: iscsi2, multus: {networkName: iscsi2}}]"),
                given: ExampleGuest.Given),
            Example.Good("two LLT networks", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        if (!subject.IsOptedIn)
        {
            yield break;
        }

        foreach (RoleNic nic in RoleNics.Of(subject, context).All)
        {
            // One of unknown role may be the link, and what is unknown about it is told where its MTU is.
            if (nic.IsLlt || nic.Role is null)
            {
                yield break;
            }
        }

        yield return Report(
            FieldError.Required(
                subject.InstanceSpec["domain"]["devices"]["interfaces"].Path,
                $"no NIC of this member of InfoScale cluster {subject.OptInLabel} is on an LLT network, so it has no heartbeat link"),
            "attach two NICs to networks with role llt",
            "llt links");
    }
}
