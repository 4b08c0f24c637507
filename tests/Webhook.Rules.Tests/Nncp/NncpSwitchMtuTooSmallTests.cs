namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpSwitchMtuTooSmallTests
{
    private const string Rule = "nncp-switch-mtu-too-small";
    private const string Place = "metadata.annotations[infoscale.internal/switch-mtu]";

    [Theory]
    [InlineData("llt", "9000", "'9216'", "")]
    [InlineData("llt", "9000", "'9000'", "")]
    [InlineData("llt", "9000", "'8999'", "Error")]
    [InlineData("llt", "9000", "'1500'", "Error")]
    [InlineData("llt-lowpri", "9000", "'1500'", "Warning")]
    [InlineData("llt", "9000", null, "Warning?")]
    [InlineData("iscsi", "1500", null, "")]
    [InlineData("iscsi", "1501", null, "Warning?")]
    [InlineData("iscsi", "1500", "'1400'", "Error")]
    [InlineData("llt", "null", null, "")]
    [InlineData("llt", "null", "'1500'", "")]
    [InlineData("llt", "9000", "plenty", "")]
    [InlineData("llt", "9000", "'0'", "")]
    [InlineData("llt", "9000", "''", "")]
    public void The_attestation_is_compared_with_what_the_node_sends(string role, string mtu, string? attested, string expected) => Assert.Equal(
        expected.Length == 0 ? "" : $"{expected} {Place}",
        Policies.Say(Rule, Policies.Of($"{{name: e, type: ethernet, mtu: {mtu}}}", role, attested is null ? "" : $"~/switch-mtu: {attested}")));

    [Fact]
    public void The_warning_comes_once_for_a_policy_and_names_the_largest_interface()
    {
        Finding finding = Assert.Single(Catalog.Findings(Rule, Policies.Of("{name: e, type: ethernet, mtu: 9000}\n{name: f, type: ethernet, mtu: 9216}")));
        Assert.Contains("physical switch not verified: its ports must carry the 9216 bytes of llt interface \"f\"", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Interfaces_without_role_ask_nothing_of_the_switch() => Assert.Equal(
        "", Policies.Say(Rule, Policies.Of("{name: e, type: ethernet, mtu: 9000}", "mixed", "~/interface-roles: 'f=llt'")));

    [Theory]
    [InlineData("9000", null, "9022", "")]
    [InlineData("9000", null, "9021", "Warning [0].mtu")]
    [InlineData("9000", null, "1522", "Warning [0].mtu")]
    [InlineData("9000", null, "", "Warning? metadata.annotations[infoscale.internal/switch-mtu]")]
    [InlineData("9000", null, "9216, 1522", "Warning [0].mtu")]
    [InlineData("9000", "'9216'", "1522", "Warning [0].mtu")]
    [InlineData("9000", "'9216'", "9216", "")]
    [InlineData("9000", "'9216'", "", "")]
    [InlineData("9000", "'1500'", "9216", "Error metadata.annotations[infoscale.internal/switch-mtu]")]
    [InlineData("9000", "'1500'", "1522", "Error metadata.annotations[infoscale.internal/switch-mtu]")]
    [InlineData("1500", null, "1518", "")]
    public void What_the_switch_announces_counts_beside_the_attestation(string mtu, string? attested, string frames, string expected) => Assert.Equal(
        expected,
        Policies.Say(
            Rule, Policies.Of($"{{name: e, type: ethernet, mtu: {mtu}}}", "llt", attested is null ? "" : $"~/switch-mtu: {attested}"), Policies.Given(State("e", frames))));

    [Theory]
    [InlineData("{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e]}}", "9216", "")]
    [InlineData("{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e]}}", "1522", "Warning [0].link-aggregation.port[0]")]
    [InlineData("{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e, f]}}", "9216", "Warning? " + Place)]
    [InlineData("{name: b, type: linux-bridge, mtu: 9000}", "9216", "Warning? " + Place)]
    public void The_ports_of_all_network_cards_must_be_known(string items, string frames, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of(items), Policies.Given(State("e", frames))));

    [Fact]
    public void The_smallest_port_is_named_with_switch_card_and_nodes()
    {
        RuleContext context = Policies.Given(
            "{apiVersion: v1, kind: Node, metadata: {name: worker-1}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: worker-2}}\n---\n"
            + State("e", "1522") + "\n---\n" + State("e", "1400", "worker-2"));
        Finding finding = Assert.Single(Catalog.Findings(Rule, Policies.Of("{name: e, type: ethernet, mtu: 9000}", spec: "nodeSelector: {}"), context));
        Assert.Contains(
            "switch leaf-worker-2 port Eth1/7 at e of worker-1 and worker-2 takes frames of 1400 bytes (LLDP), not 9022", finding.Message, StringComparison.Ordinal);
        Assert.False(finding.Unverified);
    }

    private static string State(string name, string frames, string node = "worker-1")
    {
        IEnumerable<string> neighbors = frames.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(
            frame => $"[{{system-name: leaf-{node}}}, {{port-id: Eth1/7}}, {{ieee-802-3-max-frame-size: {frame}}}]");
        return $$$$"""
            {apiVersion: nmstate.io/v1beta1, kind: NodeNetworkState, metadata: {name: {{{{node}}}}},
             status: {currentState: {interfaces: [{name: {{{{name}}}}, type: ethernet, lldp: {neighbors: [{{{{string.Join(", ", neighbors)}}}}]}}]}}}
            """;
    }
}
