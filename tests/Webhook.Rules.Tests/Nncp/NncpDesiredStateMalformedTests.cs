namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpDesiredStateMalformedTests
{
    private const string Rule = "nncp-desired-state-malformed";

    [Theory]
    [InlineData("{name: a, type: ethernet}", "")]
    [InlineData("{name: 100, type: ethernet}", "")]
    [InlineData("{type: ethernet}", "Error [0].name")]
    [InlineData("{name: '', type: ethernet}", "Error [0].name")]
    [InlineData("{name: [a], type: ethernet}", "Error [0].name")]
    [InlineData("{identifier: mac-address, mac-address: 02:00:00:00:00:01}", "")]
    [InlineData("{name: a, type: 7}", "Error [0].type")]
    [InlineData("{name: a, state: true}", "Error [0].state")]
    [InlineData("7", "Error [0]")]
    [InlineData("'{{ capture.a.interfaces.0 }}'", "")]
    [InlineData("{name: a, mtu: 0}", "Error [0].mtu")]
    [InlineData("{name: a, mtu: -1}", "Error [0].mtu")]
    [InlineData("{name: a, mtu: 9000.5}", "Error [0].mtu")]
    [InlineData("{name: a, mtu: '9000'}", "")]
    [InlineData("{name: a, mtu: jumbo}", "Error [0].mtu")]
    [InlineData("{name: a, mtu: null}", "")]
    [InlineData("{name: a, mtu: '{{ capture.a.interfaces.0.mtu }}'}", "")]
    [InlineData("{name: a, state: absent, mtu: jumbo, ipv4: 7}", "")]
    [InlineData("{name: a, state: ignore, mtu: jumbo}", "")]
    [InlineData("{name: a, bridge: [b]}", "Error [0].bridge")]
    [InlineData("{name: a, bridge: {port: b}}", "Error [0].bridge.port")]
    [InlineData("{name: a, bridge: {port: '{{ capture.a }}'}}", "")]
    [InlineData("{name: a, link-aggregation: {slaves: {a: b}}}", "Error [0].link-aggregation.slaves")]
    [InlineData("{name: a, type: macsec, macsec: {base-iface: b, port: 0}}", "")]
    [InlineData("{name: a, vlan: '{{ capture.a.interfaces.0.vlan }}'}", "")]
    public void The_shape_of_an_interface(string item, string expected) => Assert.Equal(expected, Policies.Say(Rule, Policies.Of(item)));

    [Theory]
    [InlineData("ipv4", "7", "Error [0].ipv4")]
    [InlineData("ipv4", "'{{ capture.a.interfaces.0.ipv4 }}'", "")]
    [InlineData("ipv4", "{enabled: maybe}", "Error [0].ipv4.enabled")]
    [InlineData("ipv4", "{dhcp: 2}", "Error [0].ipv4.dhcp")]
    [InlineData("ipv4", "{dhcp: 'Off', enabled: 1}", "")]
    [InlineData("ipv4", "{autoconf: false}", "Error [0].ipv4.autoconf")]
    [InlineData("ipv6", "{autoconf: false}", "")]
    [InlineData("ipv6", "{autoconf: {}}", "Error [0].ipv6.autoconf")]
    [InlineData("ipv4", "{address: 10.0.0.1/24}", "Error [0].ipv4.address")]
    [InlineData("ipv4", "{address: '{{ capture.a }}'}", "")]
    [InlineData("ipv4", "{address: [10.0.0.1/24]}", "Error [0].ipv4.address[0]")]
    [InlineData("ipv4", "{address: [{prefix-length: 24}]}", "Error [0].ipv4.address[0].ip")]
    [InlineData("ipv4", "{address: [{ip: 10.0.0.1}]}", "Error [0].ipv4.address[0].prefix-length")]
    [InlineData("ipv4", "{address: [{ip: 10.0.0.1, prefix-length: 0}, {ip: 10.0.0.2, prefix-length: 32}]}", "")]
    [InlineData("ipv4", "{address: [{ip: 10.0.0.1, prefix-length: 33}]}", "Error [0].ipv4.address[0].prefix-length")]
    [InlineData("ipv4", "{address: [{ip: 10.0.0.1, prefix-length: '24'}]}", "")]
    [InlineData("ipv4", "{address: [{ip: 10.0.0.1, prefix-length: 255.255.255.0}]}", "Error [0].ipv4.address[0].prefix-length")]
    [InlineData("ipv4", "{address: [{ip: 10.0.0.256, prefix-length: 24}]}", "Error [0].ipv4.address[0].ip")]
    [InlineData("ipv4", "{address: [{ip: '2001:db8::1', prefix-length: 64}]}", "Error [0].ipv4.address[0].ip")]
    [InlineData("ipv6", "{address: [{ip: 10.0.0.1, prefix-length: 24}]}", "Error [0].ipv6.address[0].ip")]
    [InlineData("ipv6", "{address: [{ip: '2001:db8::1', prefix-length: 128}]}", "")]
    [InlineData("ipv6", "{address: [{ip: '2001:db8::1', prefix-length: 129}]}", "Error [0].ipv6.address[0].prefix-length")]
    [InlineData("ipv4", "{address: [{ip: '{{ capture.a }}', prefix-length: '{{ capture.b }}'}, '{{ capture.c }}']}", "")]
    [InlineData("ipv4", "{enabled: false, address: [{ip: nonsense}]}", "")]
    public void The_shape_of_an_ip_section(string family, string section, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of($"{{name: a, {family}: {section}}}")));

    [Theory]
    [InlineData("desiredState: [a]", "Error spec.desiredState")]
    [InlineData("desiredState: {interfaces: {a: b}}", "Error interfaces")]
    [InlineData("desiredState: {interfaces: '{{ capture.a.interfaces }}'}", "")]
    [InlineData("desiredState: {interfaces: null}", "")]
    [InlineData("desiredState: null", "")]
    [InlineData("nodeSelector: {}", "")]
    public void The_shape_of_the_state(string spec, string expected) => Assert.Equal(expected, Policies.Say(
        Rule, $"{{apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {{name: a}}, spec: {{{spec}}}}}"));

    [Theory]
    [InlineData("br=llt", "{name: br}", 0)]
    [InlineData("eth1=llt", "{name: br, type: linux-bridge, bridge: {port: [{name: eth1}]}}", 0)]
    [InlineData("br=llt", "{name: br, state: absent}", 0)]
    [InlineData("br=llt, eth9 = iscsi,eth8=none", "{name: br}", 2)]
    [InlineData("eth9=llt", "{name: '{{ capture.a.interfaces.0.name }}'}", 0)]
    public void Interface_roles_name_interfaces_of_the_policy(string roles, string item, int expected) =>
        Assert.Equal(expected, Catalog.Findings(Rule, Policies.Of(item, "mixed", $"~/interface-roles: '{roles}'")).Count);

    [Fact]
    public void Two_names_of_one_annotation_are_two_subjects() => Assert.Equal(
        ["eth8", "eth9"],
        Catalog.Findings(Rule, Policies.Of("{name: br}", "mixed", "~/interface-roles: 'eth8=llt,eth9=llt'")).Select(static finding => finding.Subject));
}
