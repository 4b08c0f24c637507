using Webhook.Resources;

namespace Webhook.Rules.Tests.Nad;

public sealed class NadMtuNotJumboTests
{
    [Theory]
    [InlineData("llt", "8990", "")]
    [InlineData("llt", "9000", "")]
    [InlineData("llt", "8989", "Error spec.config#/mtu")]
    [InlineData("llt", "1500", "Error spec.config#/mtu")]
    [InlineData("llt", "0", "Error spec.config#/mtu")]
    [InlineData("llt", "null", "Error spec.config#/mtu")]
    [InlineData("llt-lowpri", "8989", "Warning spec.config#/mtu")]
    [InlineData("llt-lowpri", "null", "Warning spec.config#/mtu")]
    [InlineData("llt-lowpri", "8990", "")]
    [InlineData("iscsi", "8990", "")]
    [InlineData("iscsi", "8989", "Warning? spec.config#/mtu")]
    [InlineData("iscsi", "1501", "Warning? spec.config#/mtu")]
    [InlineData("iscsi", "1500", "Warning spec.config#/mtu")]
    [InlineData("iscsi", "null", "Warning spec.config#/mtu")]
    [InlineData("typo", "1500", "")]
    public void The_role_decides_what_a_small_mtu_is(string role, string mtu, string expected) =>
        Assert.Equal(expected, Networks.Say("nad-mtu-not-jumbo", Networks.Attachment($$"""{"type": "bridge", "mtu": {{mtu}}}""", role)));

