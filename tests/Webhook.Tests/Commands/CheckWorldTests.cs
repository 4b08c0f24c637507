using System.Text.Json;

namespace Webhook.Tests.Commands;

/// <summary>The files of one <c>check</c> are the cluster that each object is judged in, whatever their order.</summary>
public sealed class CheckWorldTests : IDisposable
{
    private const string Machine =
        """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: vcs-node1, namespace: erp-db, labels: {infoscale.internal/cluster: erp}}
        spec:
          dataVolumeTemplates:
          - {metadata: {name: vcs-node1-data}, spec: {storage: {storageClassName: fast}}}
          template:
            spec:
              domain: {devices: {interfaces: [{name: llt1, sriov: {}}]}}
              networks: [{name: llt1, multus: {networkName: llt1}}]
              volumes: [{name: data, dataVolume: {name: vcs-node1-data}}]
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("csi.hpe.com", null)]
    [InlineData("rbd.csi.ceph.com", "vm-storage-not-iscsi error")]
    [InlineData("csi.trident.netapp.io", "vm-storage-unverified warning")]
    public async Task A_StorageClass_of_another_file_tells_the_protocol(string provisioner, string? finding)
    {
        _folder.Write("a-vm.yaml", Machine);
        _folder.Write("z-class.yaml", $"apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: fast}}\nprovisioner: {provisioner}\n");
        Assert.Equal(finding, (await Findings()).SingleOrDefault(static found => found.StartsWith("vm-storage-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_the_StorageClass_the_finding_says_what_was_not_given()
    {
        _folder.Write("a-vm.yaml", Machine);
        Run run = await Run.Of("check", _folder.Path);
        Assert.Contains("no StorageClass was given", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llt", true)]
    [InlineData("iscsi", false)]
    public async Task The_label_of_a_network_of_another_file_gives_the_NIC_its_role(string role, bool isFound)
    {
        _folder.Write("a-vm.yaml", Machine);
        _folder.Write("nets/llt1.yaml",
            $"apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {{name: llt1, namespace: erp-db, labels: {{infoscale.internal/role: {role}}}}}\n" +
            "spec: {config: '{\"cniVersion\": \"0.3.1\", \"name\": \"llt1\", \"type\": \"sriov\"}'}\n");
        Assert.Equal(isFound, (await Findings()).Contains("vm-sriov-llt-only warning"));
    }

    private async Task<IReadOnlyList<string>> Findings()
    {
        Run run = await Run.Of("check", _folder.Path, "-o", "json");
        using JsonDocument report = JsonDocument.Parse(run.Output);
        return [.. report.RootElement.GetProperty("findings").EnumerateArray()
            .Select(static finding => $"{finding.GetProperty("rule")} {finding.GetProperty("severity")}")];
    }
}
