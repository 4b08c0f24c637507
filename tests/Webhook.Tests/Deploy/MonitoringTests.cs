using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Webhook.Admission;
using Webhook.Audit;
using Webhook.Cluster;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Rules;
using Webhook.Tests.Commands;
using Webhook.Tests.Hosting;

namespace Webhook.Tests.Deploy;

/// <summary>The queries of alerts and dashboard ask for what the program exposes: names, labels and their values.</summary>
public sealed partial class MonitoringTests
{
    private static readonly string Folder = Path.Combine(Golden.Checkout, "deploy", "components", "monitoring");

    // What Prometheus itself adds to a target's series (prometheus-operator Documentation, ServiceMonitor of a Service), and its own series.
    private static readonly string[] TargetLabels = ["job", "pod", "namespace", "instance"];

    private static readonly string[] Words =
        ["sum", "max", "min", "count", "by", "on", "unless", "rate", "increase", "histogram_quantile", "absent", "time"];

    private static readonly Lazy<string> All = new(Exposition);

    public static TheoryData<string> Queries => [.. AlertQueries(), .. DashboardQueries()];

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_query_asks_for_what_is_exposed(string query) => Assert.Empty(Problems(query, Exposed()));

    [Theory]
    [InlineData("sum(infoscale_webhook_reviews)", "infoscale_webhook_reviews is not exposed")]
    [InlineData("sum(rate(infoscale_webhok_reviews_total[5m]))", "infoscale_webhok_reviews_total is not exposed")]
    [InlineData("infoscale_webhook_audit_findings{rules=\"x\"}", "infoscale_webhook_audit_findings has no label rules")]
    [InlineData("infoscale_webhook_reviews_total{decision=\"deny\"}", "infoscale_webhook_reviews_total has no decision deny")]
    [InlineData("infoscale_webhook_reviews_total{decision=~\"denied|would-denied\"}", "infoscale_webhook_reviews_total has no decision would-denied")]
    [InlineData("sum by (kin) (infoscale_webhook_cache_objects)", "no series has the label kin")]
    public void A_query_for_something_else_is_found(string query, string problem) => Assert.Equal(problem, Assert.Single(Problems(query, Exposed())));

    [Fact]
    public void Alerts_and_panels_are_there_and_each_alert_says_what_to_do()
    {
        Assert.InRange(AlertQueries().Count, 10, 30);
        Assert.InRange(DashboardQueries().Count, 15, 40);
        foreach (Field alert in Alerts())
        {
            Assert.EndsWith(".", alert["annotations"]["description"].Text, StringComparison.Ordinal);
            Assert.Contains(alert["labels"]["severity"].Text, (string?[])["warning", "critical"]);
        }
    }