    [Theory]
    [InlineData("""{"type": "ovs", "bridge": "br1"}""", "Error spec.config#/mtu")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet"}""", "Error spec.config#/mtu")]
    [InlineData("""{"type": "macvlan", "master": "ens1"}""", "Warning? spec.config#/mtu")]
    [InlineData("""{"type": "macvlan", "master": "ens1", "mtu": 9000}""", "")]
    [InlineData("""{"type": "macvlan", "master": "ens1", "mtu": 1500}""", "Error spec.config#/mtu")]
    [InlineData("""{"type": "vlan", "master": "bond0"}""", "Warning? spec.config#/mtu")]
    [InlineData("""{"type": "sriov"}""", "Warning? spec.config#/type")]
    [InlineData("""{"type": "sriov", "mtu": 9000}""", "Warning? spec.config#/type")]
    [InlineData("""{"type": "host-device", "device": "ens2"}""", "Warning? spec.config#/type")]
    [InlineData("""{"plugins": [{"type": "sriov"}, {"type": "tuning", "mtu": 9000}]}""", "")]
    [InlineData("""{"plugins": [{"type": "sriov"}, {"type": "tuning", "mtu": 1500}]}""", "Error spec.config#/plugins/1/mtu")]
    [InlineData("""{"plugins": [{"type": "bridge", "mtu": 1500}, {"type": "tuning", "mtu": 9000}]}""", "")]
    [InlineData("""{"plugins": [{"type": "bridge", "mtu": 9000}, {"type": "tuning", "args": {"cni": {"mtu": 1500}}}]}""", "Error spec.config#/plugins/1/args/cni/mtu")]
    [InlineData("""{"type": "antrea"}""", "Warning? spec.config#/mtu")]
    [InlineData("""{"type": "antrea", "mtu": 1500}""", "Warning? spec.config#/mtu")]
    [InlineData("""{"type": "antrea", "mtu": 9000}""", "")]
    public void What_the_plugin_makes_of_an_absent_mtu_decides(string config, string expected) =>
        Assert.Equal(expected, Networks.Say("nad-mtu-not-jumbo", Networks.Attachment(config)));

    [Theory]
    [InlineData(null, "Error spec.network.localnet.mtu")]
    [InlineData(1400, "Error spec.network.localnet.mtu")]
    [InlineData(8889, "Error spec.network.localnet.mtu")]
    [InlineData(8890, "")]
    public void A_localnet_without_mtu_has_that_of_the_cluster_network_and_a_header(int? cluster, string expected)
    {
        var context = new RuleContext { Now = Catalog.Now, Settings = new RuleSettings { ClusterNetworkMtu = cluster } };
        Assert.Equal(expected, Networks.Say(
            "nad-mtu-not-jumbo", Networks.Cluster("""{"topology": "Localnet", "localnet": {"ipam": {"mode": "Disabled"}}}"""), context));
    }

    [Theory]
    [InlineData(null, "absent is the cluster network's plus 100, 1500 by default;")]
    [InlineData(8000, "absent is the cluster network's plus 100, 8100;")]
    public void What_the_cluster_network_has_is_called_a_default_only_while_nobody_said_it(int? cluster, string expected)
    {
        var context = new RuleContext { Now = Catalog.Now, Settings = new RuleSettings { ClusterNetworkMtu = cluster } };
        Assert.Contains(
            expected,
            Assert.Single(Catalog.Findings("nad-mtu-not-jumbo", Networks.Cluster("""{"topology": "Localnet", "localnet": {}}"""), context)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_is_the_configured_one_and_the_distance_from_it_is_told()
    {
        var context = new RuleContext { Now = Catalog.Now, Settings = new RuleSettings { NodeMtu = 9216, OvsOverhead = 16 } };
        Assert.Empty(Catalog.Findings("nad-mtu-not-jumbo", Networks.Attachment("""{"type": "bridge", "mtu": 9200}"""), context));
        Finding finding = Assert.Single(Catalog.Findings("nad-mtu-not-jumbo", Networks.Attachment("""{"type": "bridge", "mtu": 9000}"""), context));
        Assert.Equal(200, finding.Shortfall);
        Assert.Contains("needs 9200 or more", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_mtu_that_moves_from_the_plugin_to_tuning_stays_the_same_subject()
    {
        Finding plugin = Assert.Single(Catalog.Findings("nad-mtu-not-jumbo", Networks.Attachment("""{"type": "bridge", "mtu": 1500}""")));
        Finding tuning = Assert.Single(Catalog.Findings("nad-mtu-not-jumbo", Networks.Attachment(
            """{"plugins": [{"type": "bridge", "mtu": 9000}, {"type": "tuning", "mtu": 1500}]}""")));
        Assert.Equal(plugin.Subject, tuning.Subject);
        Assert.Equal(plugin.Evidence, tuning.Evidence);
    }

    [Fact]
    public void An_assumed_role_is_said_to_be_assumed()
    {
        var context = new RuleContext { Now = Catalog.Now, AssumedRole = NetworkRole.Llt };
        Assert.Equal(
            "spec.config#/mtu: Required value: absent is 1500; role llt (assumed) needs 8990 or more, LLT supports jumbo frames only",
            Assert.Single(Catalog.Findings("nad-mtu-not-jumbo", Networks.Attachment("""{"type": "bridge"}""", null), context)).Message);
    }

    [Theory]
    [InlineData("vlan", "llt", "{name: e, type: ethernet, mtu: 9000}", "")]
    [InlineData("vlan", "llt", "{name: e, type: ethernet, mtu: 1500}", "Error spec.config#/mtu")]
    [InlineData("vlan", "llt-lowpri", "{name: e, type: ethernet, mtu: 1500}", "Warning spec.config#/mtu")]
    [InlineData("vlan", "iscsi", "{name: e, type: ethernet, mtu: 1500}", "Warning spec.config#/mtu")]
    [InlineData("vlan", "iscsi", "{name: e, type: ethernet, mtu: 4000}", "")]
    [InlineData("vlan", "llt", "{name: e, type: ethernet}", "Warning? spec.config#/mtu")]
    [InlineData("host-device", "llt", "{name: e, type: ethernet, mtu: 9000}", "")]
    [InlineData("host-device", "llt", "{name: e, type: ethernet, mtu: 1500}", "Error spec.config#/device")]
    public void A_link_without_an_mtu_of_its_own_has_that_of_its_master(string type, string role, string interfaces, string expected) => Assert.Equal(
        expected,
        Networks.Say(
            "nad-mtu-not-jumbo", Networks.Attachment($$"""{"type": "{{type}}", "master": "e", "device": "e", "vlanId": 3}""", role), Below.Policy(interfaces)));

    [Theory]
    [InlineData(1500, 1500, "Warning spec.config#/mtu")]
    [InlineData(1500, 9000, "Error spec.config#/mtu")]
    [InlineData(4000, 9000, "")]
    [InlineData(4000, 1500, "")]
    public void An_iSCSI_network_has_jumbo_frames_at_all_levels_or_at_none(int mtu, int below, string expected) => Assert.Equal(
        expected,
        Networks.Say(
            "nad-mtu-not-jumbo", Networks.Attachment($$"""{"type": "bridge", "bridge": "br", "mtu": {{mtu}}}""", "iscsi"),
            Below.Policy($"{{name: br, type: linux-bridge, mtu: {below}, bridge: {{port: [{{name: e}}]}}}}\n{{name: e, type: ethernet, mtu: {below}}}")));
}
