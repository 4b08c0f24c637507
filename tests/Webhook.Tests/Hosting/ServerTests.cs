using System.Net;
using System.Text.Json.Nodes;
using Webhook.Hosting;

namespace Webhook.Tests.Hosting;

public sealed class ServerTests
{
    private const string LabelDropped =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"UPDATE","name":"a","namespace":"b",
        "kind":{"group":"kubevirt.io","version":"v1","kind":"VirtualMachine"},
        "object":{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine","metadata":{"name":"a","namespace":"b"},
        "spec":{"template":{"spec":{"domain":{"devices":{"interfaces":[{"name":"llt1","bridge":{}}]}},"networks":[{"name":"llt1","multus":{"networkName":"llt1"}}]}}}},
        "oldObject":{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine","metadata":{"name":"a","namespace":"b","labels":{"infoscale.internal/cluster":"erp"}},
        "spec":{"template":{"spec":{"domain":{"devices":{"interfaces":[{"name":"llt1","bridge":{}}]}},"networks":[{"name":"llt1","multus":{"networkName":"llt1"}}]}}}}}}
        """;

    [Fact]
    public async Task A_review_is_answered_over_plain_HTTP()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        JsonNode answer = await server.ReviewAsync(LabelDropped);
        Assert.Equal("u-1", (string?)answer["response"]!["uid"]);
        Assert.False((bool)answer["response"]!["allowed"]!);
        Assert.Equal(422, (int)answer["response"]!["status"]!["code"]!);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_review_is_answered_over_TLS(string version)
    {
        using var folder = new Commands.TemporaryFolder();
        (string certificate, string key) = TestCertificate.Write(folder, "webhook.test");
        await using RunningServer server = await RunningServer.StartAsync(new ServeOptions { CertificateFile = certificate, KeyFile = key });
        using HttpRequestMessage request = RunningServer.Request(LabelDropped);
        request.Version = Version.Parse(version);
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("/livez", "ok\n")]
    [InlineData("/readyz", "ok\n")]
    public async Task Probes_are_answered(string path, string text)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        Assert.Equal(text, await server.Client.GetStringAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_version_is_JSON()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        JsonNode version = JsonNode.Parse(await server.Client.GetStringAsync("/version", TestContext.Current.CancellationToken))!;
        Assert.Equal(ProgramVersion.Number, (string?)version["version"]);
    }

    [Fact]
    public async Task Metrics_count_reviews_and_findings()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.ReviewAsync(LabelDropped);
        string metrics = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("infoscale_webhook_reviews_total{kind=\"VirtualMachine\",operation=\"UPDATE\",mode=\"enforce\",decision=\"denied\",origin=\"admission\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_findings_total{rule=\"vm-label-removed\",severity=\"error\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_review_duration_seconds_count 4\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_review_duration_seconds_bucket{le=\"+Inf\"} 4\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_it_is_ready_the_server_has_called_itself_over_TLS()
    {
        using var folder = new Commands.TemporaryFolder();
        (string certificate, string key) = TestCertificate.Write(folder, "webhook.test");
        await using RunningServer server = await RunningServer.StartAsync(new ServeOptions { CertificateFile = certificate, KeyFile = key });
        Assert.Equal(1, await LoopbackCall.MakeAsync(server.Server.Address, 1, isReview: true, TestContext.Current.CancellationToken));
        string metrics = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("{kind=\"other\",operation=\"CREATE\",mode=\"enforce\",decision=\"ignored\",origin=\"admission\"} 4\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_path_is_told_what_is_served()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage response = await server.Client.GetAsync(new Uri("/unknown", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("POST /validate", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_body_is_no_better_for_mutation_than_for_validation()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        foreach ((string body, HttpStatusCode code) in ((string, HttpStatusCode)[])[("", HttpStatusCode.BadRequest), ("{", HttpStatusCode.BadRequest), ("[]", HttpStatusCode.BadRequest)])
        {
            using HttpRequestMessage request = RunningServer.Request(body);
            request.RequestUri = new Uri("/mutate?timeout=10s", UriKind.Relative);
            using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(code, response.StatusCode);
        }
    }
}
