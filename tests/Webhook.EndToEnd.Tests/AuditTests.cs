using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>A cluster of its own: whatever else is there would be judged.</summary>
[CollectionDefinition(nameof(Audited))]
public sealed class Audited : ICollectionFixture<SmallSchemaCluster>;

/// <summary>
/// The background audit with the rights that deploy/ gives it, judged by what the API server holds and counts afterwards. Set
/// WEBHOOK_AUDIT_MACHINES to 10000 to measure a large cluster.
/// </summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(Audited))]
public sealed class AuditTests(SmallSchemaCluster cluster) : IAsyncLifetime
{
    // World and machines are without a finding when this rule, which would see their one iSCSI NIC, is off.
    private const string Configuration = "mode: audit\nrules: {vm-single-iscsi-path: \"off\"}\n";

    private const string Exempt =
        """
        annotations: {infoscale.internal/exempt: vm-dynamic-address, infoscale.internal/exempt-reason: readdressed soon, infoscale.internal/exempt-until: "UNTIL"}
        """;

    private static readonly string World = Checkout.PathOf("tests", "Webhook.EndToEnd.Tests", "WholePath", "world");

    private static readonly int Machines =
        int.TryParse(Environment.GetEnvironmentVariable("WEBHOOK_AUDIT_MACHINES"), CultureInfo.InvariantCulture, out int given) ? given : 300;

