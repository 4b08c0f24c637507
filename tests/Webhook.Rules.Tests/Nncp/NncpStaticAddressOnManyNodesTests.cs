namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpStaticAddressOnManyNodesTests
{
    private const string Rule = "nncp-static-address-on-many-nodes";
    private const string Static = "{name: br, type: linux-bridge, ipv4: {dhcp: false, address: [{ip: 10.0.0.1, prefix-length: 24}, {ip: 10.0.0.2, prefix-length: 24}]}}";

    [Theory]
    [InlineData("", "Warning? spec.nodeSelector")]
    [InlineData("nodeSelector: {}", "Warning? spec.nodeSelector")]
    [InlineData("nodeSelector: {node-role.kubernetes.io/worker: ''}", "Warning? spec.nodeSelector")]
    [InlineData("nodeSelector: {kubernetes.io/hostname: worker-1}", "")]
    [InlineData("nodeSelector: {kubernetes.io/hostname: 7}", "Warning? spec.nodeSelector")]
    [InlineData("nodeSelector: [a]", "Warning? spec.nodeSelector")]
    public void Without_Nodes_only_a_hostname_is_proof(string spec, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of(Static, spec: spec)));

    [Theory]
    [InlineData("{}", "worker-1", "")]
    [InlineData("{}", "worker-1 worker-2", "Error spec.nodeSelector")]
    [InlineData("{node-role.kubernetes.io/worker: ''}", "worker-1", "")]
    [InlineData("{node-role.kubernetes.io/worker: ''}", "worker-1 worker-2 worker-3", "Error spec.nodeSelector")]
    [InlineData("{kubernetes.io/hostname: worker-9}", "worker-1 worker-2", "Warning spec.nodeSelector")]
    [InlineData("{kubernetes.io/hostname: worker-1}", "worker-1 worker-2", "")]
    public void With_Nodes_their_number_decides(string selector, string nodes, string expected) => Assert.Equal(
        expected, Policies.Say(Rule, Policies.Of(Static, spec: $"nodeSelector: {selector}"), Policies.Workers(nodes.Split(' '))));

    [Fact]
    public void The_message_lists_nodes_and_addresses_and_cuts_both() => Assert.Equal(
        "spec.nodeSelector: Invalid value: empty: llt interface \"br\" has 10.0.0.1/24 and 1 more, and the selector matches worker-1, worker-2 and 2 more",
        Assert.Single(Catalog.Findings(Rule, Policies.Of(Static, spec: ""), Policies.Workers("worker-1", "worker-2", "worker-3", "worker-4"))).Message);

    [Theory]
    [InlineData("{name: br, type: linux-bridge, ipv4: {dhcp: false, address: '{{ capture.a }}'}}")]
    [InlineData("{name: br, type: linux-bridge, ipv4: {dhcp: false, address: [{ip: '{{ capture.a }}', prefix-length: 24}]}}")]
    [InlineData("{name: br, type: linux-bridge, ipv4: {enabled: false, address: [{ip: 10.0.0.1, prefix-length: 24}]}}")]
    [InlineData("{name: br, type: linux-bridge, ipv4: {dhcp: true}}")]
    [InlineData("{name: br, type: linux-bridge, ipv6: {address: [{ip: 'fe80::1', prefix-length: 64}]}}")]
    [InlineData("{name: br, type: ovs-bridge, ipv4: {address: [{ip: 10.0.0.1, prefix-length: 24}]}}")]
    [InlineData("{name: br, type: linux-bridge, state: absent, ipv4: {address: [{ip: 10.0.0.1, prefix-length: 24}]}}")]
    public void What_is_no_literal_address_of_the_network_is_not_meant(string item) => Assert.Equal("", Policies.Say(Rule, Policies.Of(item, spec: "")));

    [Fact]
    public void A_changed_address_is_new_evidence_and_the_subject_stays()
    {
        Finding one = Assert.Single(Catalog.Findings(Rule, Policies.Of(Static, spec: "")));
        Finding other = Assert.Single(Catalog.Findings(Rule, Policies.Of(Static.Replace("10.0.0.2", "10.0.0.3", StringComparison.Ordinal), spec: "")));
        Assert.Equal(one.Subject, other.Subject);
        Assert.NotEqual(one.Evidence, other.Evidence);
    }
}
