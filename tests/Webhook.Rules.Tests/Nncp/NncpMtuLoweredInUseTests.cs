namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpMtuLoweredInUseTests
{
    private const string Rule = "nncp-mtu-lowered-in-use";

    [Theory]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000}", "{name: br, type: linux-bridge, mtu: 8999}", "Error [0].mtu")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000}", "{name: br, type: linux-bridge, mtu: 9000}", "")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000}", "{name: br, type: linux-bridge, mtu: 9216}", "")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000}", "{name: br, type: linux-bridge}", "")]
    [InlineData("{name: br, type: linux-bridge}", "{name: br, type: linux-bridge, mtu: 1500}", "")]
    [InlineData("{name: br, type: linux-bridge, mtu: '9000'}", "{name: br, mtu: 1500}", "Error [0].mtu")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000}", "{name: br, type: linux-bridge, state: absent, mtu: 1500}", "")]
    [InlineData("{name: other, type: linux-bridge, mtu: 9000}", "{name: other, type: linux-bridge, mtu: 1500}", "")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 9000}",
        "{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 1500}", "Error [1].mtu")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 9216}",
        "{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 9000}", "")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: b}]}}\n{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e]}}\n{name: e, type: ethernet, mtu: 9000}",
        "{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: b}]}}\n{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e]}}\n{name: e, type: ethernet, mtu: 8000}", "Error [2].mtu")]
    public void The_mtu_of_a_chain_in_use_does_not_go_down(string old, string now, string expected)
    {
        Assert.Equal(expected, Changes.Say(Rule, Policies.Of(old), Policies.Of(now)));
        Assert.Equal("", Changes.Say(Rule, Policies.Of(old), Policies.Of(now), Changes.Unused));
    }

    [Fact]
    public void A_localnet_is_found_by_its_mapping()
    {
        string Policy(int mtu) => Policies.Of(
            $"{{name: ovs, type: ovs-bridge, bridge: {{port: [{{name: e}}]}}}}\n{{name: e, type: ethernet, mtu: {mtu}}}", state: "ovn: {bridge-mappings: [{localnet: net, bridge: ovs}]}");
        Finding finding = Assert.Single(Catalog.Findings(Rule, Policy(1500), Changes.Update(Policy(9000))));
        Assert.Contains("was 9000, and VM erp-db/vcs-node2 uses it; what VMs send above 1500 is dropped at once", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bridge_of_another_policy_is_found_too() => Assert.Equal(
        "Error [0].mtu",
        Changes.Say(
            Rule, Policies.Of("{name: e, type: ethernet, mtu: 9000}"), Policies.Of("{name: e, type: ethernet, mtu: 1500}"),
            Changes.Used + "\n---\n" + Policies.Of("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: e}]}}").Replace("name: policy", "name: upper", StringComparison.Ordinal)));

    [Fact]
    public void What_the_node_has_counts_where_the_policy_did_not_say() => Assert.Equal(
        "Error [0].mtu",
        Changes.Say(
            Rule, Policies.Of("{name: br, type: linux-bridge}"), Policies.Of("{name: br, type: linux-bridge, mtu: 1500}"),
            Changes.Used + "\n---\n{apiVersion: nmstate.io/v1beta1, kind: NodeNetworkState, metadata: {name: worker-1}, "
            + "status: {currentState: {interfaces: [{name: br, type: linux-bridge, mtu: 9000}]}}}"));

    [Fact]
    public void Where_networks_were_not_seen_that_is_said() => Assert.Equal(
        "Warning? [0].mtu",
        Changes.Say(Rule, Policies.Of("{name: br, type: linux-bridge, mtu: 9000}"), Policies.Of("{name: br, type: linux-bridge, mtu: 1500}"), ""));
}
