namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpMtuExceedsNicTests
{
    private const string Rule = "nncp-mtu-exceeds-nic";
    private const string Seen =
        """
        apiVersion: nmstate.io/v1beta1
        kind: NodeNetworkState
        metadata: {name: worker-1}
        status: {currentState: {interfaces: [
          {name: e, type: ethernet, max-mtu: 1500},
          {name: f, type: ethernet, max-mtu: 9000},
          {name: g, type: ethernet, max-mtu: "1500"},
          {name: h, type: ethernet},
          {name: i, type: ethernet, max-mtu: 0},
          {name: br, type: ovs-bridge, max-mtu: 1500}]}}
        """;

    [Theory]
    [InlineData("{name: e, type: ethernet, mtu: 1500}", "")]
    [InlineData("{name: e, type: ethernet, mtu: 1501}", "Error [0].mtu")]
    [InlineData("{name: e, type: ethernet, mtu: '1501'}", "Error [0].mtu")]
    [InlineData("{name: f, type: ethernet, mtu: 9000}", "")]
    [InlineData("{name: f, type: ethernet, mtu: 9001}", "Error [0].mtu")]
    [InlineData("{name: g, type: ethernet, mtu: 9000}", "Error [0].mtu")]
    [InlineData("{name: h, type: ethernet, mtu: 9000}", "")]
    [InlineData("{name: i, type: ethernet, mtu: 9000}", "")]
    [InlineData("{name: j, type: ethernet, mtu: 9000}", "")]
    [InlineData("{name: e, type: ethernet}", "")]
    [InlineData("{name: e, type: ethernet, state: down, mtu: 9000}", "")]
    [InlineData("{name: br, type: ovs-interface, mtu: 9000}", "")]
    [InlineData("{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e, f]}}", "Error [0].mtu")]
    [InlineData("{name: b, type: bond, mtu: 9000, link-aggregation: {port: [f]}}", "")]
    [InlineData("{name: b, type: bond, link-aggregation: {port: [e, f]}}", "")]
    [InlineData("{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e]}}\n{name: e, type: ethernet, mtu: 9000}", "Error [1].mtu")]
    [InlineData("{name: b, type: ovs-bridge, bridge: {port: [{name: e}]}}", "")]
    public void The_mtu_is_compared_with_the_largest_that_the_node_reports(string items, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of(items), Policies.Given(Seen)));

    [Fact]
    public void Only_selected_nodes_count_and_all_of_them_are_named()
    {
        RuleContext context = Policies.Given(
            string.Join("\n---\n", Node("worker-1", 1500), Node("worker-2", 4000), Node("worker-3", 9000), Node("infra-1", 900, "infra")));
        string policy = Policies.Of("{name: e, type: ethernet, mtu: 9000}", spec: "nodeSelector: {pool: worker}");
        Finding finding = Assert.Single(Catalog.Findings(Rule, policy, context));
        Assert.Contains("\"e\" on worker-1 and worker-2 takes 1500 at most", finding.Message, StringComparison.Ordinal);
        Assert.Equal((7500, "9000 1500"), (finding.Shortfall, finding.Evidence));
    }

    [Fact]
    public void Nothing_is_said_of_nodes_that_were_not_seen() => Assert.Equal(
        "", Policies.Say(Rule, Policies.Of("{name: e, type: ethernet, mtu: 9000}", spec: "nodeSelector: {pool: worker}"), Policies.Given(Seen)));

    private static string Node(string name, int most, string pool = "worker") =>
        $$$$"""
        {apiVersion: v1, kind: Node, metadata: {name: {{{{name}}}}, labels: {pool: {{{{pool}}}}}}}
        ---
        {apiVersion: nmstate.io/v1beta1, kind: NodeNetworkState, metadata: {name: {{{{name}}}}},
         status: {currentState: {interfaces: [{name: e, type: ethernet, max-mtu: {{{{most}}}}}]}}}
        """;
}
