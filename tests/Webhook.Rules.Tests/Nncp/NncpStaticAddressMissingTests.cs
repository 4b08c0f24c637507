namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpStaticAddressMissingTests
{
    private const string Rule = "nncp-static-address-missing";
    private const string Off = "ipv4: {enabled: false}, ipv6: {enabled: false}";

    [Theory]
    [InlineData("{name: br, type: linux-bridge, ipv4: {enabled: false}, ipv6: {enabled: false}}", "Error [0].ipv4.address")]
    [InlineData("{name: br, type: linux-bridge, ipv4: {address: []}, ipv6: {enabled: 'off'}}", "Error [0].ipv4.address")]
    [InlineData("{name: br, type: linux-bridge, ipv4: {enabled: false}}", "Warning? [0].ipv4.address")]
    [InlineData("{name: br, type: linux-bridge}", "Warning? [0].ipv4.address")]
    [InlineData("{name: e, type: ethernet, ipv4: {enabled: false}, ipv6: {enabled: false}}", "Warning? [0].ipv4.address")]
    [InlineData("{name: br, type: linux-bridge, ipv4: {dhcp: false, address: [{ip: 10.0.0.1, prefix-length: 24}]}}", "")]
    [InlineData("{name: br, type: linux-bridge, ipv6: {address: [{ip: '2001:db8::1', prefix-length: 64}]}}", "")]
    [InlineData("{name: br, type: linux-bridge, ipv6: {dhcp: false, address: [{ip: 'fe80::1', prefix-length: 64}]}}", "Warning? [0].ipv4.address")]
    [InlineData("{name: br, type: linux-bridge, ipv4: {enabled: false, address: [{ip: 10.0.0.1, prefix-length: 24}]}, ipv6: {enabled: false}}", "Error [0].ipv4.address")]
    [InlineData("{name: br, type: linux-bridge, ipv4: {dhcp: true}}", "")]
    [InlineData("{name: br, type: linux-bridge, ipv6: {autoconf: true}}", "")]
    [InlineData("{name: br, type: linux-bridge, ipv4: '{{ capture.a.interfaces.0.ipv4 }}'}", "")]
    [InlineData("{name: br, type: linux-bridge, ipv4: {dhcp: false, address: '{{ capture.a }}'}}", "")]
    [InlineData("{name: br, type: linux-bridge, state: absent}", "")]
    [InlineData("{name: dummy0, type: dummy}", "")]
    [InlineData("{name: br, type: linux-bridge, ipv4: {dhcp: false, address: [{ip: 10.0.0.1/24, prefix-length: 24}]}}", "")]
    [InlineData("{name: br, type: linux-bridge, ipv4: {dhcp: false, address: 10.0.0.1/24}}", "")]
    [InlineData("{name: br, type: linux-bridge, ipv4: 10.0.0.1/24}", "")]
    public void One_interface(string item, string expected) => Assert.Equal(expected, Policies.Say(Rule, Policies.Of(item)));

    [Theory]
    [InlineData("{name: br, type: ovs-bridge, bridge: {port: [{name: eth1}, {name: br}]}}\n{name: br, type: ovs-interface, ipv4: {address: [{ip: 10.0.0.1, prefix-length: 24}]}}\n{name: eth1, type: ethernet}", "")]
    [InlineData("{name: br, type: ovs-bridge, bridge: {port: [{name: eth1}, {name: br}]}}\n{name: br, type: ovs-interface}\n{name: eth1, type: ethernet}", "Warning? [1].ipv4.address")]
    [InlineData("{name: br, type: ovs-bridge, ipv4: {address: [{ip: 10.0.0.1, prefix-length: 24}]}}", "Warning? [0]")]
    [InlineData("{name: br, type: linux-bridge, bridge: {port: [{name: v}]}}\n{name: v, type: vlan, vlan: {base-iface: e}}\n{name: e, type: ethernet, ipv4: {address: [{ip: 10.0.0.1, prefix-length: 24}]}}", "")]
    [InlineData("{name: br1, type: linux-bridge, ipv4: {address: [{ip: 10.0.0.1, prefix-length: 24}]}}\n{name: br2, type: linux-bridge}", "Warning? [1].ipv4.address")]
    public void One_address_is_enough_for_a_chain(string items, string expected) => Assert.Equal(expected, Policies.Say(Rule, Policies.Of(items)));

    [Fact]
    public void An_address_of_the_shared_uplink_is_not_the_networks_own() => Assert.Equal(
        "Warning? [1].ipv4.address",
        Policies.Say(Rule, Policies.Of(
            "{name: bond0, type: bond, ipv4: {address: [{ip: 10.0.0.1, prefix-length: 24}]}}\n{name: v, type: vlan, vlan: {base-iface: bond0}}",
            "mixed",
            "~/interface-roles: v=llt")));

    [Theory]
    [InlineData("{kubernetes.io/hostname: worker-1}", "{enabled: true, address: [{ip: 10.0.0.1, prefix-length: 24}]}", "")]
    [InlineData("{kubernetes.io/hostname: worker-2}", "{enabled: true, address: [{ip: 10.0.0.1, prefix-length: 24}]}", "Error [0].ipv4.address")]
    [InlineData("{}", "{enabled: false}", "Error [0].ipv4.address")]
    public void Another_policy_for_the_same_node_may_hold_the_address(string selector, string section, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of("{name: e, type: ethernet}"), Policies.Given(
            $$$"""
            apiVersion: nmstate.io/v1
            kind: NodeNetworkConfigurationPolicy
            metadata: {name: other}
            spec:
              nodeSelector: {{{selector}}}
              desiredState: {interfaces: [{name: e, type: ethernet, ipv4: {{{section}}}}]}
            """)));

    [Fact]
    public void Optional_node_addresses_make_it_a_warning()
    {
        var context = new RuleContext { Now = Catalog.Now, Settings = new RuleSettings { NodeAddressRequired = false } };
        Assert.Equal("Warning [0].ipv4.address", Policies.Say(Rule, Policies.Of($"{{name: br, type: linux-bridge, {Off}}}"), context));
    }
}
