using Webhook.Resources;

namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpDynamicAddressTests
{
    private const string Rule = "nncp-dynamic-address";

    [Theory]
    [InlineData("ipv4: {enabled: true, dhcp: true}", "Error [0].ipv4.dhcp")]
    [InlineData("ipv4: {dhcp: true}", "Error [0].ipv4.dhcp")]
    [InlineData("ipv4: {enabled: 'yes', dhcp: 'on'}", "Error [0].ipv4.dhcp")]
    [InlineData("ipv4: {dhcp: 1}", "Error [0].ipv4.dhcp")]
    [InlineData("ipv4: {dhcp: true, address: [{ip: 10.0.0.1, prefix-length: 24}]}", "Error [0].ipv4.dhcp")]
    [InlineData("ipv4: {enabled: false, dhcp: true}", "")]
    [InlineData("ipv4: {enabled: true, dhcp: false}", "")]
    [InlineData("ipv6: {dhcp: true, autoconf: true}", "Error [0].ipv6.dhcp; Error [0].ipv6.autoconf")]
    [InlineData("ipv6: {autoconf: true, dhcp: false}", "Error [0].ipv6.autoconf")]
    [InlineData("ipv6: {enabled: true, dhcp: false}", "Warning? [0].ipv6.autoconf")]
    [InlineData("ipv4: {enabled: true, address: [{ip: 10.0.0.1, prefix-length: 24}]}", "Warning? [0].ipv4.dhcp")]
    [InlineData("ipv4: {address: [{ip: 10.0.0.1, prefix-length: 24}]}", "Warning? [0].ipv4.dhcp")]
    [InlineData("ipv4: {dhcp: false, address: [{ip: 10.0.0.1, prefix-length: 24}]}", "")]
    [InlineData("mtu: 9000", "")]
    [InlineData("ipv4: {}", "")]
    [InlineData("ipv4: '{{ capture.a.interfaces.0.ipv4 }}'", "Warning? [0].ipv4")]
    [InlineData("ipv4: {enabled: true, dhcp: '{{ capture.a }}'}", "Warning? [0].ipv4.dhcp")]
    [InlineData("ipv4: {dhcp: perhaps}", "")]
    [InlineData("ipv4: [dhcp]", "")]
    [InlineData("state: absent, ipv4: {dhcp: true}", "")]
    [InlineData("state: down, ipv4: {dhcp: true}", "")]
    [InlineData("state: ignore, ipv4: {dhcp: true}", "")]
    public void The_words_of_nmstate(string keys, string expected)
    {
        foreach (string version in (string[])["v1", "v1beta1", "v1alpha1"])
        {
            Assert.Equal(expected, Policies.Say(Rule, Policies.Of($"{{name: br, type: linux-bridge, {keys}}}", version: version)));
        }
    }

    [Theory]
    [InlineData("llt")]
    [InlineData("llt-lowpri")]
    [InlineData("iscsi")]
    public void DHCP_is_an_error_for_every_role(string role) =>
        Assert.Equal("Error [0].ipv4.dhcp", Policies.Say(Rule, Policies.Of("{name: br, type: linux-bridge, ipv4: {dhcp: true}}", role)));

    [Theory]
    [InlineData("typo")]
    [InlineData(null)]
    public void Without_a_role_nothing_is_said(string? role) =>
        Assert.Equal("", Policies.Say(Rule, Policies.Of("{name: br, type: linux-bridge, ipv4: {dhcp: true}}", role)));

    [Fact]
    public void Addresses_of_an_OVS_bridge_are_dropped_by_nmstate_and_those_of_its_port_count() => Assert.Equal(
        "Error [1].ipv4.dhcp",
        Policies.Say(Rule, Policies.Of("{name: br, type: ovs-bridge, ipv4: {dhcp: true}}\n{name: br, type: ovs-interface, ipv4: {dhcp: true}}")));

    [Theory]
    [InlineData("mixed", "~/interface-roles: 'bond0.301=llt'", "", "Warning [0].ipv4.dhcp; Error [1].ipv4.dhcp")]
    [InlineData("llt", "", "", "Error [0].ipv4.dhcp; Error [1].ipv4.dhcp")]
    [InlineData("llt", "", "routes: {config: [{destination: 0.0.0.0/0, next-hop-interface: bond0}]}", "Warning [0].ipv4.dhcp; Error [1].ipv4.dhcp")]
    [InlineData("mixed", "~/interface-roles: 'bond0.301=llt,bond0=iscsi'", "", "Error [0].ipv4.dhcp; Error [1].ipv4.dhcp")]
    public void An_uplink_that_other_networks_share_is_a_warning(string role, string annotations, string state, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of(
            "{name: bond0, type: bond, ipv4: {dhcp: true}}\n{name: bond0.301, type: vlan, vlan: {base-iface: bond0, id: 301}, ipv4: {dhcp: true}}",
            role,
            annotations,
            state: state)));

    [Theory]
    [InlineData("", "Warning? metadata.annotations[infoscale.internal/interface-roles]")]
    [InlineData("~/interface-roles: ''", "Warning? metadata.annotations[infoscale.internal/interface-roles]")]
    [InlineData("~/interface-roles: br=llt", "Error [0].ipv4.dhcp")]
    [InlineData("~/interface-roles: br=none", "")]
    public void Mixed_without_names_cannot_be_judged(string annotations, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of("{name: br, type: linux-bridge, ipv4: {dhcp: true}}", "mixed", annotations)));

    [Fact]
    public void A_list_that_is_a_template_is_one_warning_and_only_with_a_role()
    {
        const string Template = "{apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: a, labels: {LABEL}}, spec: {desiredState: {interfaces: '{{ capture.a.interfaces }}'}}}";
        Assert.Equal("Warning? interfaces", Policies.Say(Rule, Template.Replace("LABEL", "infoscale.internal/role: iscsi", StringComparison.Ordinal)));
        Assert.Equal("", Policies.Say(Rule, Template.Replace("LABEL", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_assumed_role_is_said_to_be_assumed_and_spares_the_default_route()
    {
        var context = new RuleContext { Now = Catalog.Now, AssumedRole = NetworkRole.Iscsi };
        Finding finding = Assert.Single(Catalog.Findings(
            Rule,
            Policies.Of(
                "{name: eth0, type: ethernet, ipv4: {dhcp: true}}\n{name: br-ex, type: ovs-interface, ipv4: {dhcp: true}}\n{name: eth1, type: ethernet, ipv4: {dhcp: true}}",
                role: null,
                state: "routes: {config: [{destination: 0.0.0.0/0, next-hop-interface: eth0}]}"),
            context));
        Assert.Contains("iscsi (assumed) interface \"eth1\"", finding.Message, StringComparison.Ordinal);
    }
}
