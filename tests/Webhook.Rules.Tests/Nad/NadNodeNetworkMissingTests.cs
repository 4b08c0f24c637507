namespace Webhook.Rules.Tests.Nad;

public sealed class NadNodeNetworkMissingTests
{
    private const string Rule = "nad-node-network-missing";
    private const string Interfaces =
        "{name: br-lin, type: linux-bridge, bridge: {port: [{name: e}]}}\n{name: br-ovs, type: ovs-bridge, bridge: {port: [{name: f}]}}\n{name: br-off, type: linux-bridge, state: absent}";

    private const string Mappings = "{localnet: physnet-llt1, bridge: br-ovs}, {localnet: public, bridge: br-ex}";

    [Theory]
    [InlineData("""{"type": "bridge", "bridge": "br-lin"}""", "")]
    [InlineData("""{"type": "cnv-bridge", "bridge": "br-lin"}""", "")]
    [InlineData("""{"type": "bridge", "bridge": "br-lni"}""", "Error spec.config#/bridge")]
    [InlineData("""{"type": "bridge", "bridge": "br-ovs"}""", "Error spec.config#/bridge")]
    [InlineData("""{"type": "bridge", "bridge": "br-off"}""", "Error spec.config#/bridge")]
    [InlineData("""{"type": "bridge"}""", "")]
    [InlineData("""{"type": "ovs", "bridge": "br-ovs"}""", "")]
    [InlineData("""{"type": "ovs", "bridge": "br-lin"}""", "Error spec.config#/bridge")]
    [InlineData("""{"type": "ovs", "bridge": "br-ex"}""", "Warning spec.config#/bridge")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "physnet-llt1"}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "physnet-llt1"}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "physnet-llt2"}""", "Error spec.config#/name")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "br-ovs"}""", "Error spec.config#/physicalNetworkName")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "public"}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "physnet"}""", "Warning spec.config#/physicalNetworkName")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "layer2", "name": "net"}""", "")]
    [InlineData("""{"type": "macvlan", "master": "nowhere"}""", "")]
    [InlineData("""{"type": "sriov"}""", "")]
    public void What_a_network_stands_on_is_made_by_a_policy(string config, string expected) =>
        Assert.Equal(expected, Networks.Say(Rule, Networks.Attachment(config), Below.Policy(Interfaces, Mappings)));

    [Fact]
    public void The_nearest_names_are_offered()
    {
        Finding finding = Assert.Single(Catalog.Findings(
            Rule, Networks.Attachment("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "physnet-lt1"}"""), Below.Policy(Interfaces, Mappings)));
        Assert.EndsWith("write \"physnet-llt1\", or add it to an NNCP", finding.Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{name: br, type: linux-bridge}", "Error spec.config#/bridge")]
    [InlineData("{name: other, type: linux-bridge}", "Error spec.config#/bridge")]
    public void A_bridge_that_only_the_node_has_is_configured_by_no_policy(string seen, string expected) => Assert.Equal(
        expected, Networks.Say(Rule, Networks.Attachment("""{"type": "bridge", "bridge": "br"}"""), Below.Policy(Interfaces, Mappings, seen: seen)));

    [Fact]
    public void A_policy_that_selects_no_node_is_not_enough() => Assert.Equal(
        "Warning spec.config#/bridge",
        Networks.Say(Rule, Networks.Attachment("""{"type": "bridge", "bridge": "br-lin"}"""), Below.Policy(
            Interfaces, more: "---\n{apiVersion: v1, kind: Node, metadata: {name: worker-2, labels: {kubernetes.io/hostname: worker-2}}}")));

    [Fact]
    public void A_name_that_a_template_may_make_is_unverified() => Assert.Equal(
        "Warning? spec.config#/bridge",
        Networks.Say(Rule, Networks.Attachment("""{"type": "bridge", "bridge": "br"}"""), Below.Policy("{name: '{{ capture.a }}', type: linux-bridge}")));

    [Fact]
    public void Nothing_is_said_where_no_policy_was_seen() => Assert.Equal("", Networks.Say(Rule, Networks.Attachment("""{"type": "bridge", "bridge": "br"}""")));

    [Fact]
    public void A_user_defined_network_is_looked_up_by_its_physical_network() => Assert.Equal(
        "Error spec.network.localnet.physicalNetworkName",
        Networks.Say(
            Rule,
            Networks.Cluster("""{"topology": "Localnet", "localnet": {"physicalNetworkName": "physnet-llt7"}}"""),
            Below.Policy(Interfaces, Mappings)));
}
