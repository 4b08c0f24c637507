namespace Webhook.Rules.Tests.Nad;

public sealed class NadSiblingsDifferTests
{
    private const string Rule = "nad-siblings-differ";
    private const string Subject = """{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "net", "vlanID": 301, "mtu": 9000}""";

    [Theory]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "net", "vlanID": 301, "mtu": 9000}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "net", "vlanid": 301, "MTU": 9000}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "net", "vlanID": 301, "mtu": 8990}""", "Warning spec.config#/mtu")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "net", "vlanID": 301}""", "Warning spec.config#/mtu")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "net", "vlanID": 302, "mtu": 9000}""", "Warning spec.config#/vlanID")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "net", "mtu": 1500}""", "Warning spec.config#/vlanID")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "layer2", "name": "net", "vlanID": 301, "mtu": 9000}""", "Warning spec.config#/topology")]
    [InlineData("""{"name": "net", "plugins": [{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "vlanID": 301, "mtu": 8990}]}""", "Warning spec.config#/mtu")]
    [InlineData("""{"name": "other", "plugins": [{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "net", "vlanID": 301, "mtu": 8990}]}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "other", "vlanID": 302, "mtu": 1500}""", "")]
    [InlineData("""{"type": "bridge", "name": "net", "bridge": "br", "mtu": 1500}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "net", """, "")]
    public void Definitions_of_one_name_are_compared(string sibling, string expected) =>
        Assert.Equal(expected, Networks.Say(Rule, Networks.Attachment(Subject), Given(sibling, "crm-db")));

    [Fact]
    public void An_older_self_is_no_sibling() => Assert.Equal(
        "", Networks.Say(Rule, Networks.Attachment(Subject), Given(Subject.Replace("9000", "1500", StringComparison.Ordinal), "erp-db")));

    [Fact]
    public void The_sibling_is_named_with_its_value()
    {
        Finding finding = Assert.Single(Catalog.Findings(
            Rule, Networks.Attachment(Subject), Given(Subject.Replace("9000", "1500", StringComparison.Ordinal), "crm-db")));
        Assert.Contains("crm-db/llt1 defines OVN network \"net\" with mtu 1500", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_where_no_other_definition_was_seen() => Assert.Equal("", Networks.Say(Rule, Networks.Attachment(Subject)));

    private static RuleContext Given(string config, string @namespace) => new()
    {
        Now = Catalog.Now,
        Cluster = Catalog.Given(Networks.Attachment(config).Replace("erp-db", @namespace, StringComparison.Ordinal)),
    };
}
