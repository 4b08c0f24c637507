using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Webhook.Admission;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Rules;

namespace Webhook.Tests.Hosting;

/// <summary>More than can be done: an answer in time that says so, and never a time-out.</summary>
public sealed class OverloadTests
{
    private const string Network =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"CREATE","name":"llt1","namespace":"erp-db",
        "kind":{"group":"k8s.cni.cncf.io","version":"v1","kind":"NetworkAttachmentDefinition"},
        "object":{"apiVersion":"k8s.cni.cncf.io/v1","kind":"NetworkAttachmentDefinition",
        "metadata":{"name":"llt1","namespace":"erp-db","labels":{"infoscale.internal/role":"llt"}},
        "spec":{"config":"{\"cniVersion\":\"0.4.0\",\"type\":\"bridge\",\"bridge\":\"br-llt1\",\"mtu\":1500}"}}}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_findings_deny_a_review_without_a_turn_is_left_to_the_failure_policy_and_may_come_again()
    {
        using var gate = new ReviewGate(running: 1, waiting: 0);
        await using RunningServer server = await RunningServer.StartAsync(gate: gate);
        Assert.Null(await gate.EnterAsync(Cancellation));
        using (HttpResponseMessage response = await PostAsync(server, "10s"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal("not evaluated: the webhook has more to do than it can\n", await response.Content.ReadAsStringAsync(Cancellation));
            Assert.Equal(1, response.Headers.RetryAfter?.Delta?.TotalSeconds);
        }

        gate.Leave();
        Assert.False((bool)(await server.ReviewAsync(Network))["response"]!["allowed"]!);
    }

    [Theory]
    [InlineData(EnforcementMode.Warn, """{"uid":"u-1","allowed":true,"warnings":["not checked for InfoScale: the webhook has more to do than it can"],"auditAnnotations":{"decision":"not-evaluated","mode":"warn"}}""")]
    [InlineData(EnforcementMode.Audit, """{"uid":"u-1","allowed":true,"auditAnnotations":{"decision":"not-evaluated","mode":"audit"}}""")]
    [InlineData(EnforcementMode.Off, """{"uid":"u-1","allowed":true}""")]
    public async Task Where_nothing_is_denied_it_passes_and_the_answer_says_that_nothing_was_checked(EnforcementMode mode, string expected)
    {
        using var gate = new ReviewGate(running: 1, waiting: 0);
        await using RunningServer server = await RunningServer.StartAsync(settings: new EnforcementSettings { Mode = mode }, gate: gate);
        Assert.Null(await gate.EnterAsync(Cancellation));
        Assert.Equal(expected, (await server.ReviewAsync(Network))["response"]!.ToJsonString());
        gate.Leave();
    }

    [Fact]
    public async Task Who_waits_for_a_turn_is_answered_before_the_API_server_gives_up()
    {
        using var gate = new ReviewGate(running: 1, waiting: 1);
        await using RunningServer server = await RunningServer.StartAsync(gate: gate);
        Assert.Null(await gate.EnterAsync(Cancellation));
        using HttpResponseMessage response = await PostAsync(server, "200ms");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("not evaluated: its turn did not come in time\n", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Null(response.Headers.RetryAfter);
        gate.Leave();
    }

    [Fact]
    public async Task A_large_body_finds_no_room_beside_other_large_ones_and_a_usual_one_does()
    {
        using var gate = new ReviewGate();
        await using RunningServer server = await RunningServer.StartAsync(gate: gate);
        Assert.True(gate.TryTake(ReviewGate.MaxBytesOfLarge, isFirst: false));
        string large = Network.Replace("br-llt1", new string('x', 100_000), StringComparison.Ordinal);
        using (HttpRequestMessage request = RunningServer.Request(large))
        using (HttpResponseMessage response = await server.Client.SendAsync(request, Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }

        Assert.False((bool)(await server.ReviewAsync(Network))["response"]!["allowed"]!);
        gate.Return(ReviewGate.MaxBytesOfLarge);
        Assert.False((bool)(await server.ReviewAsync(large))["response"]!["allowed"]!);
        Assert.Equal(0, gate.Bytes);
    }

    [Fact]
    public async Task Probes_and_metrics_are_answered_while_every_turn_is_taken()
    {
        using var gate = new ReviewGate(running: 1, waiting: 0);
        await using RunningServer server = await RunningServer.StartAsync(gate: gate);
        Assert.Null(await gate.EnterAsync(Cancellation));
        (await PostAsync(server, "10s")).Dispose();
        Assert.Equal("ok\n", await server.Client.GetStringAsync("/readyz", Cancellation));
        string metrics = await server.Client.GetStringAsync("/metrics", Cancellation);
        Assert.Contains("infoscale_webhook_reviews_running 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_reviews_waiting 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("infoscale_webhook_not_evaluated_total{shortage=\"queue\"} 1\n", metrics, StringComparison.Ordinal);
        gate.Leave();
    }

    [Fact]
    public void Time_that_is_up_between_two_rules_lets_nothing_pass_that_could_be_wrong()
    {
        AdmissionResponse response = Review(EnforcementMode.Enforce, looksInTime: 0);
        Assert.StartsWith("no time for nad-config-malformed and ", response.Unavailable, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_that_was_found_in_time_denies_and_the_answer_names_what_was_not_asked()
    {
        int before = RuleCatalog.All.Where(static rule => rule.Info.Id.StartsWith("nad-", StringComparison.Ordinal))
            .TakeWhile(static rule => rule.Info.Id != "nad-mtu-not-jumbo").Count();
        AdmissionResponse response = Review(EnforcementMode.Enforce, looksInTime: (before / 4) + 1); // one before every four rules
        Assert.Null(response.Unavailable);
        Assert.False(response.Allowed);
        Assert.Contains("not checked to the end: no time for ", Assert.Single(response.Warnings), StringComparison.Ordinal);
        Assert.Contains(response.AuditAnnotations, static annotation => annotation.Key == "not-evaluated");
    }

    [Fact]
    public void Where_nothing_is_denied_what_was_not_asked_is_a_warning()
    {
        AdmissionResponse response = Review(EnforcementMode.Warn, looksInTime: 0);
        Assert.True(response.Allowed);
        Assert.Null(response.Unavailable);
        Assert.StartsWith("not checked to the end: no time for ", Assert.Single(response.Warnings), StringComparison.Ordinal);
    }

    private static AdmissionResponse Review(EnforcementMode mode, int looksInTime)
    {
        using var metrics = new WebhookMetrics();
        var settings = new ConfigurationStore(null, new EnforcementSettings { Mode = mode }, metrics, NullLogger<ConfigurationStore>.Instance);
        var reviewer = new AdmissionReviewer(settings, static () => ClusterView.Unseen, TimeProvider.System, metrics, NullLogger<AdmissionReviewer>.Instance);
        Assert.True(AdmissionReview.TryRead(System.Text.Encoding.UTF8.GetBytes(Network), out AdmissionReview? review, out _));
        int asked = 0;
        return reviewer.Review(review, () => asked++ >= looksInTime);
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, string timeout)
    {
        using HttpRequestMessage request = RunningServer.Request(Network);
        request.RequestUri = new Uri($"/validate?timeout={timeout}", UriKind.Relative);
        return await server.Client.SendAsync(request, Cancellation);
    }
}
