using System.Text;
using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>The published, trimmed program and a collector: what it exports over OTLP, and that it does nothing of the kind unless asked to.</summary>
public sealed class TelemetryTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736", Parent = "00f067aa0ba902b7";

    private const string Review =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-otlp","operation":"CREATE","name":"llt1","namespace":"erp-db",
        "kind":{"group":"k8s.cni.cncf.io","version":"v1","kind":"NetworkAttachmentDefinition"},"userInfo":{"username":"jane"},
        "object":{"apiVersion":"k8s.cni.cncf.io/v1","kind":"NetworkAttachmentDefinition","metadata":{"name":"llt1","namespace":"erp-db",
        "labels":{"infoscale.internal/role":"llt"}},"spec":{"config":"{\"cniVersion\":\"0.4.0\",\"type\":\"bridge\",\"bridge\":\"never-in-a-log\"}"}}}}
        """;

    [Fact]
    public async Task Metrics_and_spans_reach_a_collector_in_the_trace_of_the_API_server()
    {
        string program = Program();
        using var collector = new Collector();
        await using ServerProcess server = await StartAsync(
            program,
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-tenant=erp",
                ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment=test",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            },
            async client =>
            {
                // The export begins after the server is ready: a review until one is in.
                await Wait.UntilAsync("a span arrives", 60, async () =>
                {
                    await ReviewAsync(client);
                    return collector.Requests.Any(static request => request.Path == "/v1/traces");
                });
                await Wait.UntilAsync("reviews are counted", 60, () => Task.FromResult(collector.Requests.Any(static request =>
                    request.Path == "/v1/metrics" && request.Contains("infoscale_webhook_reviews") && request.Contains("denied"))));
                Assert.Contains("OpenTelemetry", ThreadsOf(program), StringComparison.Ordinal);
            });

        // The last is sent when the program ends.
        int before = collector.Requests.Count;
        Assert.Equal(0, await server.StopAsync());
        Assert.True(collector.Requests.Count > before);

        Assert.All(collector.Requests, static request =>
        {
            Assert.Equal("erp", request.Tenant);
            Assert.True(request.Contains("infoscale-webhook"));
            Assert.True(request.Contains("deployment.environment"));
            Assert.False(request.Contains("never-in-a-log"));
            Assert.False(request.Contains("jane"));
        });
        byte[] span = collector.Requests.Where(static request => request.Path == "/v1/traces")
            .SelectMany(static request => Fields(request.Body, 1)).SelectMany(static resource => Fields(resource, 2)).SelectMany(static scope => Fields(scope, 2)).First();
        Assert.Equal(Trace, Convert.ToHexStringLower(Fields(span, 1).Single()));
        Assert.Equal(Parent, Convert.ToHexStringLower(Fields(span, 4).Single()));
        Assert.Equal("POST /validate", Encoding.UTF8.GetString(Fields(span, 5).Single()));
        string[] keys = [.. Fields(span, 9).Select(static attribute => Encoding.UTF8.GetString(Fields(attribute, 1).Single()))];
        Assert.Contains("admission.decision", keys);
        Assert.Contains("admission.rules", keys);
        string[] metrics = [.. collector.Requests.Where(static request => request.Path == "/v1/metrics")
            .SelectMany(static request => Fields(request.Body, 1)).SelectMany(static resource => Fields(resource, 2)).SelectMany(static scope => Fields(scope, 2))
            .Select(static metric => Encoding.UTF8.GetString(Fields(metric, 1).Single())).Distinct()];
        Assert.All(metrics, static name => Assert.StartsWith("infoscale_webhook_", name, StringComparison.Ordinal));
        Assert.Contains("infoscale_webhook_review_duration_seconds", metrics);
        Assert.Contains("infoscale_webhook_rule_failures", metrics); // at 0
    }

    [Fact]
    public async Task Without_a_collector_nothing_of_the_SDK_runs_and_a_denial_is_one_line_of_the_log()
    {
        string program = Program(), threads = "";
        await using ServerProcess server = await StartAsync(program, new Dictionary<string, string>(), async client =>
        {
            await ReviewAsync(client);
            threads = ThreadsOf(program);
        });
        Assert.Contains("Kestrel", threads, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", threads, StringComparison.Ordinal);

        await server.StopAsync();
        string line = Assert.Single(server.Log.Split('\n'), static line => line.Contains("u-otlp", StringComparison.Ordinal));
        JsonNode denied = JsonNode.Parse(line)!;
        Assert.Equal(1000, (int?)denied["EventId"]);
        Assert.Equal("Information", (string?)denied["LogLevel"]);
        Assert.EndsWith("Z", (string?)denied["Timestamp"], StringComparison.Ordinal);
        JsonNode state = denied["State"]!;
        Assert.Equal(
            ("u-otlp", "jane", "CREATE", "NetworkAttachmentDefinition", "erp-db", "llt1", "nad-mtu-not-jumbo"),
            ((string?)state["Uid"], (string?)state["User"], (string?)state["Operation"], (string?)state["Kind"], (string?)state["ObjectNamespace"], (string?)state["Name"],
                (string?)state["Rules"]));
        Assert.DoesNotContain("never-in-a-log", server.Log, StringComparison.Ordinal);
    }

    // The kernel keeps 15 characters of each name.
    private static string ThreadsOf(string program) => string.Join('\n', Directory.EnumerateDirectories("/proc").Select(process =>
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(process, "exe"), returnFinalTarget: false)?.FullName == program
                ? string.Join('\n', Directory.EnumerateDirectories(Path.Combine(process, "task")).Select(static thread => File.ReadAllText(Path.Combine(thread, "comm"))))
                : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }));

    private static string Program()
    {
        string? program = WebhookServer.FindProgram();
        Assert.True(program is not null || Environment.GetEnvironmentVariable("CI") != "true");
        Assert.SkipWhen(program is null, "WEBHOOK_BINARY does not name the published program");
        return program!;
    }

    private static async Task<ServerProcess> StartAsync(string program, IReadOnlyDictionary<string, string> environment, Func<HttpClient, Task> use)
    {
        int port = ServerProcess.FreePort();
        ServerProcess server = ServerProcess.Start(program, environment, "serve", "--dev", "--port", $"{port}", "--log", "json");
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await server.ReadyAsync(30, async () =>
            {
                try
                {
                    using HttpResponseMessage ready = await client.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
                    return ready.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            });
            await use(client);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static async Task ReviewAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/validate?timeout=10s", UriKind.Relative))
        {
            Content = new StringContent(Review, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{Trace}-{Parent}-01");
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode);
    }

    // The values of one field of a message in the wire format of Protocol Buffers, those with a length.
    private static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        for (int at = 0; at < message.Length;)
        {
            ulong tag = Varint(message, ref at);
            int length = (tag & 7) switch
            {
                0 => -1,
                1 => 8,
                5 => 4,
                _ => (int)Varint(message, ref at),
            };
            if (length < 0)
            {
                Varint(message, ref at);
                continue;
            }

            if ((tag & 7) == 2 && (int)(tag >> 3) == number)
            {
                yield return message[at..(at + length)];
            }

            at += length;
        }
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
