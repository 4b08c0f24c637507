namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpMtuExceedsBaseTests
{
    private const string Rule = "nncp-mtu-exceeds-base";

    [Theory]
    [InlineData("{name: v, type: vlan, mtu: 9000, vlan: {base-iface: e}}\n{name: e, type: ethernet, mtu: 8999}", "Error [0].mtu")]
    [InlineData("{name: v, type: vlan, mtu: 9000, vlan: {base-iface: e}}\n{name: e, type: ethernet, mtu: 9000}", "")]
    [InlineData("{name: v, type: vlan, mtu: '9000', vlan: {base-iface: e}}\n{name: e, type: ethernet, mtu: '1500'}", "Error [0].mtu")]
    [InlineData("{name: v, type: vlan, mtu: 9000, vlan: {base-iface: e}}\n{name: e, type: ethernet}", "")]
    [InlineData("{name: v, type: vlan, vlan: {base-iface: e}}\n{name: e, type: ethernet, mtu: 1500}", "")]
    [InlineData("{name: v, type: vlan, mtu: 9000, vlan: {base-iface: e}}\n{name: e, type: ethernet, state: absent, mtu: 1500}", "")]
    [InlineData("{name: v, type: vlan, mtu: 9000, vlan: {base-iface: e}}\n{name: e, type: ethernet, mtu: '{{ capture.a }}'}", "")]
    [InlineData("{name: b, type: bond, mtu: 9000, link-aggregation: {slaves: [e, f]}}\n{name: e, type: ethernet, mtu: 9000}\n{name: f, type: ethernet, mtu: 1500}", "Error [0].mtu")]
    [InlineData("{name: b, type: linux-bridge, mtu: 9000, bridge: {ports: [{name: e}]}}\n{name: e, type: ethernet, mtu: 1500}", "Error [0].mtu")]
    [InlineData("{name: b, type: linux-bridge, mtu: 9000}\n{name: e, type: ethernet, mtu: 1500, controller: b}", "Error [0].mtu")]
    [InlineData("{name: b, type: ovs-bridge, mtu: 9000, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 1500}", "")]
    [InlineData("{name: b, type: ovs-bridge, bridge: {port: [{name: e}, {name: b}]}}\n{name: b, type: ovs-interface, mtu: 9000}\n{name: e, type: ethernet, mtu: 1500}", "Error [1].mtu")]
    [InlineData("{name: b, type: ovs-bridge, bridge: {port: [{name: b}, {name: c}]}}\n{name: b, type: ovs-interface, mtu: 9000}\n{name: c, type: ovs-interface, mtu: 1500}", "")]
    [InlineData("{name: b, type: ovs-bridge, bridge: {port: [{name: x, link-aggregation: {port: [{name: e}]}}, {name: b}]}}\n{name: b, type: ovs-interface, mtu: 9000}\n{name: e, type: ethernet, mtu: 1500}", "Error [1].mtu")]
    [InlineData("{name: a, type: vlan, mtu: 9000, vlan: {base-iface: a}}", "")]
    public void Known_values_are_compared_with_those_directly_below(string items, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of(items)));

    [Fact]
    public void The_smallest_one_is_named_with_both_numbers()
    {
        Finding finding = Assert.Single(Catalog.Findings(Rule, Policies.Of(
            "{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e, f]}}\n{name: e, type: ethernet, mtu: 4000}\n{name: f, type: ethernet, mtu: 1500}")));
        Assert.Contains("\"f\" with mtu 1500", finding.Message, StringComparison.Ordinal);
        Assert.Equal((7500, "9000 1500"), (finding.Shortfall, finding.Evidence));
    }

    [Theory]
    [InlineData(9216, "")]
    [InlineData(9000, "")]
    [InlineData(8999, "Error [0].mtu")]
    public void A_base_that_another_policy_declares_is_compared_too(int mtu, string expected) => Assert.Equal(
        expected,
        Policies.Say(Rule, Policies.Of("{name: v, type: vlan, mtu: 9000, vlan: {base-iface: e, id: 3}}"), Policies.Given(
            Policies.Of($"{{name: e, type: ethernet, mtu: {mtu}}}").Replace("name: policy", "name: other", StringComparison.Ordinal))));
}
