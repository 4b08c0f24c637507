using System.Text.Json.Nodes;
using Webhook.Resources;

namespace Webhook.Rules.Tests.Nad;

public sealed class NadConfigMalformedTests
{
    private const string Ovn = "\"type\": \"ovn-k8s-cni-overlay\", \"topology\": \"localnet\"";

    [Theory]
    [InlineData("""{"type": "bridge", "mtu": 9000}""", "")]
    [InlineData("""{"type": "bridge", "mtu": null}""", "")]
    [InlineData("""{"type": "bridge", "mtu": 0}""", "")]
    [InlineData("""{"type": "bridge", "MTU": "9000"}""", "Error spec.config#/MTU")]
    [InlineData("""{"type": "bridge", "mtu": 9000.0}""", "Error spec.config#/mtu")]
    [InlineData("""{"type": "bridge", "mtu": -1}""", "Error spec.config#/mtu")]
    [InlineData("""{"type": "bridge", "mtu": true}""", "Error spec.config#/mtu")]
    [InlineData("""{"type": "sriov", "mtu": "9000"}""", "")]
    [InlineData("""{"type": "antrea", "mtu": "9000"}""", "Warning? spec.config#/mtu")]
    [InlineData("""{"plugins": [{"type": "sriov"}, {"type": "tuning", "mtu": "9000"}]}""", "Error spec.config#/plugins/1/mtu")]
    [InlineData("""{"plugins": [{"type": "tuning", "args": {"cni": {"mtu": "9000"}}}]}""", "Error spec.config#/plugins/0/args/cni/mtu")]
    [InlineData("", "Warning? spec.config")]
    [InlineData(" ", "Error spec.config")]
    [InlineData("{", "Error spec.config")]
    [InlineData("[]", "Error spec.config#")]
    [InlineData("\"bridge\"", "Error spec.config#")]
    [InlineData("null", "Error spec.config#")]
    [InlineData("{}", "Error spec.config#/type")]
    [InlineData("""{"type": ""}""", "Error spec.config#/type")]
    [InlineData("""{"type": 7}""", "Error spec.config#/type")]
    [InlineData("""{"Type": "bridge"}""", "")]
    [InlineData("""{"plugins": []}""", "Error spec.config#/plugins")]
    [InlineData("""{"plugins": {}}""", "Error spec.config#/plugins")]
    [InlineData("""{"plugins": [{"name": "x"}, {"type": "tuning"}]}""", "Error spec.config#/plugins/0/type")]
    [InlineData("""{"plugins": ["bridge"]}""", "Error spec.config#/plugins/0")]
    [InlineData("""{"type": "bridge", "plugins": []}""", "")]
    [InlineData("""{"type": "bridge", "ipam": "dhcp"}""", "Error spec.config#/ipam")]
    [InlineData("""{"type": "bridge", "ipam": {"type": ["dhcp"]}}""", "Error spec.config#/ipam/type")]
    [InlineData($$"""{{{Ovn}}, "netAttachDefName": "erp-db/llt1"}""", "")]
    [InlineData($$"""{{{Ovn}}, "netattachdefname": "erp-db/llt1"}""", "")]
    [InlineData($$"""{{{Ovn}}, "netAttachDefName": "erp-db/llt1", "subnets": ["10.0.0.0/24"]}""", "Error spec.config#/subnets")]
    [InlineData($$"""{{{Ovn}}, "netAttachDefName": "llt1"}""", "Error spec.config#/netAttachDefName")]
    [InlineData($$"""{{{Ovn}}, "netAttachDefName": "erp-test/llt1"}""", "Error spec.config#/netAttachDefName")]
    [InlineData($$"""{{{Ovn}}, "netAttachDefName": "erp-db/llt1/x"}""", "Error spec.config#/netAttachDefName")]
    [InlineData($$"""{{{Ovn}}, "netAttachDefName": 1}""", "Error spec.config#/netAttachDefName")]
    [InlineData($$"""{{{Ovn}}}""", "Error spec.config#/netAttachDefName")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay"}""", "")]
    [InlineData("""{"type": "bridge", "netAttachDefName": "x/y"}""", "")]
    public void A_configuration_is_judged_as_its_readers_read_it(string config, string expected) =>
        Assert.Equal(expected, Networks.Say("nad-config-malformed", Networks.Attachment(config)));

    [Theory]
    [InlineData("erp-db/llt1", "")]
    [InlineData("other/llt1", "")]
    [InlineData("erp-db/llt2", "Error spec.config#/netAttachDefName")]
    public void Where_a_manifest_leaves_the_namespace_to_kubectl_only_the_name_is_compared(string reference, string expected) =>
        Assert.Equal(expected, Networks.Say("nad-config-malformed", Networks
            .Attachment($$"""{{{Ovn}}, "netAttachDefName": "{{reference}}"}""")
            .Replace("\"namespace\": \"erp-db\", ", "", StringComparison.Ordinal)));

    [Fact]
    public void A_name_that_the_API_server_will_make_up_is_compared_with_nothing() =>
        Assert.Empty(Networks.Say("nad-config-malformed", Networks
            .Attachment($$"""{{{Ovn}}, "netAttachDefName": "erp-db/llt-abcde"}""")
            .Replace("\"name\": \"llt1\"", "\"generateName\": \"llt-\"", StringComparison.Ordinal)));

    [Fact]
    public void A_broken_configuration_is_told_with_its_place_and_without_its_text()
    {
        Finding finding = Assert.Single(Catalog.Findings("nad-config-malformed", Networks.Attachment("{\n \"type\": \"bridge\",\n}")));
        Assert.Equal(
            "spec.config: Invalid value: a string of 22 characters: no JSON at line 3, column 1 of the string: a trailing comma before a closing bracket",
            finding.Message);
    }

    [Fact]
    public void A_configuration_that_is_no_string_is_an_error() =>
        Assert.Equal("Error spec.config", Networks.Say("nad-config-malformed", Networks.Attachment("X")
            .Replace("\"X\"", "{\"type\": \"bridge\"}", StringComparison.Ordinal)));

    [Theory]
    [InlineData("""{"topology": "Localnet", "localnet": {"mtu": 8990}}""", "")]
    [InlineData("""{"topology": "Localnet", "localnet": {"mtu": "8990"}}""", "Error spec.network.localnet.mtu")]
    [InlineData("""{"topology": "Localnet", "layer2": {}}""", "Error spec.network.localnet")]
    [InlineData("""{"topology": "Localnet", "localnet": []}""", "Error spec.network.localnet")]
    [InlineData("""{"topology": "localnet", "localnet": {}}""", "Error spec.network.topology")]
    [InlineData("""{"localnet": {}}""", "Error spec.network.topology")]
    [InlineData("[]", "Error spec.network.topology")]
    public void A_cluster_network_names_its_topology_and_defines_it(string network, string expected) =>
        Assert.Equal(expected, Networks.Say("nad-config-malformed", Networks.Cluster(network)));

    [Fact]
    public void A_namespaced_network_cannot_be_a_localnet() =>
        Assert.Equal("Error spec.topology", Networks.Say("nad-config-malformed", Networks.Namespaced("""{"topology": "Localnet", "localnet": {}}""")));

    [Theory]
    [InlineData("""{"cniVersion": "0.3.1", "name": "a", "type": "bridge", "bridge": "b", "mtu": 9000, "ipam": {"type": "static", "addresses": [{"address": "10.0.0.1/24"}]}}""")]
    [InlineData($$"""{{{Ovn}}, "name": "a", "physicalNetworkName": "p", "mtu": 1, "netAttachDefName": "erp-db/llt1", "subnets": "10.0.0.0/24", "allowPersistentIPs": true, "role": "primary"}""")]
    [InlineData("""{"plugins": [{"type": "sriov", "vlan": 1}, {"type": "tuning", "mtu": 9000, "args": {"cni": {"mtu": 1500}}}]}""")]
    public void No_rule_throws_on_a_configuration_with_any_node_spoiled(string config)
    {
        foreach (JsonNode spoiled in Mutations.Of(JsonNode.Parse(config)!))
        {
            foreach (string? role in (string?[])["llt", "iscsi", null])
            {
                Evaluation evaluation = Evaluator.Evaluate(
                    Catalog.Parse(Networks.Attachment(spoiled.ToJsonString(), role)),
                    new RuleContext { Now = Catalog.Now, AssumedRole = NetworkRole.Llt });
                Assert.Empty(evaluation.Failures);
            }
        }
    }

    [Fact]
    public void Another_broken_configuration_of_the_same_length_is_another_finding() =>
        Assert.NotEqual(
            Assert.Single(Catalog.Findings("nad-config-malformed", Networks.Attachment("{\"a\": 1,}"))).Evidence,
            Assert.Single(Catalog.Findings("nad-config-malformed", Networks.Attachment("{\"a\": 2,}"))).Evidence);

    [Theory]
    [InlineData("llt", 1)]
    [InlineData("typo", 1)]
    [InlineData(null, 0)]
    public void Only_what_is_opted_in_is_judged(string? role, int expected) =>
        Assert.Equal(expected, Catalog.Findings("nad-config-malformed", Networks.Attachment("{", role)).Count);

    [Theory]
    [InlineData("""{"type": "bridge", "mtu": "9000"}""")]
    [InlineData("""{"type": "antrea", "mtu": "1500"}""")]
    [InlineData("""{"type": "bridge", "mtu": -1}""")]
    [InlineData("{")]
    [InlineData("")]
    public void What_cannot_be_read_is_not_also_too_small(string config) =>
        Assert.Empty(Networks.Say("nad-mtu-not-jumbo", Networks.Attachment(config)));
}
