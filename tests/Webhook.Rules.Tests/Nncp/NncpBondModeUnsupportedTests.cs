namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpBondModeUnsupportedTests
{
    private const string Rule = "nncp-bond-mode-unsupported";

    [Theory]
    [InlineData("balance-rr", true)]
    [InlineData("balance-tlb", true)]
    [InlineData("balance-alb", true)]
    [InlineData("0", true)]
    [InlineData("'5'", true)]
    [InlineData("6", true)]
    [InlineData("active-backup", false)]
    [InlineData("balance-xor", false)]
    [InlineData("802.3ad", false)]
    [InlineData("1", false)]
    [InlineData("'{{ capture.a }}'", false)]
    [InlineData("null", false)]
    public void The_mode_decides(string mode, bool reports) => Assert.Equal(
        reports ? "Warning [1].link-aggregation.mode" : "",
        Policies.Say(Rule, Policies.Of(
            $"{{name: br, type: linux-bridge, bridge: {{port: [{{name: b}}]}}}}\n{{name: b, type: bond, link-aggregation: {{mode: {mode}, port: [e]}}}}")));

    [Theory]
    [InlineData("{name: b, type: bond, link-aggregation: {mode: balance-rr}}", "")]
    [InlineData("{name: b, type: bond, link-aggregation: {mode: balance-rr}}\n{name: v, type: vlan, vlan: {base-iface: b}}", "")]
    [InlineData("{name: b, type: bond, bond: {mode: balance-rr}}\n{name: br, type: linux-bridge, bridge: {port: [{name: v}]}}\n{name: v, type: vlan, vlan: {base-iface: b}}", "Warning [0].bond.mode")]
    [InlineData("{name: b, type: bond, link-aggregation: {mode: balance-rr}, controller: br}\n{name: br, type: ovs-bridge}", "Warning [0].link-aggregation.mode")]
    public void Only_below_a_bridge(string items, string expected) => Assert.Equal(expected, Policies.Say(Rule, Policies.Of(items)));

    [Fact]
    public void The_bridge_may_stand_in_another_policy()
    {
        string bond = Policies.Of("{name: b, type: bond, mtu: 9000, link-aggregation: {mode: balance-rr, port: [e]}}");
        string bridge = Policies.Of("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: b}]}}").Replace("name: policy", "name: upper", StringComparison.Ordinal);
        Assert.Equal("", Policies.Say("nncp-bond-mode-unsupported", bond, Policies.Given(bridge)));
        Assert.Equal(
            "Warning [0].link-aggregation.mode", Policies.Say("nncp-bond-mode-unsupported", bond, Policies.Given(bridge + "\n---\n" + Changes.Used)));
    }
}
