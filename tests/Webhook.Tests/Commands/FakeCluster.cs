using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;

namespace Webhook.Tests.Commands;

/// <summary>An API server that lists the objects of a YAML text: discovery, version and lists, nothing else.</summary>
public sealed class FakeCluster : IAsyncLifetime
{
    private WebApplication? _app;

    /// <summary>What there is.</summary>
    public IReadOnlyList<Field> Objects { get; set; } = [];

    /// <summary>The kinds that are not served.</summary>
    public HashSet<ClusterKind> Missing { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The kinds that may not be listed.</summary>
    public HashSet<ClusterKind> Forbidden { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The status code of every answer, where it is not 200.</summary>
    public int? Broken { get; set; }

    /// <summary>How many requests are still answered by 429 or 503 in turn, each once.</summary>
    public int Busy { get; set; }

    /// <summary>A kubeconfig with the contexts <c>test</c>, the current one, and <c>staging</c>.</summary>
    public string Kubeconfig =>
        $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        clusters: [{name: test, cluster: {server: "{{Address}}"} }]
        users: [{name: test, user: {token: not-a-real-token} }]
        contexts: [{name: test, context: {cluster: test, user: test} }, {name: staging, context: {cluster: test, user: test} }]
        """;

    private string Address => _app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The objects of a YAML text.</summary>
    public static IReadOnlyList<Field> Read(string yaml) => [.. ManifestReader.Read(yaml).Select(static manifest =>
    {
        Assert.Null(manifest.Error);
        return manifest.Root;
    })];

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync() => await _app!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (Broken is int code)
        {
            context.Response.StatusCode = code;
            return;
        }

        if (Busy > 0)
        {
            context.Response.StatusCode = Busy-- % 2 == 0 ? 429 : 503;
            return;
        }

        string[] path = context.Request.Path.Value!.Trim('/').Split('/');
        string? answer = path switch
        {
            ["version"] => """{"gitVersion": "v1.33.2"}""",
            ["apis", string group] => Versions(group),
            ["apis", string group, string version] => Resources(group, version),
            ["apis", string group, string version, string resource] => List(context, group, version, resource),
            ["api", "v1", string resource] => List(context, "", "v1", resource),
            _ => null,
        };
        if (answer is null)
        {
            context.Response.StatusCode = context.Response.StatusCode == 200 ? 404 : context.Response.StatusCode;
            return;
        }

        await context.Response.WriteAsync(answer);
    }

    private IEnumerable<ClusterKind> Served(string group) => ClusterKind.All.Where(kind => kind.Group == group && !Missing.Contains(kind));

    private string? Versions(string group)
    {
        string[] versions = [.. Served(group).SelectMany(static kind => kind.Versions).Distinct().Select(static version => $$"""{"version": "{{version}}"}""")];
        return versions.Length == 0 ? null : $$"""{"versions": [{{string.Join(',', versions)}}]}""";
    }

    private string Resources(string group, string version) =>
        $$"""{"resources": [{{string.Join(',', Served(group).Where(kind => kind.Versions.Contains(version)).Select(static kind => $$"""{"name": "{{kind.Resource}}"}"""))}}]}""";

    private string? List(HttpContext context, string group, string version, string resource)
    {
        ClusterKind? kind = Served(group).FirstOrDefault(served => served.Resource == resource && served.Versions.Contains(version));
        if (kind is null || Forbidden.Contains(kind))
        {
            context.Response.StatusCode = kind is null ? 404 : 403;
            return null;
        }

        IEnumerable<string> items = Objects
            .Where(root => ReferenceEquals(ClusterKind.Find(root["apiVersion"].Text, root["kind"].Text), kind))
            .Select(static root => root.Json);
        return $$"""{"metadata": {"resourceVersion": "7"}, "items": [{{string.Join(',', items)}}]}""";
    }
}