    private string _account = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!cluster.IsThere)
        {
            return;
        }

        await cluster.UnregisterAsync();
        (await cluster.Kubectl.WithInputAsync(LiveClusterTests.StateDefinition, "apply", "-f", "-")).Done();
        await InstallAsync("wgpolicyk8s.io");
        _account = await cluster.AccountAsync("cert-manager-audit-only");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (cluster.IsThere)
        {
            (await cluster.Kubectl.RunAsync(
                "delete", "--ignore-not-found", "crd", "reports.openreports.io", "clusterreports.openreports.io", "policyreports.wgpolicyk8s.io",
                "clusterpolicyreports.wgpolicyk8s.io")).Done();
        }
    }

    [Fact]
    public async Task Each_bad_object_has_one_report_nothing_is_written_twice_and_what_changes_is_told_once()
    {
        cluster.Require();
        using HttpClient api = cluster.ApiServer.NewClient();
        await CreateWorldAsync(api);
        int bad = (Machines + 19) / 20;

        await using WebhookServer webhook = await cluster.WebhookAsync("auditor", _account, "--audit");
        await webhook.ConfigureAsync(Configuration);
        var watch = Stopwatch.StartNew();
        await webhook.StartAsync();
        double listed = watch.Elapsed.TotalSeconds;
        await RunsAsync(webhook, 1, 300);
        double written = await WritesAsync();
        Tell($"{Machines} machines, {bad} bad, and {bad + 2} reports {watch.Elapsed.TotalSeconds:F1} s after the start; all listed after {listed:F1} s; {written} writes; "
            + $"audit {await webhook.MetricAsync("infoscale_webhook_audit_last_duration_seconds"):F1} s; {await webhook.ResidentAsync():F0} MiB");
        Tell(webhook.Log.Split('\n').LastOrDefault(static line => line.Contains("Audited ", StringComparison.Ordinal)) ?? "");
        Assert.Equal(0, await webhook.MetricAsync("infoscale_webhook_audit_writes_total", "result=\"failed\""));

        // As kubectl shows them: the bad machines, one that is exempt, and a policy, which is in no namespace.
        string[] reports = await LinesAsync("get", "policyreports", "-n", "erp-db", "--no-headers");
        Assert.Equal(bad + 1, reports.Length);
        Assert.Matches(@"^infoscale-virtualmachine-vm-0 +VirtualMachine +vm-0 +1 +0 +0$", reports[0]);
        Assert.Contains(reports, static line => System.Text.RegularExpressions.Regex.IsMatch(line, "vm-1 +0 +0 +1$"));
        Assert.Single(await LinesAsync("get", "clusterpolicyreports", "--no-headers"));
        JsonNode report = JsonNode.Parse((await cluster.Kubectl.RunAsync("get", "policyreport", "infoscale-virtualmachine-vm-0", "-n", "erp-db", "-o", "json")).Done().Output)!;
        string uid = (await cluster.Kubectl.RunAsync("get", "vm", "vm-0", "-n", "erp-db", "-o", "jsonpath={.metadata.uid}")).Done().Output;
        Assert.Equal(uid, (string?)report["metadata"]!["ownerReferences"]![0]!["uid"]);
        Assert.Equal("vm-dynamic-address", (string?)report["results"]![0]!["policy"]);
        int events = (await EventsAsync("InfoScaleFindings")).Length;
        Assert.Equal(Math.Min(bad + 2, 200), events);

        // Judged again since something changed, then again by a process that knows nothing: not one write.
        (await cluster.Kubectl.RunAsync("label", "vm", "vm-3", "-n", "erp-db", "a=b")).Done();
        await RunsAsync(webhook, 2, 300);
        Assert.Equal(written, await WritesAsync());
        await webhook.StopAsync();
        await webhook.StartAsync();
        await RunsAsync(webhook, 1, 300);
        Assert.Equal(written, await WritesAsync());
        Tell($"second full run: 0 writes; audit {await webhook.MetricAsync("infoscale_webhook_audit_last_duration_seconds"):F1} s; {await webhook.ResidentAsync():F0} MiB");

        // One is mended, one deleted, one spoiled.
        double runs = await webhook.MetricAsync("infoscale_webhook_audit_runs_total");
        (await cluster.Kubectl.WithInputAsync(Machine(4).Replace("dhcp4: false", "dhcp4: true", StringComparison.Ordinal), "replace", "-f", "-")).Done();
        (await cluster.Kubectl.RunAsync("delete", "vm", "vm-20", "-n", "erp-db")).Done();
        (await cluster.Kubectl.WithInputAsync(Machine(0, isGood: true), "replace", "-f", "-")).Done();
        await Wait.UntilAsync("the reports follow", 300, async () =>
        {
            string[] names = await LinesAsync("get", "policyreports", "-n", "erp-db", "-o", "name");
            return names.Length == bad && names.Any(static name => name.EndsWith("-vm-4", StringComparison.Ordinal))
                && !names.Any(static name => name.EndsWith("-vm-0", StringComparison.Ordinal) || name.EndsWith("-vm-20", StringComparison.Ordinal));
        });
        await RunsAsync(webhook, runs + 1, 300);
        Assert.Contains("vm-0", Assert.Single(await EventsAsync("InfoScaleClean")), StringComparison.Ordinal);
        Assert.Equal(events + 1, (await EventsAsync("InfoScaleFindings")).Length);
        Assert.Single(webhook.Log.Split('\n'), static line => line.Contains("erp-db/vm-0 ", StringComparison.Ordinal));
        Assert.Single(webhook.Log.Split('\n'), static line => line.Contains("erp-db/vm-4 ", StringComparison.Ordinal));

        // OpenReports takes their place, with what was known.
        string since = await SinceAsync("policyreport");
        await webhook.StopAsync();
        await InstallAsync("openreports.io");
        await webhook.StartAsync();
        await RunsAsync(webhook, 1, 300);
        Assert.Equal(bad, (await LinesAsync("get", "reports.openreports.io", "-n", "erp-db", "-o", "name")).Length);
        Assert.Single(await LinesAsync("get", "clusterreports.openreports.io", "-o", "name"));
        Assert.Empty(await LinesAsync("get", "policyreports,clusterpolicyreports", "--all-namespaces", "-o", "name"));
        Assert.Equal(since, await SinceAsync("reports.openreports.io"));
        Assert.Equal(events + 1, (await EventsAsync("InfoScaleFindings")).Length);
        Assert.Equal(0, await webhook.MetricAsync("infoscale_webhook_audit_writes_total", "result=\"failed\""));
    }

    [Fact]
    public async Task When_the_replica_that_audits_is_killed_amidst_its_writes_the_other_takes_over_and_finishes()
    {
        cluster.Require();
        const int Networks = 600;
        (await cluster.Kubectl.WithInputAsync("apiVersion: v1\nkind: Namespace\nmetadata: {name: many}\n", "apply", "-f", "-")).Done();
        using HttpClient api = cluster.ApiServer.NewClient();
        await Parallel.ForEachAsync(Enumerable.Range(0, Networks), async (i, _) => await CreateAsync(
            api, "apis/k8s.cni.cncf.io/v1/namespaces/many/network-attachment-definitions", Manifests.NetworkWithoutMtu($"llt-{i}", "many"), "application/yaml"));

        await using WebhookServer first = await cluster.WebhookAsync("first", _account, "--audit");
        await using WebhookServer second = await cluster.WebhookAsync("waiting", _account, "--audit");
        await first.StartAsync();
        await Wait.UntilAsync("the first replica holds the audit", 60, async () => await first.MetricAsync("infoscale_webhook_audit_holder") == 1, () => first.Log);
        await second.StartAsync();
        var uri = new Uri("apis/wgpolicyk8s.io/v1alpha2/namespaces/many/policyreports?limit=1", UriKind.Relative);
        await Wait.UntilAsync("the first reports are written", 120, async () =>
            JsonNode.Parse(await api.GetStringAsync(uri, TestContext.Current.CancellationToken))!["items"]!.AsArray().Count > 0, () => first.Log);
        await first.KillAsync();
        var watch = Stopwatch.StartNew();
        int before = (await LinesAsync("get", "policyreports", "-n", "many", "-o", "name")).Length;
        Assert.InRange(before, 1, Networks - 1);
        Assert.Equal(0, await second.MetricAsync("infoscale_webhook_audit_holder"));

        await Wait.UntilAsync("the other replica holds the audit", 60, async () => await second.MetricAsync("infoscale_webhook_audit_holder") == 1, () => second.Log);
        double tookOver = watch.Elapsed.TotalSeconds;
        await RunsAsync(second, 1, 300);
        Tell($"killed with {before} of {Networks} reports written; taken over after {tookOver:F1} s, finished after {watch.Elapsed.TotalSeconds:F1} s");
        Assert.InRange(tookOver, 0, 20);
        Assert.Equal(Networks, (await LinesAsync("get", "policyreports", "-n", "many", "-o", "name")).Length);

        // No object is told of twice.
        string[] told = [.. (await LinesAsync("get", "events", "-n", "many", "-o", "jsonpath={range .items[*]}{.involvedObject.name}{\"\\n\"}{end}"))];
        Assert.Equal(told.Length, told.Distinct(StringComparer.Ordinal).Count());
        await second.StopAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, Networks), async (i, _) =>
        {
            var one = new Uri($"apis/k8s.cni.cncf.io/v1/namespaces/many/network-attachment-definitions/llt-{i}", UriKind.Relative);
            using HttpResponseMessage gone = await api.DeleteAsync(one, TestContext.Current.CancellationToken);
            Assert.True(gone.IsSuccessStatusCode, $"{one}: {gone.StatusCode}");
        });
    }

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private static async Task RunsAsync(WebhookServer webhook, double runs, int seconds)
    {
        double done = 0;
        await Wait.UntilAsync(
            $"{runs} audits are done", seconds, async () => (done = await webhook.MetricAsync("infoscale_webhook_audit_runs_total", "result=\"done\"")) >= runs,
            () => $"{done} are\n{webhook.Log}");
    }

    // One in twenty asks for DHCP; the second is exempt from what is said about that.
    private static string Machine(int number, bool isGood = false)
    {
        string address = string.Create(CultureInfo.InvariantCulture, $"{number / 250}.{(number % 250) + 1}/16");
        string machine = File.ReadAllText(Path.Combine(World, "40-virtual-machines.yaml")).Split("\n---\n")[0]
            .Replace("erp-node1", $"vm-{number}", StringComparison.Ordinal)
            .Replace("infoscale.internal/cluster: erp", $"infoscale.internal/cluster: c{number / 4}", StringComparison.Ordinal)
            .Replace("02:50:00:0e", string.Create(CultureInfo.InvariantCulture, $"02:{number / 250:x2}:{number % 250:x2}:0e"), StringComparison.Ordinal)
            .Replace("172.30.1.11/24", $"10.1.{address}", StringComparison.Ordinal)
            .Replace("172.30.2.11/24", $"10.2.{address}", StringComparison.Ordinal)
            .Replace("10.60.1.11/24", $"10.3.{address}", StringComparison.Ordinal);
        int asks = machine.IndexOf("dhcp4: false", StringComparison.Ordinal);
        machine = isGood || (number % 20 != 0 && number != 1) ? machine : $"{machine[..asks]}dhcp4: true{machine[(asks + "dhcp4: false".Length)..]}";
        string exempt = Exempt.Replace("UNTIL", string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow().AddDays(30):yyyy-MM-dd}"), StringComparison.Ordinal);
        return number != 1 ? machine : machine.Replace("\n  namespace: erp-db\n", $"\n  namespace: erp-db\n  {exempt}\n", StringComparison.Ordinal);
    }

    private static async Task CreateAsync(HttpClient api, string path, string manifest, string type)
    {
        using var content = new StringContent(manifest, Encoding.UTF8, new MediaTypeHeaderValue(type));
        using HttpResponseMessage response = await api.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task CreateWorldAsync(HttpClient api)
    {
        (await cluster.Kubectl.WithInputAsync("apiVersion: v1\nkind: Namespace\nmetadata: {name: erp-db}\n", "apply", "-f", "-")).Done();
        foreach (string file in (string[])["10-nodes", "20-policies", "30-networks", "35-storage"])
        {
            (await cluster.Kubectl.RunAsync("apply", "-f", Path.Combine(World, file + ".yaml"))).Done();
        }

        (await cluster.Kubectl.WithInputAsync(Manifests.PolicyWithDhcp("other").Replace("ens3f0", "ens9f0", StringComparison.Ordinal), "create", "-f", "-")).Done();
        await Parallel.ForEachAsync(Enumerable.Range(0, Machines), async (i, _) =>
            await CreateAsync(api, "apis/kubevirt.io/v1/namespaces/erp-db/virtualmachines", Machine(i), "application/yaml"));
    }

    private async Task InstallAsync(string group)
    {
        string file = Checkout.PathOf("tests", "Webhook.EndToEnd.Tests", "crds", "reports", group + ".yaml");
        (await cluster.Kubectl.RunAsync("apply", "-f", file)).Done();
        (await cluster.Kubectl.RunAsync("wait", "--for=condition=established", "crd", "--all", "--timeout=60s")).Done();
    }

    // What the API server counted itself, of reports and Events.
    private async Task<double> WritesAsync()
    {
        string metrics = (await cluster.Kubectl.RunAsync("get", "--raw", "/metrics")).Done().Output;
        return ((string[])["policyreports", "clusterpolicyreports", "reports", "clusterreports", "events"])
            .SelectMany(static resource => ((string[])["POST", "PUT", "PATCH", "DELETE"]).Select(verb => (resource, verb)))
            .Sum(one => Metrics.Sum(metrics, "apiserver_request_total", $"resource=\"{one.resource}\"", $"verb=\"{one.verb}\""));
    }

    private async Task<string[]> EventsAsync(string reason) =>
        await LinesAsync("get", "events", "--all-namespaces", "--no-headers", "--field-selector", $"reason={reason},involvedObject.kind!=NetworkAttachmentDefinition");

    private async Task<string> SinceAsync(string kind) => (await cluster.Kubectl.RunAsync(
        "get", kind, "infoscale-virtualmachine-vm-1", "-n", "erp-db", "-o", "jsonpath={.results[0].policy} {.results[0].timestamp.seconds}")).Done().Output;

    private async Task<string[]> LinesAsync(params string[] arguments) =>
        (await cluster.Kubectl.RunAsync(arguments)).Done().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
