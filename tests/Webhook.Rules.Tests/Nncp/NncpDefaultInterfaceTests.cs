namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpDefaultInterfaceTests
{
    private const string Rule = "nncp-default-interface";
    private const string Routes = "routes: {config: [{destination: 0.0.0.0/0, next-hop-interface: eth0}]}";

    [Theory]
    [InlineData("{name: br-ex, type: ovs-bridge}\n{name: br-ex, type: ovs-interface}", "", "Warning [0].name")]
    [InlineData("{name: br-ex, type: ovs-bridge, state: absent}", "", "Warning [0].name")]
    [InlineData("{name: br-ex, type: ovs-bridge, state: ignore}", "", "")]
    [InlineData("{name: v, type: vlan, vlan: {base-iface: br-ex}}", "", "")]
    [InlineData("{name: br-ex2, type: ovs-bridge}", "", "")]
    [InlineData("{name: eth0, type: ethernet}", Routes, "Warning [0].name")]
    [InlineData("{name: eth0, type: ethernet}", "routes: {config: [{destination: 0.0.0.0/0, next-hop-interface: eth0, state: absent}]}", "")]
    [InlineData("{name: eth0, type: ethernet}", "routes: {config: [{destination: 10.0.0.0/8, next-hop-interface: eth0}]}", "")]
    [InlineData("{name: br, type: linux-bridge, bridge: {port: [{name: eth0}]}}", Routes, "Warning [0].bridge.port[0].name")]
    [InlineData("{name: v, type: vlan, vlan: {base-iface: eth0}}", Routes, "")]
    [InlineData("{name: eth1, type: ethernet}", "ovn: {bridge-mappings: [{localnet: a, bridge: br-ex}]}", "")]
    public void What_is_touched(string items, string state, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of(items, state: state)));

    [Theory]
    [InlineData("e", "Warning [0].name")]
    [InlineData("f", "")]
    public void The_routes_that_the_node_has_count_too(string name, string expected) => Assert.Equal(
        expected,
        Policies.Say("nncp-default-interface", Policies.Of("{name: e, type: ethernet, mtu: 9000}"), Policies.Given(
            "{apiVersion: nmstate.io/v1beta1, kind: NodeNetworkState, metadata: {name: worker-1}, status: {currentState: "
            + $"{{routes: {{running: [{{destination: 0.0.0.0/0, next-hop-interface: {name}}}]}}}}}}}}")));
}
