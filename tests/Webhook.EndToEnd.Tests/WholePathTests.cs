using System.Diagnostics;
using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>
/// Objects judged against the cluster they enter: two nodes, their networks and states, storage and two members, then one change after the
/// other that must not pass. The same changes are put to <c>check</c>, over the live cluster and over a snapshot of it.
/// </summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(OwnCluster))]
public sealed class WholePathTests(SmallSchemaCluster cluster) : IAsyncLifetime
{
    private static readonly string Folder = Checkout.PathOf("tests", "Webhook.EndToEnd.Tests", "WholePath");

    private WebhookServer? _webhook;

    private static IEnumerable<string> Cases =>
        Directory.EnumerateFiles(Path.Combine(Folder, "cases"), "*.yaml").Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!cluster.IsThere)
        {
            return;
        }

        // The last things first: what the webhook sees does not depend on the order in which it came.
        await cluster.UnregisterAsync();
        (await cluster.Kubectl.WithInputAsync(LiveClusterTests.StateDefinition, "create", "-f", "-")).Done();
        (await cluster.Kubectl.RunAsync("wait", "--for=condition=established", "crd", "--all", "--timeout=60s")).Done();
        _webhook = await cluster.SecondWebhookAsync();
        await _webhook.StartAsync();
        (await cluster.Kubectl.WithInputAsync("apiVersion: v1\nkind: Namespace\nmetadata: {name: erp-db}\n", "apply", "-f", "-")).Done();
        foreach (string file in World().Reverse())
        {
            (await cluster.Kubectl.RunAsync("apply", "-f", file)).Done();
        }

        await cluster.RegisterAsync(TestCluster.Registration.Service, _webhook.Port, _webhook.Authority);
        await cluster.UntilAsync("the webhook is asked", static result => result.ExitCode != 0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_webhook is not null)
        {
            await cluster.UnregisterAsync();
            await _webhook.DisposeAsync();
            foreach (string file in World())
            {
                await cluster.Kubectl.RunAsync("delete", "--ignore-not-found", "--wait=false", "-f", file);
            }

            (await cluster.Kubectl.WithInputAsync(LiveClusterTests.StateDefinition, "delete", "-f", "-")).Done();

            await cluster.RegisterAsync(TestCluster.Registration.Service);
        }
    }

    [Fact]
    public async Task The_world_is_accepted_and_each_change_is_answered_by_what_else_is_there_as_check_answers_it()
    {
        cluster.Require();
        using HttpClient client = _webhook!.Client();
        await Wait.UntilAsync("the world is seen", 60, async () => await SeesWorldAsync(client), () => _webhook.Log);
        foreach (string file in World())
        {
            (await cluster.Kubectl.RunAsync("apply", "--dry-run=server", "-f", file)).Done();
        }

        (int code, string output) = await ProgramAsync("path", "vm/erp-db/erp-node1", "--cluster", "--kubeconfig", cluster.ApiServer.Kubeconfig);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.Contains("ens3f0", output, StringComparison.Ordinal);
        Assert.True(code == 0, output); // no weak hop

        Assert.Equal(8990, await InjectedAsync(client, """{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "n", "physicalNetworkName": "physnet-llt1"}"""));
        Assert.Null(await InjectedAsync(client, """{"type": "bridge", "bridge": "br-llt3"}""")); // over a member with 1500

        string snapshot = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            (code, output) = await ProgramAsync("snapshot", "-o", snapshot, "--kubeconfig", cluster.ApiServer.Kubeconfig);
            Assert.True(code == 0, output);
            foreach (string file in Cases)
            {
                await JudgeAsync(new Case(file), snapshot);
            }
        }
        finally
        {
            File.Delete(snapshot);
        }
    }

    [Fact]
    public async Task Applied_in_one_go_the_world_is_accepted_although_each_object_needs_the_one_before()
    {
        cluster.Require();
        for (int i = 0; i < 3; i++)
        {
            foreach (string file in World().Reverse())
            {
                // A network is in use until the webhook has seen its machines go.
                await Wait.UntilAsync($"{file} is gone", 30, async () => (await cluster.Kubectl.RunAsync("delete", "--ignore-not-found", "-f", file)).ExitCode == 0);
            }

            KubectlResult apply = (await cluster.Kubectl.RunAsync("apply", "-f", Path.Combine(Folder, "world"))).Done();
            Assert.All(apply.Output.Trim().Split('\n'), static line => Assert.EndsWith(" created", line, StringComparison.Ordinal));
        }
    }

    private async Task JudgeAsync(Case @case, string snapshot)
    {
        KubectlResult answer = await cluster.Kubectl.RunAsync(@case.Action, "--dry-run=server", "-f", @case.File);
        TestContext.Current.TestOutputHelper?.WriteLine($"{@case.Name}\n{answer.Error}");
        Assert.True(answer.ExitCode == 0 == (@case.Breaks.Length == 0), $"{@case.Name}: {answer}");
        Assert.Equal<string>(@case.Breaks, Rejections.Rules(answer.Error).Distinct().Order(StringComparer.Ordinal));
        Assert.All(@case.Warns, rule => Assert.Contains(answer.Warnings, warning => warning.Contains(rule, StringComparison.Ordinal)));
        Assert.All(@case.Says, words => Assert.Contains(words, answer.Error, StringComparison.Ordinal));
        if (@case.Action == "delete")
        {
            return; // A file says what shall be, not what shall go.
        }

        string[] live = await CheckAsync(@case, "--cluster", "--kubeconfig", cluster.ApiServer.Kubeconfig);
        Assert.Equal(live, await CheckAsync(@case, "--snapshot", snapshot));
        Assert.Equal<string>(
            @case.Breaks, live.Where(static finding => finding.StartsWith("error ", StringComparison.Ordinal)).Select(static finding => finding.Split(' ')[1]).Distinct());
    }

    // The MTU that mutation gives a network that names none, or null where the path below does not carry one.
    private static async Task<int?> InjectedAsync(HttpClient client, string config)
    {
        var network = new JsonObject
        {
            ["apiVersion"] = "k8s.cni.cncf.io/v1",
            ["kind"] = "NetworkAttachmentDefinition",
            ["metadata"] = new JsonObject { ["name"] = "n", ["namespace"] = "erp-db", ["labels"] = new JsonObject { ["infoscale.internal/role"] = "llt" } },
            ["spec"] = new JsonObject { ["config"] = config },
        };
        var review = new JsonObject
        {
            ["apiVersion"] = "admission.k8s.io/v1",
            ["kind"] = "AdmissionReview",
            ["request"] = new JsonObject
            {
                ["uid"] = "u-1",
                ["operation"] = "CREATE",
                ["namespace"] = "erp-db",
                ["kind"] = new JsonObject { ["group"] = "k8s.cni.cncf.io", ["version"] = "v1", ["kind"] = "NetworkAttachmentDefinition" },
                ["object"] = network,
            },
        };
        using var content = new StringContent(review.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.PostAsync(new Uri("/mutate", UriKind.Relative), content, TestContext.Current.CancellationToken);
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["response"]!;
        Assert.True((bool)answer["allowed"]!);
        JsonNode? changed = answer["patch"] is JsonNode patch
            ? JsonNode.Parse(Convert.FromBase64String((string)patch!))!.AsArray().Single(static change => (string)change!["path"]! == "/spec/config" && (string)change["op"]! == "replace")
            : null;
        return changed is null ? null : (int?)JsonNode.Parse((string)changed["value"]!)!["mtu"];
    }

    private static async Task<string[]> CheckAsync(Case @case, params string[] world)
    {
        (int code, string output) = await ProgramAsync(["check", "-o", "json", .. world, @case.File]);
        Assert.True(code == (@case.Breaks.Length == 0 ? 0 : 1), output);
        return
        [
            .. JsonNode.Parse(output)!["findings"]!.AsArray()
                .Select(static finding => $"{finding!["severity"]} {finding["rule"]} {finding["path"]} {finding["message"]}").Order(StringComparer.Ordinal),
        ];
    }

    private static async Task<(int Code, string Output)> ProgramAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(WebhookServer.FindProgram()!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output.Length > 0 ? output : await error);
    }

    private static IEnumerable<string> World() => Directory.EnumerateFiles(Path.Combine(Folder, "world"), "*.yaml").Order(StringComparer.Ordinal);

    private static async Task<bool> SeesWorldAsync(HttpClient client)
    {
        string metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        return Array.TrueForAll(
            ["Node 2", "NodeNetworkState 2", "NodeNetworkConfigurationPolicy 4", "NetworkAttachmentDefinition 3", "StorageClass 2", "VirtualMachine 2", "VirtualMachineSnapshot 1"],
            (string kind) => metrics.Contains($"infoscale_webhook_cache_objects{{kind=\"{kind.Replace(" ", "\"} ", StringComparison.Ordinal)}\n", StringComparison.Ordinal));
    }

    /// <summary>A change, and what it says about itself in comments.</summary>
    private sealed class Case
    {
        private readonly string[] _lines;

        public Case(string file)
        {
            File = file;
            _lines = System.IO.File.ReadAllLines(file);
            Action = All("action").Single() switch { "update" => "replace", string action => action };
            Breaks = [.. All("breaks").Order(StringComparer.Ordinal)];
            Warns = [.. All("warns")];
            Says = [.. All("says")];
        }

        public string File { get; }

        public string Name => Path.GetFileNameWithoutExtension(File);

        public string Action { get; }

        public string[] Breaks { get; }

        public string[] Warns { get; }

        public string[] Says { get; }

        private IEnumerable<string> All(string key) =>
            _lines.Where(line => line.StartsWith($"# {key}: ", StringComparison.Ordinal)).Select(line => line[(key.Length + 4)..]);
    }
}

/// <summary>A cluster that holds nothing but this world: what other tests leave behind would be seen.</summary>
[CollectionDefinition(nameof(OwnCluster))]
public sealed class OwnCluster : ICollectionFixture<SmallSchemaCluster>;
