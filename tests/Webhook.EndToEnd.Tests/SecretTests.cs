using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>
/// The published program with everything switched on that says something, logging all that it can be made to log, beside a real API server whose
/// machines, networks and Secrets hold passwords. What each output says of a single object is in Webhook.Tests; this is what surrounds that.
/// </summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(SmallSchemas))]
public sealed class SecretTests(SmallSchemaCluster cluster) : IAsyncLifetime
{
    private const string Marker = "s3cr3t";

    // A filter by a longer name is stronger than the program's own for all of Microsoft.
    private static readonly string[] Verbose =
    [
        "Default", "Webhook", "Microsoft", "Microsoft.AspNetCore", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests", "Microsoft.Extensions", "System",
    ];

    private const string Objects =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: passwords}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: cloud-init, namespace: passwords}
        stringData: {userdata: "password: s3cr3t", networkdata: "password: s3cr3t"}
        ---
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: llt1, namespace: passwords, labels: {infoscale.internal/role: llt} }
        spec: {config: '{"cniVersion": "0.3.1", "type": "bridge", "bridge": "br-llt1", "token": "s3cr3t", "ipam": {"type": "dhcp", "password": "s3cr3t"}}'}
        ---
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: llt2, namespace: passwords, labels: {infoscale.internal/role: llt} }
        spec: {config: '{"cniVersion": "0.3.1", "token": "s3cr3t'}
        """;

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => cluster.IsThere ? new ValueTask(cluster.UnregisterAsync()) : ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (cluster.IsThere)
        {
            (await cluster.Kubectl.RunAsync("delete", "vm,network-attachment-definition,secret", "--all", "-n", "passwords")).Done();
            await cluster.RegisterAsync(TestCluster.Registration.Service);
        }
    }

    [Fact]
    public async Task No_log_line_metric_span_report_or_event_of_the_running_server_holds_one()
    {
        cluster.Require();
        (await cluster.Kubectl.WithInputAsync(Objects, "apply", "-f", "-")).Done();
        (await cluster.Kubectl.WithInputAsync(Machine("db1", "version: 2\nwifis: {w: {access-points: {x: {password: s3cr3t}}}}\nethernets: {llt1: {dhcp4: true}}"), "create", "-f", "-")).Done();
        (await cluster.Kubectl.WithInputAsync(Machine("db2", "password: 's3cr3t\n  ]"), "create", "-f", "-")).Done();
        string account = await cluster.AccountAsync("cert-manager-audit-only");
        string token = Regex.Match(await File.ReadAllTextAsync(account, TestContext.Current.CancellationToken), "token: ([^ }]+)").Groups[1].Value;
        Assert.NotEmpty(token);

        using var collector = new Collector();
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        foreach (string category in Verbose)
        {
            environment[$"Logging__LogLevel__{category}"] = "Trace";
            environment[$"Logging__Console__LogLevel__{category}"] = "Trace";
        }

        await using WebhookServer webhook = await cluster.WebhookAsync("verbose", account, environment, "--audit");
        await webhook.StartAsync();
        await LoggedAsync(webhook, "Audited ");
        Assert.True(await webhook.MetricAsync("infoscale_webhook_cache_objects", "kind=\"VirtualMachine\"") >= 2);

        // Reviews, right and wrong, and what is none.
        using HttpClient client = webhook.Client();
        var answers = new StringBuilder();
        string machine = Review(Machine("db3", "version: 2\nethernets: {llt1: {dhcp4: true}}\nwifis: {w: {access-points: {x: {password: s3cr3t}}}}"));
        foreach (string path in (string[])["/validate?timeout=5s", "/mutate?timeout=5s", "/validate?timeout=0.000001s", "/elsewhere"])
        {
            foreach (string body in (string[])[machine, machine.Replace("\"VirtualMachine\"", "\"Pod\"", StringComparison.Ordinal), machine[..^20], "s3cr3t", "{\"s3cr3t\":", "{\"request\":\"s3cr3t\"}"])
            {
                foreach ((string method, string type) in ((string, string)[])[("POST", "application/json"), ("POST", "text/plain"), ("PUT", "application/json")])
                {
                    using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, type) };
                    request.Headers.TryAddWithoutValidation("Authorization", "Bearer s3cr3t");
                    using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
                    answers.AppendLine($"{response.Headers}{await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
                }
            }
        }

        Assert.Contains("vm-dynamic-address", answers.ToString(), StringComparison.Ordinal);

        // A body that is longer than it says is taken for the next request; one that is shorter is cut off.
        foreach (int length in (int[])[machine.Length - 400, machine.Length + 400])
        {
            answers.AppendLine(await webhook.SendAsync($"POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{machine}"));
        }

        answers.AppendLine(await webhook.SendAsync("POST /validate HTTP/1.1\r\nHost: localhost\r\nAuthorization Bearer s3cr3t\r\n\r\n"));
        answers.AppendLine(await webhook.SendAsync("{\"password\":\"s3cr3t\"}\r\n\r\n"));

        // What changes: a machine that is watched, files that are none of the kind, and an API server that goes and comes.
        (await cluster.Kubectl.WithInputAsync(Machine("db1", "version: 2\nethernets: [s3cr3t]"), "replace", "-f", "-")).Done();
        await webhook.ConfigureAsync("kind: Secret\nstringData: {password: s3cr3t}\nmode: {s3cr3t\n");
        await LoggedAsync(webhook, "Configuration kept as it was");
        string[] key = [.. (await webhook.SpoilKeyAsync("s3cr3t")).Split('\n').Where(static line => line.Length > 40 && !line.StartsWith('-'))];
        Assert.NotEmpty(key);
        await LoggedAsync(webhook, "Certificate kept as it was");
        await cluster.ApiServer.RestartAsync();
        await LoggedAsync(webhook, "The last view of");
        await Wait.UntilAsync("metrics and spans are exported", 60, () => Task.FromResult(
            collector.Requests.Any(static request => request.Path == "/v1/traces") && collector.Requests.Any(static request => request.Path == "/v1/metrics" && request.Contains("denied"))));
        answers.AppendLine(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken));
        answers.AppendLine((await cluster.Kubectl.RunAsync("get", "events", "-A", "-o", "yaml")).Done().Output);
        Assert.Contains("InfoScaleFindings", answers.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await webhook.StopAsync());

        // It did log as it was told to: the start of each request, and what Kestrel thinks of it.
        TestContext.Current.TestOutputHelper?.WriteLine($"{webhook.Log.Split('\n').Length} lines of log");
        Assert.Contains("\"LogLevel\":\"Debug\"", webhook.Log, StringComparison.Ordinal);
        Assert.Contains("Request starting HTTP/1.1 POST", webhook.Log, StringComparison.Ordinal);
        foreach (string hidden in (string[])[Marker, Convert.ToBase64String(Encoding.UTF8.GetBytes("password: s3cr3t")), token, "PRIVATE KEY", .. key])
        {
            Hidden(hidden, answers.ToString());
            Hidden(hidden, webhook.Log);
            Assert.DoesNotContain(collector.Requests, request => request.Contains(hidden));
        }
    }

    private static void Hidden(string secret, string text)
    {
        int at = text.IndexOf(secret, StringComparison.Ordinal);
        Assert.True(at < 0, at < 0 ? "" : $"{text[Math.Max(0, at - 400)..Math.Min(text.Length, at + 100)]}");
    }

    private static Task LoggedAsync(WebhookServer webhook, string text) =>
        Wait.UntilAsync($"\"{text}\" is logged", 120, () => Task.FromResult(webhook.Log.Contains(text, StringComparison.Ordinal)), () => webhook.Log[^Math.Min(webhook.Log.Length, 4000)..]);

    private static string Review(string machine) =>
        $$$"""
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE","name":"db3","namespace":"passwords",
        "kind":{"group":"kubevirt.io","version":"v1","kind":"VirtualMachine"},"userInfo":{"username":"jane"},"object":{{{machine}}}}}
        """;

    // JSON, which is YAML too.
    private static string Machine(string name, string networkData) =>
        """
        {"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine","metadata":{"name":"NAME","namespace":"passwords","labels":{"infoscale.internal/cluster":"erp"},
        "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"password\":\"s3cr3t\"}"}},
        "spec":{"runStrategy":"Always","template":{"spec":{"accessCredentials":[{"userPassword":{"source":{"secret":{"secretName":"cloud-init"}}}}],
        "domain":{"devices":{"interfaces":[{"name":"llt1","bridge":{}}]}},"networks":[{"name":"llt1","multus":{"networkName":"llt1"}}],
        "volumes":[{"name":"ci","cloudInitNoCloud":{"userData":"#cloud-config\npassword: s3cr3t\nssh_authorized_keys: [s3cr3t]","networkData":DATA}}]}}}}
        """.Replace("NAME", name, StringComparison.Ordinal).Replace("DATA", JsonValue.Create(networkData).ToJsonString(), StringComparison.Ordinal);
}
