using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-unlabelled-on-role-network: a VM on an InfoScale network that no rule looks at.</summary>
public sealed class VmUnlabelledOnRoleNetwork : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-unlabelled-on-role-network",
        Title = "VM on an InfoScale network has no cluster label",
        Severity = Severity.Warning,
        Rationale =
            "The label infoscale.internal/cluster is what makes the webhook look at a VM. One without it on a network that is labelled for LLT or " +
            "iSCSI is either a member whose DHCP lease, small MTU or changed address nobody would see, or a stranger whose traffic and addresses " +
            "do not belong there.",
        Remedy = "Add the label infoscale.internal/cluster with the name of the InfoScale cluster, or take the VM off the network.",
        Guide = [GuideSentence.S7],
        Examples =
        [
            Example.Warned("an LLT NIC and no label", at: "metadata.labels[infoscale.internal/cluster]",
                yaml: ExampleGuest.With().Replace("  labels: {infoscale.internal/cluster: erp}\n  annotations", "  annotations", StringComparison.Ordinal),
                given: ExampleGuest.Given),
            Example.Good("the label", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        // A label that is taken away is told by vm-label-removed.
        if (subject.IsOptedIn || context.AssumedRole is not null || context.Old?.IsOptedIn == true)
        {
            yield break;
        }

        RoleNic? first = null;
        int more = -1;
        foreach (RoleNic nic in RoleNics.Of(subject, context).All)
        {
            if (nic.Source == RoleSource.Attachment)
            {
                first ??= nic;
                more++;
            }
        }

        if (first is not null)
        {
            Field label = subject.OptInLabel;
            yield return Report(
                FieldError.Required(label.Path, $"{first.Words}{(more > 0 ? $" and {more} more" : "")} is on an InfoScale network, and without the label the VM is not checked"),
                "add the label, or take the VM off the network");
        }
    }
}
