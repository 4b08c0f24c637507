namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpAddressChangedTests
{
    private const string Rule = "nncp-address-changed";
    private const string Old = "ipv4: {enabled: true, dhcp: false, address: [{ip: 10.0.0.1, prefix-length: 24}]}";

    [Theory]
    [InlineData(Old, "")]
    [InlineData("ipv4: {enabled: true, dhcp: false, address: [{ip: 10.0.0.2, prefix-length: 24}, {ip: 10.0.0.1, prefix-length: '24'}]}", "")]
    [InlineData("ipv4: {enabled: true, dhcp: false, address: [{ip: 10.0.0.2, prefix-length: 24}]}", "Error [0].ipv4.address")]
    [InlineData("ipv4: {enabled: true, dhcp: false, address: [{ip: 10.0.0.1, prefix-length: 16}]}", "Error [0].ipv4.address")]
    [InlineData("ipv4: {enabled: true, dhcp: false, address: []}", "Error [0].ipv4.address")]
    [InlineData("ipv4: {enabled: false}", "Error [0].ipv4.address")]
    [InlineData("ipv4: {enabled: true, dhcp: false}", "")]
    [InlineData("ipv4: '{{ capture.a }}'", "Warning? [0].ipv4")]
    [InlineData("ipv4: {enabled: true, dhcp: false, address: '{{ capture.a }}'}", "Warning? [0].ipv4.address")]
    [InlineData("description: none", "")]
    [InlineData("state: absent", "")]
    public void An_address_of_a_network_in_use_stays(string now, string expected)
    {
        string after = Policies.Of($"{{name: br, type: linux-bridge, {now}}}");
        Assert.Equal(expected, Changes.Say(Rule, Policies.Of($"{{name: br, type: linux-bridge, {Old}}}"), after));
        Assert.Equal("", Changes.Say(Rule, Policies.Of($"{{name: br, type: linux-bridge, {Old}}}"), after, Changes.Unused));
    }

    [Fact]
    public void An_address_may_move_to_another_interface_of_the_node() => Assert.Equal(
        "",
        Changes.Say(
            Rule, Policies.Of($"{{name: br, type: linux-bridge, {Old}}}"),
            Policies.Of($"{{name: br, type: linux-bridge, ipv4: {{enabled: false}}}}\n{{name: br.3, type: vlan, vlan: {{base-iface: br, id: 3}}, {Old}}}")));

    [Fact]
    public void The_address_is_named_with_those_who_use_the_network()
    {
        Finding finding = Assert.Single(Catalog.Findings(
            Rule, Policies.Of("{name: br, type: linux-bridge, ipv4: {enabled: false}}"), Changes.Update(Policies.Of($"{{name: br, type: linux-bridge, {Old}}}"))));
        Assert.Contains("\"10.0.0.1/24\": the address of llt interface \"br\" goes, and VM erp-db/vcs-node1 uses it", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_networks_were_not_seen_that_is_said() => Assert.Equal(
        "Warning? [0].ipv4.address",
        Changes.Say(Rule, Policies.Of($"{{name: br, type: linux-bridge, {Old}}}"), Policies.Of("{name: br, type: linux-bridge, ipv4: {enabled: false}}"), ""));
}
