namespace Webhook.Rules.Tests.Vm;

public sealed class VmLowpriMtuSmallerTests
{
    private const string Rule = "vm-lowpri-mtu-smaller";

    private const string Networks =
        "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db}, spec: {config: '{\"type\": \"bridge\", \"bridge\": \"a\", \"mtu\": 8990}'}}\n---\n" +
        "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt2, namespace: erp-db}, spec: {config: '{\"type\": \"bridge\", \"bridge\": \"b\", \"mtu\": MTU}'}}\n";

    [Theory]
    [InlineData("8990", "llt1=llt,llt2=llt-lowpri,san0=none", "")]
    [InlineData("8989", "llt1=llt,llt2=llt-lowpri,san0=none", "Warning llt2")]
    [InlineData("9000", "llt1=llt,llt2=llt-lowpri,san0=none", "")]
    [InlineData("1500", "llt1=none,llt2=llt-lowpri,san0=none", "")]
    [InlineData("1500", "llt1=llt,llt2=llt,san0=none", "")]
    [InlineData("1500", "llt1=llt,llt2=llt-lowpri,san0=llt", "")]
    public void The_smallest_private_link_is_compared_where_all_are_known(string mtu, string roles, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(null, roles), Given(mtu)));

    [Theory]
    [InlineData(1400, "Warning pod")]
    [InlineData(8990, "")]
    [InlineData(null, "")]
    public void On_the_pod_network_the_cluster_networks_MTU_counts(int? cluster, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(
            Rule, GuestMachine.With(null, "pod=llt-lowpri,llt1=llt,llt2=none,san0=none"), Given("8990") with { Settings = RuleSettings.Default with { ClusterNetworkMtu = cluster } }));

    private static RuleContext Given(string mtu) => new() { Now = Catalog.Now, Cluster = Catalog.Given(Networks.Replace("MTU", mtu, StringComparison.Ordinal)) };
}
