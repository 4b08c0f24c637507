using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-role-nic-has-gateway: a default route or name servers on a role NIC.</summary>
public sealed class VmRoleNicHasGateway : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-role-nic-has-gateway",
        Title = "Default route or name servers on a role NIC",
        Severity = Severity.Warning,
        Rationale =
            "A default route over an LLT or iSCSI network sends traffic of the guest into a network that usually leads nowhere, " +
            "and loads the links that heartbeats and storage depend on. Name servers that are tied to such a NIC are asked over " +
            "it. A low-priority link on the public network may have both.",
        Remedy =
            "Remove gateway, default route and nameservers from the NIC; routes to other networks of the same kind may stay.",
        Guide = [],
        Examples =
        [
            Example.Warned("a gateway on an LLT link", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/gateway4",
                yaml: ExampleGuest.With(ExampleGuest.Data(llt1: """{match: {macaddress: "02:50:00:0e:01:11"}, mtu: 8990, addresses: [172.30.1.11/24], gateway4: 172.30.1.1}""")),
                given: ExampleGuest.Given),
            Example.Good("a route to the other storage network",
                yaml: ExampleGuest.With(
                    ExampleGuest.Data(iscsi1: """{match: {macaddress: "02:50:00:0e:03:11"}, mtu: 8990, addresses: [10.60.1.11/24], routes: [{to: 10.61.0.0/16, via: 10.60.1.1}]}""")),
                given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        foreach (RoleNic nic in RoleNics.Of(subject, context).All)
        {
            if (nic.Role is null or NetworkRole.LltLowpri || nic.IsUnfit)
            {
                continue;
            }

            foreach (GuestInterface entry in subject.GuestNetwork.Of(nic.Nic)?.Entries ?? [])
            {
                if (entry.DefaultRoute.IsPresent)
                {
                    yield return Report(
                        FieldError.Invalid(entry.DefaultRoute, $"a default route over {nic.Words}"), "route through another NIC", $"{nic.Name} route");
                }

                if (entry.NameServers.IsPresent)
                {
                    yield return Report(
                        FieldError.Invalid(entry.NameServers, $"name servers on {nic.Words}"), "set name servers on another NIC", $"{nic.Name} dns");
                }
            }
        }
    }
}
