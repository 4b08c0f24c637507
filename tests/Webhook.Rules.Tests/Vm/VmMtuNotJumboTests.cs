namespace Webhook.Rules.Tests.Vm;

public sealed class VmMtuNotJumboTests
{
    private const string Rule = "vm-mtu-not-jumbo";

    [Theory]
    [InlineData("mtu: 8990", "Warning? llt1")]
    [InlineData("mtu: 8989", "Error llt1")]
    [InlineData("mtu: '1500'", "Error llt1")]
    [InlineData("dhcp4: false", "Warning? llt1")]
    public void While_the_network_is_not_seen_only_a_small_mtu_of_the_guest_is_proven(string entry, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, Machine(entry)));

    [Theory]
    [InlineData("mtu: 9000", "\"mtu\": 8990", "")]
    [InlineData("mtu: 9000", "\"mtu\": 8989", "Error llt1")]
    [InlineData("mtu: 1500", "\"mtu\": 9000", "Error llt1")]
    [InlineData("dhcp4: false", "\"mtu\": 9000", "")]
    [InlineData("dhcp4: false", "\"vlan\": 3", "Error llt1")]
    [InlineData("mtu: 9000", "\"mtu\": \"9000\"", "Warning? llt1")]
    public void The_smaller_of_network_and_guest_counts(string entry, string config, string expected)
    {
        string network = $$$"""
            apiVersion: k8s.cni.cncf.io/v1
            kind: NetworkAttachmentDefinition
            metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
            spec: {config: '{"type": "bridge", "bridge": "br", {{{config}}}}'}
            """;
        Assert.Equal(expected, GuestMachine.Judge(Rule, Machine(entry), new RuleContext { Now = Catalog.Now, Cluster = Catalog.Given(network) }));
    }

    [Theory]
    [InlineData("e1000e", "dhcp4: false", "Error llt1")]
    [InlineData("e1000e", "mtu: 9000", "Warning? llt1")]
    [InlineData("virtio-non-transitional", "dhcp4: false", "Warning? llt1")]
    public void A_model_other_than_virtio_needs_the_mtu_in_network_data(string model, string entry, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, Machine(entry, "model: " + model)));

    [Fact]
    public void What_sets_the_mtu_of_such_a_model_may_not_be_seen()
    {
        string interfaces = GuestMachine.Interfaces.Replace("name: llt1, ", "name: llt1, model: e1000e, ", StringComparison.Ordinal);
        Finding finding = Assert.Single(Catalog.Findings(Rule, GuestMachine.With(null, "llt1=llt,llt2=none,san0=none", interfaces)));
        Assert.True(finding.Unverified);
        finding = Assert.Single(Catalog.Findings(Rule, GuestMachine.With("eth1: {mtu: 9000}", "llt1=llt,llt2=none,san0=none", interfaces)));
        Assert.True(finding.Unverified);
    }

    [Theory]
    [InlineData("llt1=llt-lowpri,llt2=none,san0=none", "Warning llt1")]
    [InlineData("llt1=iscsi,llt2=none,san0=none", "")]
    [InlineData("llt2=none,san0=none", "Warning? llt1")]
    [InlineData("pod=llt,llt1=none,llt2=none,san0=none", "")]
    public void The_role_decides_how_much_1500_is(string roles, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With("x: {match: {macaddress: '02:50:00:0e:01:11'}, mtu: 1500}", roles)));

    [Fact]
    public void A_bond_or_VLAN_counts_for_the_NIC_under_it() =>
        Assert.Equal("Error llt1", GuestMachine.Judge(Rule, GuestMachine.WithVolumes(
            GuestMachine.Volume("{version: 2, ethernets: {a: {match: {macaddress: '02:50:00:0e:01:11'}, mtu: 9000}}, vlans: {b: {id: 3, link: a, mtu: 1500}}}"),
            "llt1=llt,llt2=none,san0=none")));

    [Fact]
    public void The_configured_size_counts_and_how_far_the_value_is_from_it()
    {
        RuleContext context = new() { Now = Catalog.Now, Settings = RuleSettings.Default with { NodeMtu = 9216, OvsOverhead = 0 } };
        Finding finding = Assert.Single(Catalog.Findings(Rule, Machine("mtu: 9000"), context));
        Assert.Equal(216, finding.Shortfall);
        Assert.Contains("9216", finding.Message, StringComparison.Ordinal);
    }

    private static string Machine(string entry, string property = "ports: []") => GuestMachine.With(
        $"x: {{match: {{macaddress: '02:50:00:0e:01:11'}}, {entry}}}",
        "llt1=llt,llt2=none,san0=none",
        GuestMachine.Interfaces.Replace("name: llt1, ", $"name: llt1, {property}, ", StringComparison.Ordinal));
}
