using System.Text.Json;
using Webhook.Checking;
using Webhook.Commands;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Tests.Commands;

/// <summary><c>snapshot</c>, and <c>check</c> over a cluster: what they read, record and say when they cannot.</summary>
public sealed class ClusterCommandTests(FakeCluster cluster) : IClassFixture<FakeCluster>, IDisposable
{
    private const string Machine =
        """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: vcs-node1, namespace: erp-db, labels: {infoscale.internal/cluster: erp}}
        spec:
          runStrategy: Always
          template:
            spec:
              domain: {devices: {interfaces: [{name: llt1, bridge: {}, macAddress: "02:50:00:0e:01:11"}]}}
              networks: [{name: llt1, multus: {networkName: llt1}}]
              volumes:
              - {name: cloudinit, cloudInitNoCloud: {userData: "#cloud-config\npassword: hunter2", networkData: "{version: 2, ethernets: {}}"}}
        """;

    private const string OnClaim =
        """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: vcs-node5, namespace: erp-db, labels: {infoscale.internal/cluster: erp}}
        spec:
          template:
            spec:
              domain: {devices: {}}
              volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        """;

    private const string Network =
        """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}, managedFields: [{manager: kubectl}]}
        spec: {config: '{"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": 8990}'}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        cluster.Objects = [];
        cluster.Missing.Clear();
        cluster.Forbidden.Clear();
        cluster.Broken = null;
    }

    [Fact]
    public async Task A_snapshot_holds_what_there_is_in_a_fixed_order_without_secrets_and_says_what_was_not_seen()
    {
        cluster.Objects = FakeCluster.Read(Machine + "\n---\n" + Network + "\n---\n{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: erp-db}, data: {key: aHVudGVyMg==}}");
        cluster.Missing.Add(ClusterKind.NodeNetworkState);
        cluster.Forbidden.Add(ClusterKind.PersistentVolume);
        (Run run, string first) = await SnapshotAsync();
        Assert.Equal(ExitCode.Clean, run.Code);
        Assert.Equal(
            $"note: not seen, since this account may not list them: PersistentVolume; findings say where that counts\n" +
            $"2 objects of {ClusterKind.All.Count - 2} kinds written to {_folder.Path}/cluster.json\n",
            run.Error);
        Assert.DoesNotContain("hunter2", first, StringComparison.Ordinal);
        Assert.DoesNotContain("aHVudGVyMg", first, StringComparison.Ordinal);
        Assert.DoesNotContain("managedFields", first, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(first);
        JsonElement head = document.RootElement.GetProperty("metadata");
        Assert.Equal(("2026-06-15T12:00:00Z", "v1.33.2"), (head.GetProperty("time").GetString(), head.GetProperty("serverVersion").GetString()));
        Assert.Equal(
            ["PersistentVolume objects may not be listed", "the cluster serves no NodeNetworkState"],
            head.GetProperty("kinds").EnumerateArray().Where(static kind => kind.TryGetProperty("unseen", out _)).Select(static kind => kind.GetProperty("unseen").GetString()));
        cluster.Objects = [.. cluster.Objects.Reverse()];
        Assert.Equal(first, (await SnapshotAsync()).Text);
        Assert.Equal(first, (await Run.Of("snapshot", "-o", "-", "--kubeconfig", Kubeconfig())).Output);
    }

    [Fact]
    public void A_recording_comes_back_as_it_was_written()
    {
        var recording = new ClusterRecording
        {
            Time = Run.Now,
            ServerVersion = "v1.20.2",
            Kinds =
            [
                .. ClusterKind.All.Select(static kind =>
                    ReferenceEquals(kind, ClusterKind.NetworkAttachmentDefinition) ? new RecordedKind(kind, FakeCluster.Read(Network))
                    : ReferenceEquals(kind, ClusterKind.Node) ? new RecordedKind(kind, [], "Node objects may not be listed")
                    : new RecordedKind(kind, [])),
            ],
        };
        using var stream = new MemoryStream();
        SnapshotFile.Write(recording, stream);
        stream.Position = 0;
        Assert.True(SnapshotFile.TryRead(stream, out ClusterRecording? read, out string? problem), problem);
        Assert.Equal((recording.Time, recording.ServerVersion), (read!.Time, read.ServerVersion));
        ClusterObjects view = read.View();
        Assert.Equal("llt1", view.Network("erp-db", "llt1").Found?.Name);
        Assert.True(view.Network("erp-db", "llt2").IsAbsent);
        Assert.True(view.StorageClass("fast").IsAbsent);
        Assert.Equal("Node objects may not be listed", view.Nodes().Unverified);
    }

    [Theory]
    [InlineData("{", "not a snapshot: the text ends too early (line 1, column 2); record one: infoscale-webhook snapshot -o FILE")]
    [InlineData("{\"kind\": \"List\", \"items\": []}", "not a snapshot; record one: infoscale-webhook snapshot -o FILE")]
    [InlineData("{\"apiVersion\": \"infoscale.internal/v9\", \"kind\": \"ClusterSnapshotList\", \"metadata\": {\"kinds\": []}, \"items\": []}",
        "written by another version of this program (\"infoscale.internal/v9\", not \"infoscale.internal/v1\"); record it again")]
    [InlineData(null, "no such file")]
    public async Task What_is_no_snapshot_is_refused_with_what_to_do(string? text, string problem)
    {
        string file = Path.Combine(_folder.Path, "cluster.json");
        if (text is not null)
        {
            _folder.Write("cluster.json", text);
        }

        Run run = await Run.OfInput(Network, "check", "--snapshot", file, "-");
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.Equal($"error: {file}: {problem}\n", run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task A_kind_that_a_snapshot_was_taken_without_is_not_seen()
    {
        string file = _folder.Write("cluster.json", """{"apiVersion": "infoscale.internal/v1", "kind": "ClusterSnapshotList", "metadata": {"kinds": []}, "items": []}""");
        Run run = await Run.OfInput(OnClaim, "check", "--snapshot", file, "-");
        Assert.Contains("the snapshot was taken without PersistentVolumeClaim objects", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_that_exists_is_judged_as_an_update_of_what_exists()
    {
        cluster.Objects = FakeCluster.Read(Machine + "\n---\n" + OnClaim + "\n---\n" + Network);
        Assert.Contains("neither spec nor InfoScale metadata changed", (await CheckAsync(OnClaim)).Output, StringComparison.Ordinal);
        string moved = Machine.Replace("02:50:00:0e:01:11", "02:50:00:0e:01:12", StringComparison.Ordinal);
        Run run = await CheckAsync(moved);
        Assert.Equal(ExitCode.Findings, run.Code);
        Assert.Contains("vm-network-changed", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("vm-network-changed", (await CheckAsync(moved.Replace("name: vcs-node1", "name: vcs-node9", StringComparison.Ordinal))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hardware_address_that_the_manifest_leaves_to_the_cluster_stays()
    {
        cluster.Objects = FakeCluster.Read(Machine + "\n---\n" + Network);
        Run run = await CheckAsync(Machine.Replace(", macAddress: \"02:50:00:0e:01:11\"", "", StringComparison.Ordinal).Replace("Always", "Manual", StringComparison.Ordinal));
        Assert.DoesNotContain("vm-network-changed", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("neither spec", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_is_given_to_objects_that_name_none_and_to_no_others()
    {
        cluster.Objects = FakeCluster.Read(Network);
        string unplaced = Machine.Replace(", namespace: erp-db", "", StringComparison.Ordinal);
        Assert.Contains("VirtualMachine erp-db/vcs-node1", (await CheckAsync(unplaced, "-n", "erp-db")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("vm-network-missing", (await CheckAsync(unplaced, "-n", "erp-db")).Output, StringComparison.Ordinal);
        Assert.Contains("vm-network-missing", (await CheckAsync(unplaced, "-n", "web")).Output, StringComparison.Ordinal);
        Assert.Contains("VirtualMachine erp-db/vcs-node1", (await CheckAsync(Machine, "-n", "web")).Output, StringComparison.Ordinal);
        Run policy = await CheckAsync("{apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: llt, labels: {infoscale.internal/role: llt}}}", "-n", "web");
        Assert.DoesNotContain("web/", policy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_cluster_is_an_error_with_a_remedy_and_costs_no_older_snapshot()
    {
        string file = _folder.Write("cluster.json", "older");
        cluster.Broken = 401;
        Run run = await Run.Of("snapshot", "-o", file, "--kubeconfig", Kubeconfig());
        Assert.Equal((ExitCode.CouldNotRun, "error: the cluster cannot be read: get the version: 401, the credentials are not taken; log in again\n"), (run.Code, run.Error));
        Assert.Equal("older", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        cluster.Broken = 500;
        Assert.Equal("error: the cluster cannot be read: get the version: 500; try again\n", (await CheckAsync(Machine)).Error);
    }

    [Theory]
    [InlineData("stagin", "; did you mean staging?")]
    [InlineData("zzzzzzzzz", "")]
    public async Task A_context_that_is_not_there_is_named_with_those_like_it(string context, string hint)
    {
        Run run = await Run.OfInput(Machine, "check", "--cluster", "--kubeconfig", Kubeconfig(), "--context", context, "-");
        Assert.Equal((ExitCode.CouldNotRun, $"error: the kubeconfig has no context \"{context}\"{hint}\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task A_kubeconfig_that_is_not_there_is_named()
    {
        Run run = await Run.OfInput(Machine, "check", "--cluster", "--kubeconfig", Path.Combine(_folder.Path, "none"), "-");
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("none", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--cluster and --snapshot exclude each other", "--cluster", "--snapshot", "x")]
    [InlineData("--kubeconfig and --context say which cluster: give --cluster", "--context", "x")]
    public async Task Options_that_contradict_each_other_are_refused(string problem, params string[] options)
    {
        Run run = await Run.OfInput(Machine, ["check", .. options, "-"]);
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.StartsWith($"error: {problem}\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_order_of_documents_does_not_change_the_answer()
    {
        string[] documents =
        [
            Machine, Network, Network.Replace("8990", "1500", StringComparison.Ordinal), Network.Replace("name: llt1", "name: llt2", StringComparison.Ordinal),
            Machine.Replace("vcs-node1", "vcs-node2", StringComparison.Ordinal),
            "{apiVersion: v1, kind: Node, metadata: {name: worker-1}}",
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: csi.hpe.com}",
        ];
        string[]? expected = null;
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            string[] shuffled = [.. documents];
            random.Shuffle(shuffled);
            using JsonDocument report = JsonDocument.Parse((await Run.OfInput(string.Join("\n---\n", shuffled), "check", "-o", "json", "-")).Output);
            string[] findings =
            [
                .. report.RootElement.GetProperty("findings").EnumerateArray()
                    .Select(static finding => $"{finding.GetProperty("name")} {finding.GetProperty("rule")} {finding.GetProperty("path")} {finding.GetProperty("message")}")
                    .Order(StringComparer.Ordinal),
            ];
            expected ??= findings;
            Assert.Equal(expected, findings);
        }

        Assert.NotEmpty(expected!);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task A_busy_server_is_asked_again_a_few_times(int busy, bool isRead)
    {
        cluster.Busy = busy;
        (Run run, string text) = isRead ? await SnapshotAsync() : (await CheckAsync(Machine), "");
        Assert.Equal(isRead, run.Code == 0);
        Assert.Equal(isRead, text.Length > 0);
        Assert.Contains(isRead ? "" : "503", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Busy);
    }

    private string Kubeconfig() => _folder.Write("kubeconfig", cluster.Kubeconfig);

    private Task<Run> CheckAsync(string yaml, params string[] options) =>
        Run.OfInput(yaml, ["check", "--cluster", "--kubeconfig", Kubeconfig(), .. options, "-"]);

    private async Task<(Run Run, string Text)> SnapshotAsync()
    {
        string file = Path.Combine(_folder.Path, "cluster.json");
        Run run = await Run.Of("snapshot", "-o", file, "--kubeconfig", Kubeconfig());
        return (run, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }
}
