using System.Text.Json.Nodes;

namespace Webhook.Tests.Commands;

public sealed class AuditCommandTests : IDisposable
{
    private const string Snapshot =
        """
        {"apiVersion": "infoscale.internal/v1", "kind": "ClusterSnapshotList",
         "metadata": {"time": "2026-06-15T11:00:00Z", "serverVersion": "v1.33.2", "kinds": [
           {"group": "", "kind": "Namespace"}, {"group": "k8s.cni.cncf.io", "kind": "NetworkAttachmentDefinition"}]},
         "items": [
           {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "erp-db", "labels": {"infoscale.internal/mode": "audit"}}},
           {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "lab", "labels": {"infoscale.internal/mode": "off"}}},
           {"apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
            "metadata": {"name": "llt1", "namespace": "erp-db", "uid": "u-1", "labels": {"infoscale.internal/role": "llt"}},
            "spec": {"config": "{\"cniVersion\":\"0.3.1\",\"name\":\"llt1\",\"type\":\"bridge\",\"bridge\":\"br-llt1\"}"}},
           {"apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
            "metadata": {"name": "llt1", "namespace": "lab", "labels": {"infoscale.internal/role": "llt"}},
            "spec": {"config": "{\"cniVersion\":\"0.3.1\",\"name\":\"llt1\",\"type\":\"bridge\",\"bridge\":\"br-llt1\"}"}}]}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_recorded_cluster_is_judged_whatever_its_modes_but_for_off()
    {
        Run run = await Run.Of("audit", "--snapshot", _folder.Write("cluster.json", Snapshot));
        Assert.Equal(1, run.Code);
        Assert.Contains("cluster/erp-db  error  nad-mtu-not-jumbo\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("cluster/lab", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 NetworkAttachmentDefinition: mode off\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("in 1 judged object of the cluster\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_of_a_cluster_are_owned_by_its_objects()
    {
        Run run = await Run.Of("audit", "-o", "policyreport", "--snapshot", _folder.Write("cluster.json", Snapshot));
        JsonNode report = Assert.Single(JsonNode.Parse(run.Output)!["items"]!.AsArray())!;
        Assert.Equal("u-1", (string?)report["metadata"]!["ownerReferences"]![0]!["uid"]);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("junit")]
    [InlineData("sarif")]
    [InlineData("html")]
    public async Task Every_format_is_without_a_line_where_there_is_no_file(string format)
    {
        Run run = await Run.Of("audit", "-o", format, "--snapshot", _folder.Write("cluster.json", Snapshot));
        Assert.Equal(1, run.Code);
        Assert.Contains("nad-mtu-not-jumbo", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(":0:0", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"startLine\": 0", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_or_a_cluster_must_be_named_and_not_both()
    {
        string snapshot = _folder.Write("cluster.json", Snapshot);
        foreach (string[] arguments in (string[][])[["audit"], ["audit", "--snapshot", snapshot, snapshot]])
        {
            Run run = await Run.Of(arguments);
            Assert.Equal(2, run.Code);
            Assert.Contains("name what to judge: files and folders, or --cluster, or --snapshot FILE", run.Error, StringComparison.Ordinal);
        }
    }
}
