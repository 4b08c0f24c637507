using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-label-removed: a VM leaves its InfoScale cluster, and with it this webhook, while it still uses the networks.</summary>
public sealed class VmLabelRemoved : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-label-removed",
        Title = "Cluster label removed from a VM that still uses InfoScale networks",
        Severity = Severity.Error,
        Rationale =
            "The label infoscale.internal/cluster is what makes the webhook look at a VM. Without it, or under another name, later changes " +
            "of addresses, MTUs and networks pass unseen while the guest goes on as a member of its InfoScale cluster.",
        Remedy = "Keep the label, or detach the VM from the InfoScale networks first (an interface with state absent counts as detached).",
        Guide = [],
        Examples =
        [
            Example.Bad("the label is dropped and the LLT NIC stays", at: "metadata.labels[infoscale.internal/cluster]",
                old: """
                apiVersion: kubevirt.io/v1
                kind: VirtualMachine
                metadata:
                  name: vcs-node1
                  namespace: erp-db
                  labels: {infoscale.internal/cluster: erp}
                spec:
                  runStrategy: Always
                  template:
                    spec:
                      domain: {devices: {interfaces: [{name: llt1, bridge: {}}]}}
                      networks: [{name: llt1, multus: {networkName: llt1}}]
                """,
                yaml: """
                apiVersion: kubevirt.io/v1
                kind: VirtualMachine
                metadata:
                  name: vcs-node1
                  namespace: erp-db
                spec:
                  runStrategy: Always
                  template:
                    spec:
                      domain: {devices: {interfaces: [{name: llt1, bridge: {}}]}}
                      networks: [{name: llt1, multus: {networkName: llt1}}]
                """),
            Example.Good("the label goes when the NIC is unplugged",
                old: """
                apiVersion: kubevirt.io/v1
                kind: VirtualMachine
                metadata:
                  name: vcs-node1
                  namespace: erp-db
                  labels: {infoscale.internal/cluster: erp}
                spec:
                  runStrategy: Halted
                  template:
                    spec:
                      domain: {devices: {interfaces: [{name: llt1, bridge: {}, state: absent}]}}
                      networks: [{name: llt1, multus: {networkName: llt1}}]
                """,
                yaml: """
                apiVersion: kubevirt.io/v1
                kind: VirtualMachine
                metadata:
                  name: vcs-node1
                  namespace: erp-db
                spec:
                  runStrategy: Halted
                  template:
                    spec:
                      domain: {devices: {interfaces: [{name: llt1, bridge: {}, state: absent}]}}
                      networks: [{name: llt1, multus: {networkName: llt1}}]
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        if (context.Operation != Operation.Update || context.Old is not VirtualMachine old || old.Cluster is not string before
            || subject.Cluster == before || FirstShared(subject, old, context) is not RoleNic kept)
        {
            yield break;
        }

        Field label = subject.OptInLabel;
        yield return Report(
            label.IsMissing
                ? FieldError.Required(label.Path, $"{kept.Words} still is on a network of InfoScale cluster \"{before}\"")
                : FieldError.Invalid(label, $"was \"{before}\", and {kept.Words} still is on a network of that cluster"),
            $"keep the label \"{before}\", or detach the role networks first");
    }

    // What counts as a role NIC depends on the label itself where definitions cannot be looked up, so the older self is asked.
    private static RoleNic? FirstShared(VirtualMachine subject, VirtualMachine old, RuleContext context)
    {
        foreach (RoleNic before in RoleNics.Of(old, context).All)
        {
            foreach (VirtualMachineNic nic in subject.Nics)
            {
                if (!nic.IsUnplugged && nic.Attachment(subject.Namespace) is { } attachment && attachment == before.Nic.Attachment(old.Namespace))
                {
                    return before;
                }
            }
        }

        return null;
    }
}
