using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-roles-share-network: LLT and iSCSI on one network.</summary>
public sealed class VmRolesShareNetwork : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-roles-share-network",
        Title = "LLT and iSCSI share one network",
        Severity = Severity.Warning,
        Rationale =
            "Storage traffic in bursts delays heartbeats on the same network (LLT 10019 delayed hb), and one failing network " +
            "takes heartbeat and storage at once: the very moment in which the cluster has to decide who may write.",
        Remedy =
            "Give LLT and iSCSI networks of their own, on other bridges and VLANs.",
        Guide = [],
        Examples =
        [
            Example.Warned("an LLT link on the iSCSI network", at: "spec.template.spec.networks[1].multus.networkName",
                yaml: ExampleGuest.With(
                    networks: ExampleGuest.Networks.Replace("networkName: llt2", "networkName: iscsi1", StringComparison.Ordinal),
                    annotations: "{infoscale.internal/nic-roles: 'llt1=llt,llt2=llt,iscsi1=iscsi,iscsi2=iscsi'}"),
                given: ExampleGuest.Definition("llt1", "llt") + "---\n" + ExampleGuest.Definition("iscsi2", "iscsi") + "---\n" +
                    ExampleGuest.Definition("iscsi1", "iscsi").Replace("labels: {infoscale.internal/role: iscsi}", "labels: {}", StringComparison.Ordinal)),
            Example.Good("a network for each", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        var nics = RoleNics.Of(subject, context);
        foreach (RoleNic llt in nics.WithRole(NetworkRole.Llt))
        {
            foreach (RoleNic iscsi in nics.WithRole(NetworkRole.Iscsi))
            {
                if (SharedPath.SameNetwork(subject, iscsi, llt, context) is FieldError shared)
                {
                    yield return Report(shared, "give LLT and iSCSI networks of their own", llt.Name);
                    break;
                }
            }
        }
    }
}
