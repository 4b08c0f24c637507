using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-lowpri-mtu-smaller: a low-priority link that pulls all LLT links down to its own MTU.</summary>
public sealed class VmLowpriMtuSmaller : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-lowpri-mtu-smaller",
        Title = "Low-priority link has a smaller MTU than the LLT links",
        Severity = Severity.Warning,
        Rationale =
            "LLT runs every link of a node at the smallest MTU among all its links, low-priority ones included. One public or pod network link " +
            "of 1500 or 1400 bytes takes the jumbo frames away from the private links too, and lltstat -c shows it: the networks are jumbo, and " +
            "LLT does not use it.",
        Remedy =
            "Give the low-priority network the MTU of the LLT links, or leave the low-priority link out.",
        Guide = [],
        Examples =
        [
            Example.Warned("8990 beside 9000", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/pub1/mtu",
                yaml: WithPublic(8990), given: Networks),
            Example.Good("9000 on all links", yaml: WithPublic(9000), given: Networks),
        ],
    };

    private static string Networks { get; } = string.Join(
        "---\n",
        ExampleGuest.Definition("llt1", "llt", 9000),
        ExampleGuest.Definition("llt2", "llt", 9000),
        ExampleGuest.Definition("iscsi1", "iscsi"),
        ExampleGuest.Definition("iscsi2", "iscsi"),
        ExampleGuest.Definition("public", "llt-lowpri", 9000));

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        var nics = RoleNics.Of(subject, context);
        LltLinks? links = null;
        foreach (RoleNic nic in nics.All)
        {
            if (nic.Role != NetworkRole.LltLowpri)
            {
                continue;
            }

            links ??= new LltLinks(subject, nics);
            var mtu = NicMtu.Of(subject, nic.Nic, nic.Attachment.Found);
            long? guest = nic.Nic.IsOnPodNetwork ? context.Settings.ClusterNetworkMtu ?? context.Cluster.ClusterNetwork().Found?.Mtu : mtu.Guest;
            if (guest is long own && links.SmallestMtu is long needed && own < needed)
            {
                yield return Report(
                    FieldError.Invalid(
                        mtu.Set is { } set && set.Mtu == own ? set.MtuField.Path : nic.Nic.IsMultus ? nic.Nic.NetworkName.Path : nic.Nic.Network.Path,
                        $"{own}",
                        $"{nic.Words} takes the LLT links down from {needed}: LLT runs all at the smallest MTU"),
                    $"give it {needed} too, or leave it out of LLT",
                    nic.Name) with { Shortfall = needed - own };
            }
        }
    }

    private static string WithPublic(int mtu) => ExampleGuest.With(
        ExampleGuest.Data(
            """{match: {macaddress: "02:50:00:0e:01:11"}, mtu: 9000, addresses: [172.30.1.11/24]}""",
            """{match: {macaddress: "02:50:00:0e:02:11"}, mtu: 9000, addresses: [172.30.2.11/24]}""")[..^2] +
        $$$$""", pub1: {match: {macaddress: "02:50:00:0e:05:11"}, mtu: {{{{mtu}}}}, addresses: [10.70.1.11/24]}}}""",
        interfaces: ExampleGuest.Interfaces[..^1] + """, {name: pub1, bridge: {}, macAddress: "02:50:00:0e:05:11"}]""",
        networks: ExampleGuest.Networks[..^1] + ", {name: pub1, multus: {networkName: public}}]");
}
