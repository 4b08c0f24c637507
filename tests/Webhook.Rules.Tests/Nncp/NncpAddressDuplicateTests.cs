namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpAddressDuplicateTests
{
    private const string Rule = "nncp-address-duplicate";
    private const string Ip = "ipv4: {enabled: true, dhcp: false, address: [{ip: 10.0.0.1, prefix-length: 24}]}";

    [Theory]
    [InlineData("br", "10.0.0.1", "llt", "kubernetes.io/hostname: worker-2", "Error [0].ipv4.address[0].ip")]
    [InlineData("br", "10.0.0.2", "llt", "kubernetes.io/hostname: worker-2", "")]
    [InlineData("br", "10.0.0.1", "llt", "kubernetes.io/hostname: worker-1", "")]
    [InlineData("br", "10.0.0.1", "llt", "pool: other", "")]
    [InlineData("br", "10.0.0.1", "iscsi", "kubernetes.io/hostname: worker-2", "")]
    [InlineData("br", "10.0.0.1", null, "kubernetes.io/hostname: worker-2", "Error [0].ipv4.address[0].ip")]
    [InlineData("other", "10.0.0.1", "llt", "kubernetes.io/hostname: worker-2", "Warning [0].ipv4.address[0].ip")]
    [InlineData("other", "10.0.0.1", null, "kubernetes.io/hostname: worker-2", "")]
    public void An_address_belongs_to_one_node_of_a_network(string name, string ip, string? role, string selector, string expected) => Assert.Equal(
        expected, Policies.Say(Rule, Subject(), Policies.Given(Other(name, ip, role, selector))));

    [Fact]
    public void An_older_self_is_no_duplicate() => Assert.Equal(
        "", Policies.Say(Rule, Subject(), Policies.Given(Other("br", "10.0.0.1", "llt", "kubernetes.io/hostname: worker-2").Replace("name: other-policy", "name: policy", StringComparison.Ordinal))));

    [Theory]
    [InlineData("worker-1", "Error [0].ipv4.address[0].ip")]
    [InlineData("", "")]
    public void Where_Nodes_are_seen_they_decide(string second, string expected)
    {
        string nodes = "{apiVersion: v1, kind: Node, metadata: {name: worker-1, labels: {kubernetes.io/hostname: worker-1, pool: a}}}"
            + (second.Length == 0 ? "" : "\n---\n{apiVersion: v1, kind: Node, metadata: {name: worker-2, labels: {kubernetes.io/hostname: worker-2, pool: a}}}");
        Assert.Equal(expected, Policies.Say(Rule, Subject(), Policies.Given(Other("br", "10.0.0.1", "llt", "pool: a") + "\n---\n" + nodes)));
    }

    [Theory]
    [InlineData("{\"type\": \"bridge\", \"bridge\": \"br\"}", "Always", "Error [0].ipv4.address[0].ip")]
    [InlineData("{\"type\": \"bridge\", \"bridge\": \"br\"}", "Halted", "Warning [0].ipv4.address[0].ip")]
    [InlineData("{\"type\": \"bridge\", \"bridge\": \"br\", \"vlan\": 7}", "Always", "Warning [0].ipv4.address[0].ip")]
    [InlineData("{\"type\": \"bridge\", \"bridge\": \"br2\"}", "Always", "")]
    public void Nor_has_a_VM_of_the_network_the_address_of_the_node(string config, string strategy, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Subject(), Policies.Given(Machine(config, strategy))));

    [Theory]
    [InlineData(7, "Error [1].ipv4.address[0].ip")]
    [InlineData(8, "")]
    public void A_tagged_network_meets_the_VLAN_of_the_node(int vlan, string expected) => Assert.Equal(
        expected,
        Policies.Say(
            Rule, Policies.Of($"{{name: br, type: linux-bridge}}\n{{name: br.7, type: vlan, vlan: {{base-iface: br, id: 7}}, {Ip}}}"),
            Policies.Given(Machine($"{{\"type\": \"bridge\", \"bridge\": \"br\", \"vlan\": {vlan}}}", "Always"))));

    [Fact]
    public void A_localnet_meets_the_port_of_its_bridge() => Assert.Equal(
        "Error [1].ipv4.address[0].ip",
        Policies.Say(
            Rule,
            Policies.Of(
                $"{{name: ovs, type: ovs-bridge, bridge: {{port: [{{name: p0}}]}}}}\n{{name: p0, type: ovs-interface, {Ip}}}", state: "ovn: {bridge-mappings: [{localnet: net, bridge: ovs}]}"),
            Policies.Given(Machine("{\"type\": \"ovn-k8s-cni-overlay\", \"topology\": \"localnet\", \"name\": \"net\"}", "Always"))));

    private static string Subject() => Policies.Of($"{{name: br, type: linux-bridge, {Ip}}}");

    private static string Other(string name, string ip, string? role, string selector) =>
        Policies.Of($"{{name: {name}, type: linux-bridge, {Ip.Replace("10.0.0.1", ip, StringComparison.Ordinal)}}}", role, spec: $"nodeSelector: {{{selector}}}")
            .Replace("name: policy", "name: other-policy", StringComparison.Ordinal);

    private static string Machine(string config, string strategy) =>
        $$$$$"""
        {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db}, spec: {config: '{{{{{config}}}}}'}}
        ---
        {apiVersion: kubevirt.io/v1, kind: VirtualMachine,
         metadata: {name: vcs-node1, namespace: erp-db, annotations: {infoscale.internal/static-addresses: '{"a": ["10.0.0.1/24"]}'}},
         spec: {runStrategy: {{{{{strategy}}}}}, template: {spec: {domain: {devices: {interfaces: [{name: a}]}}, networks: [{name: a, multus: {networkName: llt1}}]}}}}
        """;
}
