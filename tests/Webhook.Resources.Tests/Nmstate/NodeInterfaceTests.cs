using Webhook.Resources.Nmstate;

namespace Webhook.Resources.Tests.Nmstate;

public sealed class NodeInterfaceTests
{
    [Theory]
    [InlineData("{name: v, type: vlan, vlan: {base-iface: bond0, id: 3}}", "bond0*")]
    [InlineData("{name: v, type: vxlan, vxlan: {base-iface: eth1}}", "eth1*")]
    [InlineData("{name: v, type: mac-vlan, mac-vlan: {base-iface: eth1}}", "eth1*")]
    [InlineData("{name: v, type: mac-vtap, mac-vtap: {base-iface: eth1}}", "eth1*")]
    [InlineData("{name: v, type: ipvlan, ipvlan: {base-iface: eth1}}", "eth1*")]
    [InlineData("{name: v, type: infiniband, infiniband: {base-iface: ib0}}", "ib0*")]
    [InlineData("{name: v, type: macsec, macsec: {base-iface: eth1, port: 0}}", "eth1*")]
    [InlineData("{name: v, type: ethernet, vlan: {base-iface: eth1}}", "")]
    [InlineData("{name: v, vlan: {base-iface: eth1}}", "eth1*")]
    [InlineData("{name: v, type: vlan, vlan: {base-iface: '{{ capture.x.interfaces.0.name }}'}}", "")]
    [InlineData("{name: v, type: vlan, vlan: eth1}", "")]
    [InlineData("{name: b, type: bond, link-aggregation: {port: [eth1, eth2]}}", "eth1 eth2")]
    [InlineData("{name: b, type: bond, link-aggregation: {ports: [eth1]}}", "eth1")]
    [InlineData("{name: b, type: bond, link-aggregation: {slaves: [eth1, eth2]}}", "eth1 eth2")]
    [InlineData("{name: b, type: bond, link-aggregation: {ports-config: [{name: eth1, priority: 1}]}}", "eth1")]
    [InlineData("{name: b, type: bond, bond: {port: [eth1]}}", "eth1")]
    [InlineData("{name: b, type: bond, link-aggregation: {port: '{{ capture.x }}'}}", "")]
    [InlineData("{name: b, type: bond, link-aggregation: {port: [7, null, {}, []]}}", "7")]
    [InlineData("{name: br, type: linux-bridge, bridge: {port: [{name: eth1}, {name: eth2}]}}", "eth1 eth2")]
    [InlineData("{name: br, type: linux-bridge, bridge: {ports: [{name: eth1}]}}", "eth1")]
    [InlineData("{name: br, type: ovs-bridge, bridge: {port: [{name: br}, {name: b, link-aggregation: {port: [{name: eth1}, {name: eth2}]}}]}}", "br eth1 eth2")]
    [InlineData("{name: br, type: ovs-bridge, bridge: {port: {name: eth1}}}", "")]
    [InlineData("{name: r, type: vrf, vrf: {port: [eth1], route-table-id: 100}}", "eth1")]
    public void What_it_stands_on_is_read_from_every_form(string yaml, string expected) =>
        Assert.Equal(expected, string.Join(' ', States.Interface(yaml).Lower.Select(static link => link.Name + (link.IsBase ? "*" : ""))));

    [Theory]
    [InlineData("{type: ethernet, mtu: 9000}", 9000L)]
    [InlineData("{type: ethernet, mtu: '9000'}", 9000L)]
    [InlineData("{type: ethernet, mtu: 0}", null)]
    [InlineData("{type: ethernet, mtu: '{{ capture.a.interfaces.0.mtu }}'}", null)]
    [InlineData("{type: ovs-bridge, mtu: 9000}", null)]
    [InlineData("{type: ethernet}", null)]
    public void An_mtu_is_known_where_it_is_a_positive_number_and_not_on_an_OVS_bridge(string yaml, long? expected) =>
        Assert.Equal(expected, States.Interface(yaml).MtuValue);

    [Theory]
    [InlineData("{state: up}", NodeInterfaceState.Up)]
    [InlineData("{}", NodeInterfaceState.Up)]
    [InlineData("{state: down}", NodeInterfaceState.Down)]
    [InlineData("{state: absent}", NodeInterfaceState.Absent)]
    [InlineData("{state: ignore}", NodeInterfaceState.Ignored)]
    public void A_state_left_out_is_up(string yaml, NodeInterfaceState expected) => Assert.Equal(expected, States.Interface(yaml).State);

    [Theory]
    [InlineData("{link-aggregation: {mode: balance-rr}}", "balance-rr")]
    [InlineData("{link-aggregation: {mode: 0}}", "balance-rr")]
    [InlineData("{link-aggregation: {mode: '6'}}", "balance-alb")]
    [InlineData("{link-aggregation: {mode: 4}}", "802.3ad")]
    [InlineData("{link-aggregation: {mode: lacp}}", "802.3ad")]
    [InlineData("{link-aggregation: {mode: '{{ capture.a }}'}}", null)]
    [InlineData("{link-aggregation: {}}", null)]
    public void A_bond_mode_may_be_a_number(string yaml, string? expected) => Assert.Equal(expected, States.Interface(yaml).BondMode);

    [Fact]
    public void A_patch_between_bridges_holds_no_address_and_leads_to_no_network_by_itself()
    {
        NodeInterface patch = States.Interface("{name: p, type: ovs-interface, patch: {peer: q}}");
        Assert.Equal(NodeInterfaceType.NodeInternal, patch.Type);
        Assert.False(patch.HoldsAddresses);
    }
}