    [Fact]
    public async Task What_a_running_server_exposes_is_among_what_the_queries_are_compared_with()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string text = await server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Dictionary<string, List<Dictionary<string, string>>> running = Read(text), exposed = Exposed();
        Assert.NotEmpty(running);
        Assert.All(running.Keys, name => Assert.Contains(name, exposed.Keys));
    }

    [Fact]
    public void Each_metric_has_a_name_and_help_as_Prometheus_wants_them_and_few_series()
    {
        Dictionary<string, List<Dictionary<string, string>>> exposed = Exposed();
        Assert.All(exposed, static family =>
        {
            Assert.Matches("^infoscale_webhook_[a-z_]+$", family.Key);
            Assert.InRange(family.Value.Count, 1, 1000);
        });
        string[] types = [.. All.Value.Split('\n').Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal))];
        Assert.All(types, static line => Assert.Equal(line.EndsWith(" counter", StringComparison.Ordinal), line.Contains("_total ", StringComparison.Ordinal)));
    }

    private static List<string> Problems(string query, Dictionary<string, List<Dictionary<string, string>>> exposed)
    {
        var problems = new List<string>();
        var labels = new HashSet<string>(TargetLabels, StringComparer.Ordinal);
        string rest = Grouping().Replace(Range().Replace(query, ""), "");
        foreach (Match match in Selector().Matches(rest))
        {
            string name = match.Groups["name"].Value;
            if (Words.Contains(name) || name == "up")
            {
                continue;
            }

            if (!exposed.TryGetValue(name, out List<Dictionary<string, string>>? series))
            {
                problems.Add($"{name} is not exposed");
                continue;
            }

            labels.UnionWith(series.SelectMany(static one => one.Keys));
            foreach (Match matcher in Matcher().Matches(match.Groups["matchers"].Value))
            {
                string label = matcher.Groups["label"].Value;
                if (!series.Any(one => one.ContainsKey(label)))
                {
                    problems.Add($"{name} has no label {label}");
                    continue;
                }

                problems.AddRange(matcher.Groups["value"].Value.Split('|')
                    .Where(value => !series.Any(one => one.GetValueOrDefault(label) == value)).Select(value => $"{name} has no {label} {value}"));
            }
        }

        foreach (Match grouping in Grouping().Matches(query))
        {
            problems.AddRange(grouping.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries)
                .Where(label => problems.Count == 0 && !labels.Contains(label)).Select(static label => $"no series has the label {label}"));
        }

        return problems;
    }

    private static List<string> AlertQueries() => [.. Alerts().Select(static alert => alert["expr"].Text!)];

    private static List<Field> Alerts()
    {
        Field rules = Assert.Single(ManifestReader.Read(File.ReadAllText(Path.Combine(Folder, "91-alert-rules.yaml")))).Root;
        var alerts = new List<Field>();
        foreach (Field group in rules["spec"]["groups"].Items())
        {
            foreach (Field rule in group["rules"].Items())
            {
                alerts.Add(rule);
            }
        }

        return alerts;
    }

    private static List<string> DashboardQueries() =>
    [
        .. JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "dashboard.json")))!["panels"]!.AsArray()
            .SelectMany(static panel => panel!["targets"]!.AsArray()).Select(static target => (string)target!["expr"]!),
    ];

    private static Dictionary<string, List<Dictionary<string, string>>> Exposed() => Read(All.Value);

    private static Dictionary<string, List<Dictionary<string, string>>> Read(string exposition)
    {
        var families = new Dictionary<string, List<Dictionary<string, string>>>(StringComparer.Ordinal);
        foreach (string line in exposition.Split('\n').Where(static line => line.Length > 0 && line[0] != '#'))
        {
            Match match = Selector().Match(line);
            if (!families.TryGetValue(match.Groups["name"].Value, out List<Dictionary<string, string>>? series))
            {
                families[match.Groups["name"].Value] = series = [];
            }

            series.Add(Matcher().Matches(match.Groups["matchers"].Value)
                .ToDictionary(static one => one.Groups["label"].Value, static one => one.Groups["value"].Value, StringComparer.Ordinal));
        }

        return families;
    }

    // Everything that can be counted, counted once: reviews of all examples in two modes, an audit of them, and what else goes wrong.
    private static string Exposition()
    {
        using var metrics = new WebhookMetrics();
        using var text = new MetricsText(metrics);
        metrics.ShowZeros();
        foreach (EnforcementMode mode in (EnforcementMode[])[EnforcementMode.Enforce, EnforcementMode.Audit])
        {
            var settings = new EnforcementSettings { Mode = mode };
            var store = new ConfigurationStore(null, settings, metrics, NullLogger<ConfigurationStore>.Instance);
            WarmUp.Run(new AdmissionReviewer(
                store, static () => ClusterView.Unseen, new FakeTimeProvider(Run.Now), metrics, NullLogger<AdmissionReviewer>.Instance));
        }

        metrics.Reviewed("other", "CREATE", "enforce", "ignored", TimeSpan.Zero); // the server's first caller, itself
        var audit = new AuditMetrics(metrics);
        audit.Holds(true);
        audit.Written("create", true);
        ClusterObjects objects = ClusterObjects.Given(RuleCatalog.All.SelectMany(static rule => rule.Info.Examples).Select(static example => ManifestReader.Read(example.Yaml).First().Root));
        audit.Ended(new AuditRun(EnforcementSettings.Default, Run.Now).Judge(objects, null, default), true, TimeSpan.FromSeconds(1), Run.Now);

        using var client = new ApiClient(new ClusterConnection { Server = new Uri("http://127.0.0.1:1") }, "test/1", TimeProvider.System);
        metrics.Observe([.. new ClusterCache(client, ClusterKind.All, TimeProvider.System, new Nobody()).Caches]);
        metrics.CacheListed(ClusterKind.VirtualMachine, 1);
        metrics.CacheFailed(ClusterKind.VirtualMachine, "timeout");
        using var gate = new ReviewGate();
        gate.Show(metrics);
        metrics.Injected("VirtualMachine", 1);
        metrics.Refused("400");
        metrics.CertificateExpires(Run.Now.UtcDateTime);
        return text.Write();
    }

    [GeneratedRegex(@"\[[^]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(?:by|on) \((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\b(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<matchers>[^}]*)\})?")]
    private static partial Regex Selector();

    [GeneratedRegex("""(?<label>[a-zA-Z_]+)(?:=~|!=|=)"(?<value>[^"]*)" *,?""")]
    private static partial Regex Matcher();

    private sealed class Nobody : IClusterObserver
    {
        public void Listed(ClusterKind kind, int count, long bytes)
        {
        }

        public void Watching(ClusterKind kind)
        {
        }

        public void Absent(ClusterKind kind)
        {
        }

        public void Failed(ClusterKind kind, ApiError error)
        {
        }

        public void Waits(ClusterKind kind, TimeSpan delay)
        {
        }
    }
}
