using Webhook.Resources;

namespace Webhook.Rules.Tests.Nad;

public sealed class NadTypeNotOnNodeNetworkTests
{
    [Theory]
    [InlineData("""{"type": "bridge"}""", "")]
    [InlineData("""{"type": "cnv-bridge"}""", "")]
    [InlineData("""{"type": "ovs"}""", "")]
    [InlineData("""{"type": "vlan", "master": "bond0"}""", "")]
    [InlineData("""{"type": "host-device"}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet"}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "Topology": "layer2"}""", "Error spec.config#/Topology")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "layer3"}""", "Error spec.config#/topology")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay"}""", "Error spec.config#/topology")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "Localnet"}""", "Error spec.config#/topology")]
    [InlineData("""{"type": "ptp"}""", "Error spec.config#/type")]
    [InlineData("""{"type": "macvlan"}""", "Error spec.config#/type")]
    [InlineData("""{"type": "ipvlan"}""", "Error spec.config#/type")]
    [InlineData("""{"type": "sriov"}""", "Warning spec.config#/type")]
    [InlineData("""{"type": "ib-sriov"}""", "Warning spec.config#/type")]
    [InlineData("""{"type": "flannel"}""", "Warning? spec.config#/type")]
    [InlineData("""{"plugins": [{"type": "tuning"}, {"type": "ptp"}]}""", "Error spec.config#/plugins/1/type")]
    [InlineData("""{"plugins": []}""", "")]
    [InlineData("{", "")]
    public void A_plugin_stands_on_a_node_network_or_not(string config, string expected)
    {
        foreach (string role in (string[])["llt", "llt-lowpri", "iscsi", "typo"])
        {
            Assert.Equal(expected, Networks.Say("nad-type-not-on-node-network", Networks.Attachment(config, role)));
        }
    }

    [Theory]
    [InlineData("llt", "Secondary", "Error spec.topology")]
    [InlineData("llt-lowpri", "Secondary", "Error spec.topology")]
    [InlineData("llt", "Primary", "Error spec.topology")]
    [InlineData("llt-lowpri", "Primary", "Warning spec.topology")]
    [InlineData(null, "Secondary", "")]
    public void An_overlay_is_none_except_for_a_low_priority_link_in_place_of_the_pod_network(string? role, string place, string expected) =>
        Assert.Equal(expected, Networks.Say("nad-type-not-on-node-network", Networks.Namespaced(
            $$$"""{"topology": "Layer2", "layer2": {"role": "{{{place}}}"}}""", role)));

    [Fact]
    public void A_localnet_of_the_cluster_stands_on_a_node_network() =>
        Assert.Empty(Networks.Say("nad-type-not-on-node-network", Networks.Cluster("""{"topology": "Localnet", "localnet": {}}""")));

    [Theory]
    [InlineData("""{"type": "macvlan"}""")]
    [InlineData("""{"type": "sriov"}""")]
    [InlineData("""{"type": "flannel"}""")]
    public void An_assumed_role_is_said_to_be_assumed(string config)
    {
        var context = new RuleContext { Now = Catalog.Now, AssumedRole = NetworkRole.Llt };
        Assert.Contains(
            "role llt (assumed)",
            Assert.Single(Catalog.Findings("nad-type-not-on-node-network", Networks.Attachment(config, null), context)).Message,
            StringComparison.Ordinal);
    }
}
