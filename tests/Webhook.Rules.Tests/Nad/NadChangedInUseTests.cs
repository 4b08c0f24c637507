namespace Webhook.Rules.Tests.Nad;

public sealed class NadChangedInUseTests
{
    private const string Rule = "nad-changed-in-use";
    private const string Bridge = """{"type": "bridge", "bridge": "br", "mtu": 9000}""";

    [Theory]
    [InlineData(Bridge, Bridge, "")]
    [InlineData(Bridge, """{"type": "cnv-bridge", "mtu": 9000, "bridge": "br"}""", "")]
    [InlineData(Bridge, """{"plugins": [{"type": "bridge", "bridge": "br"}, {"type": "tuning", "mtu": 9000}]}""", "")]
    [InlineData(Bridge, """{"type": "bridge", "bridge": "br", "mtu": 8999}""", "Error spec.config#/mtu")]
    [InlineData(Bridge, """{"type": "bridge", "bridge": "br", "mtu": 9001}""", "Warning spec.config#/mtu")]
    [InlineData(Bridge, """{"type": "bridge", "bridge": "br"}""", "Error spec.config#/mtu")]
    [InlineData("""{"type": "bridge", "bridge": "br"}""", Bridge, "Warning spec.config#/mtu")]
    [InlineData("""{"type": "bridge", "bridge": "br"}""", """{"type": "bridge", "bridge": "br", "mtu": 1400}""", "Error spec.config#/mtu")]
    [InlineData("""{"type": "bridge", "bridge": "br"}""", """{"type": "bridge", "bridge": "br", "mtu": 1500}""", "")]
    [InlineData("""{"type": "vlan", "master": "b", "vlanId": 1}""", """{"type": "vlan", "master": "b", "vlanId": 1, "mtu": 9000}""", "Warning spec.config#/mtu")]
    [InlineData("""{"type": "vlan", "master": "b", "vlanId": 1, "mtu": 9000}""", """{"type": "vlan", "master": "b", "vlanId": 1}""", "Error spec.config#/mtu")]
    [InlineData(Bridge, """{"type": "bridge", "bridge": "br", "mtu": "9000"}""", "")]
    [InlineData(Bridge, """{"type": "bridge", "bridge": "br2", "mtu": 9000}""", "Error spec.config#/bridge")]
    [InlineData(Bridge, """{"type": "bridge", "mtu": 9000}""", "Error spec.config#/bridge")]
    [InlineData(Bridge, """{"type": "bridge", "bridge": "br", "vlan": 301, "mtu": 9000}""", "Error spec.config#/vlan")]
    [InlineData(Bridge, """{"type": "ovs", "bridge": "br", "mtu": 9000}""", "Error spec.config#/type")]
    [InlineData("""{"type": "a"}""", """{"type": "b"}""", "Error spec.config#/type")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "p", "mtu": 9000}""",
        """{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "n", "physicalNetworkName": "p", "mtu": 9000}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "p", "mtu": 9000}""",
        """{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "n", "physicalNetworkName": "q", "mtu": 9000}""", "Error spec.config#/physicalNetworkName")]
    [InlineData(Bridge, """{"type": "bridge", """, "")]
    public void What_VMs_get_from_the_network_may_not_change_under_them(string old, string now, string expected) =>
        Assert.Equal(expected, Networks.Say(Rule, Networks.Attachment(now), Update(Networks.Attachment(old))));

    [Theory]
    [InlineData("llt", "iscsi", "Error metadata.labels[infoscale.internal/role]")]
    [InlineData("llt", null, "Error metadata.labels[infoscale.internal/role]")]
    [InlineData("llt", "llt", "")]
    [InlineData(null, "llt", "")]
    [InlineData("plain", "llt", "")]
    public void The_role_stays_what_it_is(string? old, string? now, string expected) =>
        Assert.Equal(expected, Networks.Say(Rule, Networks.Attachment(Bridge, now), Update(Networks.Attachment(Bridge, old))));

    [Theory]
    [InlineData("labels: {infoscale.internal/cluster: erp}", "networkName: llt1", "Error metadata.name")]
    [InlineData("labels: {infoscale.internal/cluster: erp}", "networkName: erp-db/llt1", "Error metadata.name")]
    [InlineData("labels: {infoscale.internal/cluster: erp}", "networkName: llt2", "")]
    [InlineData("labels: {}", "networkName: llt1", "")]
    [InlineData("labels: {infoscale.internal/cluster: erp}, deletionTimestamp: '2026-01-01T00:00:00Z'", "networkName: llt1", "")]
    public void A_network_is_not_deleted_while_an_InfoScale_VM_is_on_it(string metadata, string network, string expected) =>
        Assert.Equal(expected, Networks.Say(Rule, Networks.Attachment(Bridge), Delete(Machine("vcs-node1", metadata, network))));

    [Fact]
    public void A_halted_VM_counts_too_and_all_are_named()
    {
        string machines = string.Join("\n---\n", Enumerable.Range(1, 5).Select(static i => Machine($"vcs-node{i}")));
        Finding finding = Assert.Single(Catalog.Findings(Rule, Networks.Attachment(Bridge), Delete(machines)));
        Assert.Contains("VMs erp-db/vcs-node1, erp-db/vcs-node2 and 3 more are on it", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("infoscale: 'yes'", "Error metadata.name")]
    [InlineData("other: 'yes'", "")]
    [InlineData(null, "Warning? metadata.name")]
    public void A_cluster_scoped_network_is_used_in_the_namespaces_that_it_selects(string? labels, string expected)
    {
        string network =
            """
            {"apiVersion": "k8s.ovn.org/v1", "kind": "ClusterUserDefinedNetwork", "metadata": {"name": "llt1", "labels": {"infoscale.internal/role": "llt"}},
             "spec": {"namespaceSelector": {"matchLabels": {"infoscale": "yes"}}, "network": {"topology": "Localnet", "localnet": {"physicalNetworkName": "p"}}}}
            """;
        string place = labels is null ? "" : $"\n---\n{{apiVersion: v1, kind: Namespace, metadata: {{name: erp-db, labels: {{{labels}}}}}}}";
        Assert.Equal(expected, Networks.Say(Rule, network, Delete(string.Join("\n---\n", Machine("vcs-node1"), network, Networks.Attachment(Bridge).Replace("llt1", "llt9", StringComparison.Ordinal)) + place)));
    }

    [Fact]
    public void Where_no_VM_can_be_seen_that_is_said()
    {
        var context = new RuleContext { Now = Catalog.Now, Operation = Operation.Delete };
        Assert.Equal("Warning? metadata.name", Networks.Say(Rule, Networks.Attachment(Bridge), context));
    }

    [Fact]
    public void A_network_that_is_created_changes_nothing() => Assert.Equal(
        "", Networks.Say(Rule, Networks.Attachment(Bridge), new RuleContext { Now = Catalog.Now, Cluster = Catalog.Given(Machine("vcs-node1")) }));

    private static RuleContext Update(string old) => new()
    {
        Now = Catalog.Now,
        Operation = Operation.Update,
        Old = Catalog.Parse(old),
        Cluster = Catalog.Given(Machine("vcs-node1")),
    };

    private static RuleContext Delete(string given) => new() { Now = Catalog.Now, Operation = Operation.Delete, Cluster = Catalog.Given(given) };

    private static string Machine(
        string name, string metadata = "labels: {infoscale.internal/cluster: erp}", string network = "networkName: llt1") =>
        $$$$$"""
        {apiVersion: kubevirt.io/v1, kind: VirtualMachine, metadata: {name: {{{{{name}}}}}, namespace: erp-db, {{{{{metadata}}}}}},
         spec: {runStrategy: Halted, template: {spec: {domain: {devices: {interfaces: [{name: a}]}}, networks: [{name: a, multus: { {{{{{network}}}}} }}]}}}}
        """;
}
