using Webhook.Resources;
using Webhook.Resources.Manifests;

namespace Webhook.Rules.Tests.Vm;

public sealed class VmClusterMtuDiffersTests
{
    private const string Rule = "vm-cluster-mtu-differs";

    private static readonly string Networks = string.Join("---\n", new[] { "llt1", "llt2", "san0" }.Select(static name => Network(name, 9000)));

    [Theory]
    [InlineData("mtu: 8990", "mtu: 8990", "")]
    [InlineData("mtu: 8990", "mtu: 9000", "")]
    [InlineData("name: vcs-node1", "name: vcs-node2", "Warning mtu", "mtu: 8990", "mtu: 9000")]
    [InlineData("name: vcs-node1", "name: vcs-node2", "", "mtu: 8990", "mtu: 8990")]
    [InlineData("name: vcs-node1", "name: vcs-node2", "", "mtu: 8990", "mtu: 9000", "cluster: erp", "cluster: crm")]
    [InlineData("name: vcs-node1", "name: vcs-node2", "", "mtu: 8990", "mtu: 9000", "namespace: erp-db", "namespace: other")]
    [InlineData("name: vcs-node1", "name: vcs-node2", "Warning link count", "llt2=llt", "llt2=none")]
    [InlineData("name: vcs-node1", "name: vcs-node2", "Warning subnet", "172.30.2.11/24", "172.30.3.12/24")]
    [InlineData("name: vcs-node1", "name: vcs-node2", "", "172.30.2.11/24", "172.30.2.12/16")]
    [InlineData("name: vcs-node1", "name: vcs-node2", "", "llt1=llt,llt2=llt", "llt1=none,llt2=none")]
    [InlineData("name: vcs-node1", "name: vcs-node2", "", "mtu: 8990", "mtu: 9000", "namespace: erp-db", "namespace: erp-db\n  deletionTimestamp: '2026-06-15T00:00:00Z'")]
    public void A_member_is_compared_with_the_others_of_its_cluster_and_namespace(string was, string now, string expected, params string[] more)
    {
        string other = GuestMachine.With().Replace(was, now, StringComparison.Ordinal);
        for (int i = 0; i < more.Length; i += 2)
        {
            other = other.Replace(more[i], more[i + 1], StringComparison.Ordinal);
        }

        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(), new RuleContext { Now = Catalog.Now, Cluster = Catalog.Given(Networks + "---\n" + other) }));
    }

    [Fact]
    public void What_was_read_of_a_member_does_not_outlive_it()
    {
        ClusterObjects cluster = Catalog.Given(Networks + "---\n" + Bare);
        Assert.Equal("Warning mtu", Judged(cluster));
        Assert.Equal("", Judged(With(cluster, Other(GuestMachine.With()))));
        Assert.Equal("Warning link count, Warning mtu", Judged(With(cluster, Bare.Replace("llt2=llt", "llt2=none", StringComparison.Ordinal))));
        Assert.Equal("", Judged(With(cluster, Bare.Replace("namespace: erp-db", "namespace: erp-db\n  deletionTimestamp: '2026-06-15T00:00:00Z'", StringComparison.Ordinal))));
        Assert.Equal("Warning mtu", Judged(cluster));
    }

    [Theory]
    [InlineData(Definition + "spec: {config: '{\"type\": \"bridge\", \"bridge\": \"llt2\", \"mtu\": 9000}'}}", "9000", "8990")]
    [InlineData("{apiVersion: k8s.ovn.org/v1, kind: UserDefinedNetwork, metadata: {name: llt2, namespace: erp-db}, spec: {topology: Layer2, layer2: {role: Secondary, mtu: 9000}}}", "9000", "8990")]
    [InlineData(Shared, "9000", "8990")]
    [InlineData(Labelled, "team: erp", "team: crm", Shared)]
    public void What_was_read_of_a_member_does_not_outlive_its_networks(string judged, string was, string now, string beside = Labelled)
    {
        ClusterObjects cluster = Catalog.Given(string.Join("\n---\n", Network("llt1", 9000), Definition.Replace("llt2", "other", StringComparison.Ordinal) + "}", Bare, judged, beside));
        Assert.Equal("Warning mtu", Judged(cluster));
        Assert.Equal("", Judged(With(cluster, judged.Replace(was, now, StringComparison.Ordinal))));
        Assert.Equal("Warning mtu", Judged(cluster));
    }

    [Fact]
    public void What_one_review_assumes_of_a_member_does_not_reach_the_next()
    {
        ClusterObjects cluster = Catalog.Given(Networks + "---\n" + Other(GuestMachine.With(roles: "llt1=llt")));
        string subject = GuestMachine.With(roles: "llt1=llt,llt2=llt,san0=llt");
        string[] said = [.. new NetworkRole?[] { NetworkRole.Llt, null, NetworkRole.Llt, null }.Select(assumed =>
            GuestMachine.Judge(Rule, subject, new RuleContext { Now = Catalog.Now, Cluster = cluster, AssumedRole = assumed }))];
        Assert.Equal(["", "Warning link count", "", "Warning link count"], said);
    }

    private const string Definition = "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt2, namespace: erp-db}, ";

    private const string Shared =
        "{apiVersion: k8s.ovn.org/v1, kind: ClusterUserDefinedNetwork, metadata: {name: llt2}, " +
        "spec: {namespaceSelector: {matchLabels: {team: erp}}, network: {topology: Layer2, layer2: {role: Secondary, mtu: 9000}}}}";

    private const string Labelled = "{apiVersion: v1, kind: Namespace, metadata: {name: erp-db, labels: {team: erp}}}";

    // A member whose guest has the MTU that its networks give.
    private static string Bare { get; } = Other(GuestMachine.With(ethernets: null));

    private static string Other(string machine) => machine.Replace("name: vcs-node1", "name: vcs-node2", StringComparison.Ordinal);

    private static string Judged(ClusterObjects cluster) =>
        GuestMachine.Judge(Rule, GuestMachine.With(), new RuleContext { Now = Catalog.Now, Cluster = cluster });

    private static ClusterObjects With(ClusterObjects cluster, string yaml) => cluster.With(ManifestReader.Read(yaml).Single().Root);

    private static string Network(string name, int mtu) =>
        $"{{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {{name: {name}, namespace: erp-db}}, spec: {{config: '{{\"type\": \"bridge\", \"bridge\": \"{name}\", \"mtu\": {mtu}}}'}}}}\n";
}
