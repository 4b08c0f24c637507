namespace Webhook.Rules.Tests.Vm;

public sealed class VmClusterMtuDiffersTests
{
    private const string Rule = "vm-cluster-mtu-differs";

    private static readonly string Networks = string.Join("---\n", new[] { "llt1", "llt2", "san0" }.Select(static name =>
        $"{{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {{name: {name}, namespace: erp-db}}, spec: {{config: '{{\"type\": \"bridge\", \"bridge\": \"{name}\", \"mtu\": 9000}}'}}}}\n"));

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
}
