using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Webhook.Admission;
using Webhook.Cluster;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Tests.Commands;
using Webhook.Tests.Hosting;

namespace Webhook.Tests.Admission;

/// <summary>exemptions.requirePermission, beside an API server that answers SubjectAccessReviews: who may exempt is called admin.</summary>
public sealed class ExemptionPermissionTests : IAsyncLifetime
{
    private static readonly EnforcementSettings Settings = ConfigurationReader.Read("exemptions: {requirePermission: true}", out _)!;

    private readonly ConcurrentQueue<JsonNode> _asked = new();
    private readonly FakeTimeProvider _time = new(Run.Now);
    private WebApplication? _api;

    private Uri Address => new(_api!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _api = builder.Build();
        _api.Run(AnswerAsync);
        await _api.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync() => await _api!.DisposeAsync();

    [Theory]
    [InlineData("admin", true, null)]
    [InlineData("dev", false, "the user lacks the verb exempt on rules.infoscale.internal, so the exemption from nad-mtu-not-jumbo is ignored")]
    [InlineData("forbidden", false, "the API server did not say whether the user may exempt (forbidden)")]
    [InlineData("broken", false, "the API server did not say whether the user may exempt (server_error)")]
    [InlineData("odd", false, "the API server did not say whether the user may exempt (malformed)")]
    public async Task An_exemption_counts_where_the_user_may_exempt_and_otherwise_says_why_not(string user, bool allowed, string? why)
    {
        JsonNode response = (await ServedAsync(Review(user, Exempt(""))))["response"]!;
        Assert.Equal(allowed, (bool)response["allowed"]!);
        string warnings = response["warnings"]!.ToJsonString();
        Assert.Contains(allowed ? "exempt until 2026-06-21" : $"metadata.annotations[infoscale.internal/exempt]: Forbidden: {why}", warnings, StringComparison.Ordinal);
        Assert.Equal(!allowed, warnings.Contains("[exemption-invalid]", StringComparison.Ordinal));

        JsonNode asked = Assert.Single(_asked)["spec"]!;
        Assert.Equal(
            $$$"""
            {"user":"{{{user}}}","uid":"7","groups":["g1","g2"],"extra":{"scopes":["a"]},"resourceAttributes":{"namespace":"erp-db","verb":"exempt","group":"infoscale.internal","resource":"rules","name":"nad-mtu-not-jumbo"}}
            """,
            asked.ToJsonString());
    }

    [Fact]
    public async Task An_API_server_that_does_not_answer_costs_a_second_and_the_exemption()
    {
        JsonNode response = (await ServedAsync(Review("slow", Exempt(""))))["response"]!;
        Assert.False((bool)response["allowed"]!);
        Assert.Contains("may exempt (timeout)", response["warnings"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_API_server_nobody_may_exempt()
    {
        await using RunningServer server = await RunningServer.StartAsync(settings: Settings, time: _time);
        JsonNode response = (await server.ReviewAsync(Review("admin", Exempt(""))))["response"]!;
        Assert.False((bool)response["allowed"]!);
        Assert.Contains(ExemptionPermissions.NobodyToAsk, response["warnings"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "", true, 0)] // A controller touches the object: what was admitted goes on.
    [InlineData(false, """{"config":"good"}""", false, 1)] // The exemption is new.
    [InlineData(true, """{"labels":{}}""", false, 1)] // The object was not judged before.
    [InlineData(true, """{"config":"good"}""", false, 1)] // The exemption exempted nothing before.
    public async Task What_an_object_had_under_its_exemption_goes_on_and_what_is_new_needs_the_permission_of_who_brings_it(
        bool wasExempt, string old, bool allowed, int asked)
    {
        JsonObject before = wasExempt ? Exempt(old) : Network(old), after = Exempt("");
        after["spec"]!["x"] = "changed";
        JsonNode response = (await ServedAsync(Review("dev", after, before)))["response"]!;
        Assert.Equal(allowed, (bool)response["allowed"]!);
        Assert.Equal(asked, _asked.Count);
    }

    [Fact]
    public async Task An_object_without_an_exemption_that_covers_something_asks_nothing()
    {
        Assert.False((bool)(await ServedAsync(Review("admin", Network(""))))["response"]!["allowed"]!);
        Assert.True((bool)(await ServedAsync(Review("dev", Exempt("""{"config":"good"}"""))))["response"]!["allowed"]!);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task An_answer_counts_for_ten_seconds_for_the_same_user_namespace_and_rule()
    {
        using var metrics = new WebhookMetrics();
        using var client = new ApiClient(new ClusterConnection { Server = Address }, "test/1", _time);
        var permissions = new ExemptionPermissions(client, _time, metrics, NullLogger<ExemptionPermissions>.Instance);
        Assert.Equal(1, await AskAsync(permissions, "admin", "erp-db"));
        Assert.Equal(0, await AskAsync(permissions, "admin", "erp-db"));
        Assert.Equal(1, await AskAsync(permissions, "admin", "crm-db"));
        Assert.Equal(1, await AskAsync(permissions, "dev", "erp-db"));
        _time.Advance(ExemptionPermissions.Kept);
        Assert.Equal(1, await AskAsync(permissions, "admin", "erp-db"));

        // A failure is not an answer.
        Assert.Equal(1, await AskAsync(permissions, "broken", "erp-db"));
        Assert.Equal(1, await AskAsync(permissions, "broken", "erp-db"));
    }

    [Fact]
    public async Task A_request_that_would_ask_about_many_rules_asks_about_some_and_the_others_do_not_count()
    {
        using var metrics = new WebhookMetrics();
        using var client = new ApiClient(new ClusterConnection { Server = Address }, "test/1", _time);
        var permissions = new ExemptionPermissions(client, _time, metrics, NullLogger<ExemptionPermissions>.Instance);
        AdmissionReview review = Read(Review("admin", Exempt("")));
        ExemptionPermission permission = permissions.Of(review);
        for (int i = 0; i < ExemptionPermissions.MostRules; i++)
        {
            Assert.Null(permission.WhyNot($"rule-{i}"));
        }

        Assert.NotNull(permission.WhyNot("one-more"));
        await permission.AskAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExemptionPermissions.MostRules, _asked.Count);
        Assert.Null(permission.WhyNot("rule-0"));
        Assert.Equal("it was not asked in time whether the user may exempt", permission.WhyNot("never-asked"));
    }

    private async Task<int> AskAsync(ExemptionPermissions permissions, string user, string space)
    {
        int before = _asked.Count;
        AdmissionReview review = Read(Review(user, Exempt(""), space: space));
        ExemptionPermission permission = permissions.Of(review);
        string? known = permission.WhyNot("nad-mtu-not-jumbo");
        if (permission.IsOpen)
        {
            Assert.Null(known);
            await permission.AskAsync(TestContext.Current.CancellationToken);
        }

        Assert.False(permission.IsOpen);
        Assert.Equal(user == "admin", permission.WhyNot("nad-mtu-not-jumbo") is null);
        return _asked.Count - before;
    }

    private static AdmissionReview Read(string body)
    {
        Assert.True(AdmissionReview.TryRead(System.Text.Encoding.UTF8.GetBytes(body), out AdmissionReview? review, out string? error), error);
        return review;
    }

    private async Task<JsonNode> ServedAsync(string body)
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new ServeOptions { Cluster = new ClusterConnection { Server = Address } }, Settings, time: new Shifted());
        return await server.ReviewAsync(body);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/apis/authorization.k8s.io/v1/subjectaccessreviews")
        {
            context.Response.StatusCode = 404;
            return;
        }

        JsonNode asked = (await JsonNode.ParseAsync(context.Request.Body))!;
        _asked.Enqueue(asked);
        string user = (string)asked["spec"]!["user"]!;
        if (user == "slow")
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        context.Response.StatusCode = user switch { "forbidden" => 403, "broken" => 500, _ => 201 };
        await context.Response.WriteAsync(user == "odd" ? "{}" : $$$"""{"status":{"allowed":{{{(user == "admin" ? "true" : "false")}}} } }""");
    }

    private static string Review(string user, JsonNode after, JsonNode? before = null, string space = "erp-db") =>
        $$$"""
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","operation":"{{{(before is null ? "CREATE" : "UPDATE")}}}",
        "name":"llt1","namespace":"{{{space}}}","kind":{"group":"k8s.cni.cncf.io","version":"v1","kind":"NetworkAttachmentDefinition"},
        "userInfo":{"username":"{{{user}}}","uid":"7","groups":["g1","g2"],"extra":{"scopes":["a"]}},
        "object":{{{after.ToJsonString()}}},"oldObject":{{{before?.ToJsonString() ?? "null"}}} } }
        """;

    private static JsonObject Exempt(string change)
    {
        JsonObject network = Network(change);
        network["metadata"]!["annotations"] = new JsonObject
        {
            ["infoscale.internal/exempt"] = "nad-mtu-not-jumbo",
            ["infoscale.internal/exempt-reason"] = "switch ports are changed in June",
            ["infoscale.internal/exempt-until"] = "2026-06-21",
        };
        return network;
    }

    private static JsonObject Network(string change)
    {
        JsonNode? changes = change.Length == 0 ? null : JsonNode.Parse(change);
        string mtu = (string?)changes?["config"] == "good" ? "\"mtu\":9000," : "";
        return new JsonObject
        {
            ["apiVersion"] = "k8s.cni.cncf.io/v1",
            ["kind"] = "NetworkAttachmentDefinition",
            ["metadata"] = new JsonObject
            {
                ["name"] = "llt1",
                ["namespace"] = "erp-db",
                ["labels"] = changes?["labels"]?.DeepClone() ?? new JsonObject { ["infoscale.internal/role"] = "llt" },
            },
            ["spec"] = new JsonObject { ["config"] = $$"""{"cniVersion":"0.3.1","name":"llt1",{{mtu}}"type":"bridge","bridge":"br-llt1"}""" },
        };
    }

    /// <summary>The real clock, but on the day of the other tests.</summary>
    private sealed class Shifted : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Run.Now;
    }
}
