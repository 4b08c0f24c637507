namespace Webhook.Rules.Tests.Nad;

public sealed class NadMtuExceedsNodeTests
{
    private const string Rule = "nad-mtu-exceeds-node";
    private const string Localnet = """{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "net", "mtu": 9000}""";
    private const string Mapping = "{localnet: net, bridge: br}";

    [Theory]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 9000}", "")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 8999}", "Error spec.config#/mtu")]
    [InlineData("{name: br, type: linux-bridge, mtu: 8999, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 9000}", "Error spec.config#/mtu")]
    [InlineData("{name: br, type: linux-bridge, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet}", "")]
    [InlineData("{name: br, type: linux-bridge, mtu: '{{ capture.a }}', bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 1500}", "Error spec.config#/mtu")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: v}]}}\n{name: v, type: vlan, mtu: 9000, vlan: {base-iface: b, id: 3}}\n{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e, f]}}\n{name: e, type: ethernet, mtu: 9000}\n{name: f, type: ethernet, mtu: 1500}", "Error spec.config#/mtu")]
    [InlineData("{name: other, type: linux-bridge, mtu: 1500}", "")]
    public void Every_known_level_below_a_bridge_counts(string interfaces, string expected) => Assert.Equal(
        expected, Networks.Say(Rule, Networks.Attachment("""{"type": "bridge", "bridge": "br", "mtu": 9000}"""), Below.Policy(interfaces)));

    [Theory]
    [InlineData("{name: br, type: ovs-bridge, mtu: 1500, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 9000}", "")]
    [InlineData("{name: br, type: ovs-bridge, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 1500}", "Error spec.config#/mtu")]
    [InlineData("{name: br, type: ovs-bridge, bridge: {port: [{name: e}, {name: br}]}}\n{name: br, type: ovs-interface, mtu: 1500}\n{name: e, type: ethernet, mtu: 9000}", "")]
    public void An_OVS_bridge_has_no_MTU_but_its_uplinks_have(string interfaces, string expected) =>
        Assert.Equal(expected, Networks.Say(Rule, Networks.Attachment(Localnet), Below.Policy(interfaces, Mapping)));

    [Theory]
    [InlineData("{name: e, type: ethernet, mtu: 1500}", "Error spec.config#/mtu")]
    [InlineData("{name: e, type: ethernet, mtu: 9000}", "")]
    [InlineData("{name: e, type: ethernet, mtu: 9000, lldp: {neighbors: [[{ieee-802-3-max-frame-size: 9022}]]}}", "")]
    [InlineData("{name: e, type: ethernet, mtu: 9000, lldp: {neighbors: [[{ieee-802-3-max-frame-size: 9021}]]}}", "Warning spec.config#/mtu")]
    public void What_no_policy_declares_is_looked_up_on_the_node(string seen, string expected) => Assert.Equal(
        expected, Networks.Say(Rule, Networks.Attachment(Localnet), Below.Policy("{name: br, type: ovs-bridge, bridge: {port: [{name: e}]}}", Mapping, seen: seen)));

    [Theory]
    [InlineData("9000", "")]
    [InlineData("8999", "Error spec.config#/mtu")]
    public void An_attested_switch_is_a_level_too(string attested, string expected) => Assert.Equal(
        expected,
        Networks.Say(Rule, Networks.Attachment(Localnet), Below.Policy(
            "{name: br, type: ovs-bridge, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 9000}", Mapping, $"infoscale.internal/switch-mtu: '{attested}'")));

    [Theory]
    [InlineData(1300, 1400, "")]
    [InlineData(1301, 1400, "Error spec.config#/mtu")]
    [InlineData(9000, null, "")]
    public void An_overlay_fits_into_the_tunnels_of_the_cluster_network(int mtu, int? cluster, string expected) => Assert.Equal(
        expected,
        Networks.Say(
            Rule, Networks.Attachment($$"""{"type": "ovn-k8s-cni-overlay", "topology": "layer2", "name": "net", "mtu": {{mtu}}}"""),
            new RuleContext { Now = Catalog.Now, Settings = new RuleSettings { ClusterNetworkMtu = cluster } }));

    [Fact]
    public void The_chain_is_printed_with_its_weakest_hop()
    {
        Finding finding = Assert.Single(Catalog.Findings(Rule, Networks.Attachment(Localnet), Below.Policy(
            "{name: br, type: ovs-bridge, bridge: {port: [{name: b}]}}\n{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e, f]}}\n"
            + "{name: e, type: ethernet, mtu: 9000}\n{name: f, type: ethernet, mtu: 1500}", Mapping)));
        Assert.Equal(
            "spec.config#/mtu: Invalid value: 9000: NAD llt1 9000 <- br (ovs) <- b 9000 <- f 1500 (weakest) <- switch ? on nodes of policy llt; "
            + "raise f to 9000 first",
            finding.Line);
        Assert.Equal((7500, "9000 1500"), (finding.Shortfall, finding.Evidence));
    }

    [Fact]
    public void A_long_chain_keeps_the_weakest_hop_and_the_remedy()
    {
        string name = new('n', 60);
        Finding finding = Assert.Single(Catalog.Findings(Rule, Networks.Attachment(Localnet), Below.Policy(
            $"{{name: br, type: ovs-bridge, bridge: {{port: [{{name: {name}}}]}}}}\n{{name: {name}, type: bond, mtu: 9000, link-aggregation: {{port: [e]}}}}\n"
            + "{name: e, type: ethernet, mtu: 1500}", Mapping)));
        Assert.InRange(finding.Line.Length, 100, Finding.MaxLength);
        Assert.Contains("e 1500 (weakest)", finding.Line, StringComparison.Ordinal);
        Assert.EndsWith("raise e to 9000 first", finding.Line, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_where_nothing_below_was_seen() => Assert.Equal("", Networks.Say(Rule, Networks.Attachment(Localnet)));
}
