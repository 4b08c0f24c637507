using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-llt-links-share-path: two LLT links that end in one network.</summary>
public sealed class VmLltLinksSharePath : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-llt-links-share-path",
        Title = "Two LLT links share one network",
        Severity = Severity.Warning,
        Rationale =
            "LLT needs at least two independent networks: two links in one network or one subnet fail together, and LLT reports " +
            "LLT WARNING V-14-1-10498 recvarpack cross links? where one broadcast domain carries both.",
        Remedy =
            "Attach the second link to a network of its own, on another bridge, VLAN and NIC, and give it a subnet of its own.",
        Guide = [],
        Examples =
        [
            Example.Warned("two links on one network", at: "spec.template.spec.networks[1].multus.networkName",
                yaml: ExampleGuest.With(networks: ExampleGuest.Networks.Replace("networkName: llt2", "networkName: erp-db/llt1", StringComparison.Ordinal)),
                given: ExampleGuest.Given),
            Example.Warned("two links in one subnet", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt2/addresses/0",
                yaml: ExampleGuest.With(ExampleGuest.Data(llt2: """{match: {macaddress: "02:50:00:0e:02:11"}, mtu: 8990, addresses: [172.30.1.12/24]}""")),
                given: ExampleGuest.Given),
            Example.Good("two networks, two subnets", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        List<RoleNic> links = [.. RoleNics.Of(subject, context).WithRole(NetworkRole.Llt)];
        for (int i = 1; i < links.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (SharedPath.Find(subject, links[j], links[i], context) is FieldError shared)
                {
                    yield return Report(shared, "give each LLT link its own network and subnet (cross links?)", links[i].Name);
                    break;
                }
            }
        }
    }
}
