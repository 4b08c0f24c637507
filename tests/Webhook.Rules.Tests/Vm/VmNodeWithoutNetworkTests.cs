namespace Webhook.Rules.Tests.Vm;

public sealed class VmNodeWithoutNetworkTests
{
    private const string Rule = "vm-node-without-network";

    private const string World =
        """
        {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db}, spec: {config: '{"type": "bridge", "bridge": "br-1", "mtu": 8990}'}}
        ---
        {apiVersion: v1, kind: Node, metadata: {name: worker-1, labels: {kubernetes.io/hostname: worker-1, zone: a}}}
        ---
        {apiVersion: v1, kind: Node, metadata: {name: worker-2, labels: {kubernetes.io/hostname: worker-2, zone: b}}, spec: {taints: TAINTS}}
        ---
        {apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: one}, spec: {nodeSelector: {kubernetes.io/hostname: worker-1},
          desiredState: {interfaces: [{name: e, type: ethernet, mtu: 9000}, {name: br-1, type: linux-bridge, mtu: 9000, bridge: {port: [{name: e}]}}]}}}
        ---
        {apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: two}, spec: {nodeSelector: {kubernetes.io/hostname: SECOND},
          desiredState: {interfaces: [{name: e, type: ethernet, mtu: 1500}, {name: br-1, type: linux-bridge, mtu: 1500, bridge: {port: [{name: e}]}}]}}}
        """;

    [Theory]
    [InlineData("worker-3", "[]", "", "Warning llt1 nodes")]
    [InlineData("worker-3", "[]", "nodeSelector: {zone: a}", "")]
    [InlineData("worker-3", "[]", "nodeSelector: {zone: b}", "Warning llt1 nodes")]
    [InlineData("worker-3", "[{key: k, value: v, effect: NoSchedule}]", "", "")]
    [InlineData("worker-3", "[{key: k, value: v, effect: NoSchedule}]", "tolerations: [{key: k, operator: Exists}]", "Warning llt1 nodes")]
    [InlineData("worker-2", "[]", "", "Warning llt1 mtu")]
    [InlineData("worker-2", "[]", "nodeSelector: {zone: a}", "")]
    public void Only_nodes_that_can_host_the_VM_count(string second, string taints, string placement, string expected)
    {
        string machine = GuestMachine.With(null, "llt1=llt,llt2=none,san0=none").Replace("    spec:\n      domain", $"    spec:\n      {(placement.Length > 0 ? placement : "priorityClassName: a")}\n      domain", StringComparison.Ordinal);
        string world = World.Replace("SECOND", second, StringComparison.Ordinal).Replace("TAINTS", taints, StringComparison.Ordinal);
        Assert.Equal(expected, GuestMachine.Judge(Rule, machine, new RuleContext { Now = Catalog.Now, Cluster = Catalog.Given(world) }));
    }

    [Fact]
    public void The_message_prints_the_chain_of_the_node()
    {
        string world = World.Replace("SECOND", "worker-2", StringComparison.Ordinal).Replace("TAINTS", "[]", StringComparison.Ordinal);
        Finding finding = Assert.Single(Catalog.Findings(Rule, GuestMachine.With(null, "llt1=llt,llt2=none,san0=none"), new RuleContext { Now = Catalog.Now, Cluster = Catalog.Given(world) }));
        Assert.Contains("guest 8990 <- NAD llt1 8990 <- br-1 1500 <- e 1500 (weakest)", finding.Message, StringComparison.Ordinal);
        Assert.Contains("on worker-2", finding.Message, StringComparison.Ordinal);
    }
}
