using Webhook.Resources;

namespace Webhook.Rules.Tests.Nad;

public sealed class NadDynamicIpamTests
{
    private const string Ovn = "\"type\": \"ovn-k8s-cni-overlay\", \"topology\": \"localnet\"";

    [Theory]
    [InlineData("""{"type": "bridge", "ipam": {"type": "dhcp"}}""", "Error spec.config#/ipam/type")]
    [InlineData("""{"type": "bridge", "ipam": {"type": "host-local"}}""", "Error spec.config#/ipam/type")]
    [InlineData("""{"type": "bridge", "ipam": {"type": "spiderpool"}}""", "Error spec.config#/ipam/type")]
    [InlineData("""{"type": "bridge", "ipam": {"type": "static"}}""", "Warning spec.config#/ipam/type")]
    [InlineData("""{"type": "bridge", "ipam": {"type": "static", "addresses": []}}""", "Warning spec.config#/ipam/type")]
    [InlineData("""{"type": "bridge", "ipam": {"type": "static", "addresses": [{"address": "10.0.0.1/24"}]}}""", "Warning spec.config#/ipam/type")]
    [InlineData("""{"type": "bridge", "ipam": {}}""", "")]
    [InlineData("""{"type": "bridge", "ipam": null}""", "")]
    [InlineData("""{"type": "bridge"}""", "")]
    [InlineData("""{"plugins": [{"type": "bridge", "ipam": {"type": "dhcp"}}, {"type": "tuning"}]}""", "Error spec.config#/plugins/0/ipam/type")]
    [InlineData($$"""{{{Ovn}}, "subnets": "10.0.0.0/24"}""", "Error spec.config#/subnets")]
    [InlineData($$"""{{{Ovn}}, "Subnets": "10.0.0.0/24"}""", "Error spec.config#/Subnets")]
    [InlineData($$"""{{{Ovn}}, "subnets": ""}""", "")]
    [InlineData($$"""{{{Ovn}}, "subnets": "10.0.0.0/24", "allowPersistentIPs": true}""", "Warning spec.config#/subnets")]
    [InlineData($$"""{{{Ovn}}, "subnets": "10.0.0.0/24", "allowPersistentIPs": "true"}""", "Error spec.config#/subnets")]
    public void Pools_are_errors_and_stable_addresses_warnings(string config, string expected)
    {
        foreach (string role in (string[])["llt", "llt-lowpri", "iscsi", "typo"])
        {
            Assert.Equal(expected, Networks.Say("nad-dynamic-ipam", Networks.Attachment(config, role)));
        }
    }

    [Theory]
    [InlineData("""{"topology": "Localnet", "localnet": {"ipam": {"mode": "Disabled"}}}""", "")]
    [InlineData("""{"topology": "Localnet", "localnet": {"ipam": {"mode": "Enabled"}}}""", "Error spec.network.localnet.ipam.mode")]
    [InlineData("""{"topology": "Localnet", "localnet": {"ipam": {"mode": "DHCP"}}}""", "Error spec.network.localnet.ipam.mode")]
    [InlineData("""{"topology": "Localnet", "localnet": {}}""", "Error spec.network.localnet.ipam.mode")]
    [InlineData("""{"topology": "Localnet", "localnet": {"ipam": {"lifecycle": "Persistent"}}}""", "Warning spec.network.localnet.ipam.lifecycle")]
    [InlineData("""{"topology": "Layer2", "layer2": {"ipam": {"mode": "Enabled", "lifecycle": "Persistent"}}}""", "Warning spec.network.layer2.ipam.lifecycle")]
    [InlineData("""{"topology": "Layer3", "layer3": {"subnets": [{"cidr": "10.0.0.0/16"}]}}""", "Error spec.network.layer3.subnets")]
    [InlineData("""{"topology": "Localnet"}""", "")]
    public void Only_a_disabled_address_management_leaves_the_guests_their_own(string network, string expected) =>
        Assert.Equal(expected, Networks.Say("nad-dynamic-ipam", Networks.Cluster(network)));

    [Theory]
    [InlineData("llt-lowpri", "Primary", 0)]
    [InlineData("llt", "Primary", 1)]
    [InlineData("llt-lowpri", "Secondary", 1)]
    public void A_low_priority_link_may_take_what_the_pod_network_gives(string role, string place, int expected) =>
        Assert.Equal(expected, Catalog.Findings("nad-dynamic-ipam", Networks.Namespaced(
            $$$"""{"topology": "Layer2", "layer2": {"role": "{{{place}}}", "subnets": ["10.0.0.0/24"]}}""", role)).Count);

    [Fact]
    public void OVN_findings_say_that_port_security_drops_other_addresses() =>
        Assert.Contains(
            "port security drops any other",
            Assert.Single(Catalog.Findings("nad-dynamic-ipam", Networks.Attachment($$"""{{{Ovn}}, "subnets": "10.0.0.0/24"}"""))).Line,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("bridge", ", and reach the guest by DHCP;")]
    [InlineData("sriov", ", and never reach a guest on SR-IOV;")]
    [InlineData("macvlan", "may change with the pod;")]
    [InlineData("antrea", "may change with the pod;")]
    public void How_an_address_reaches_the_guest_is_said_only_where_it_is_known(string type, string expected) =>
        Assert.Contains(
            expected,
            Assert.Single(Catalog.Findings("nad-dynamic-ipam", Networks.Attachment($$$"""{"type": "{{{type}}}", "ipam": {"type": "host-local"}}"""))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_assumed_role_is_said_to_be_assumed()
    {
        var context = new RuleContext { Now = Catalog.Now, AssumedRole = NetworkRole.Iscsi };
        const string Config = """{"type": "bridge", "ipam": {"type": "dhcp"}}""";
        Assert.Contains(
            "role iscsi (assumed)",
            Assert.Single(Catalog.Findings("nad-dynamic-ipam", Networks.Attachment(Config, null), context)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "role llt needs",
            Assert.Single(Catalog.Findings("nad-dynamic-ipam", Networks.Attachment(Config), context)).Message,
            StringComparison.Ordinal);
        Assert.Empty(Catalog.Findings("nad-dynamic-ipam", Networks.Attachment(Config, null)));
        Assert.Empty(Catalog.Findings(
            "nad-dynamic-ipam", Networks.Namespaced("""{"topology": "Layer2", "layer2": {"role": "Primary"}}""", null), context));
    }
}
