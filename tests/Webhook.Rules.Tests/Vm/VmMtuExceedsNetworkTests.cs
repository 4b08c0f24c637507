namespace Webhook.Rules.Tests.Vm;

public sealed class VmMtuExceedsNetworkTests
{
    private const string Rule = "vm-mtu-exceeds-network";

    [Theory]
    [InlineData("mtu: 8990", "\"type\": \"bridge\", \"mtu\": 8990", "")]
    [InlineData("mtu: 8991", "\"type\": \"bridge\", \"mtu\": 8990", "Error llt1")]
    [InlineData("mtu: '8991'", "\"type\": \"bridge\", \"mtu\": 8990", "Error llt1")]
    [InlineData("mtu: 1500", "\"type\": \"bridge\"", "")]
    [InlineData("mtu: 1501", "\"type\": \"bridge\"", "Error llt1")]
    [InlineData("mtu: 1501", "\"type\": \"bridge\", \"mtu\": 0", "Error llt1")]
    [InlineData("mtu: 9000", "\"type\": \"macvlan\", \"master\": \"ens3f0\"", "")]
    [InlineData("mtu: 9000", "\"type\": \"bridge\", \"mtu\": \"1500\"", "")]
    [InlineData("dhcp4: false", "\"type\": \"bridge\", \"mtu\": 1500", "")]
    public void Known_values_are_compared(string entry, string config, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, Machine(entry), Given(config)));

    [Theory]
    [InlineData("llt1=iscsi,llt2=none,san0=none", "Error llt1")]
    [InlineData("llt1=llt-lowpri,llt2=none,san0=none", "Error llt1")]
    [InlineData("llt1=none,llt2=none,san0=none", "")]
    public void Every_role_counts(string roles, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, Machine("mtu: 9000", roles), Given("\"type\": \"bridge\", \"mtu\": 1500")));

    [Fact]
    public void A_VLAN_above_the_NIC_counts_with_it() =>
        Assert.Equal("Error llt1", GuestMachine.Judge(
            Rule,
            GuestMachine.WithVolumes(
                GuestMachine.Volume("{version: 2, ethernets: {a: {match: {macaddress: '02:50:00:0e:01:11'}, mtu: 1500}}, vlans: {b: {id: 3, link: a, mtu: 9000}}}"),
                "llt1=llt,llt2=none,san0=none"),
            Given("\"type\": \"bridge\", \"mtu\": 8990")));

    [Fact]
    public void How_far_it_is_above_tells_whether_an_update_mends() =>
        Assert.Equal(10, Assert.Single(Catalog.Findings(Rule, Machine("mtu: 9000"), Given("\"type\": \"bridge\", \"mtu\": 8990"))).Shortfall);

    private static string Machine(string entry, string roles = "llt1=llt,llt2=none,san0=none") =>
        GuestMachine.With($"x: {{match: {{macaddress: '02:50:00:0e:01:11'}}, {entry}}}", roles);

    private static RuleContext Given(string config) => new()
    {
        Now = Catalog.Now,
        Cluster = Catalog.Given($$$"""
            apiVersion: k8s.cni.cncf.io/v1
            kind: NetworkAttachmentDefinition
            metadata: {name: llt1, namespace: erp-db}
            spec: {config: '{"bridge": "br", {{{config}}}}'}
            """),
    };
}
