using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Webhook.Certificates;
using Webhook.Cluster;

namespace Webhook.Tests.Certificates;

/// <summary>An API server with one Secret and webhook configurations, nothing else, which keeps what each caBundle was and since when.</summary>
internal sealed class CertificateCluster : IAsyncDisposable
{
    private const string Secrets = "/api/v1/namespaces/infoscale-webhook/secrets";
    private const string Admission = "/apis/admissionregistration.k8s.io/v1/";

    private readonly WebApplication _app;
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(DateTimeOffset Since, IReadOnlyList<string?> Bundles)> _history = [];
    private int _version = 100;

    private CertificateCluster(WebApplication app)
    {
        _app = app;
        app.Run(HandleAsync);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>What was asked, as "GET secrets".</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Answers the next call that begins so with this status code, in the place of the true answer.</summary>
    public (string Call, int Code)? Fault { get; set; }

    /// <summary>Runs once, before the next write is looked at: somebody else is faster.</summary>
    public Func<Task>? BeforeWrite { get; set; }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public JsonObject? Secret => _objects.GetValueOrDefault($"{Secrets}/{CertificateSecret.DefaultName}");

    public static async Task<CertificateCluster> StartAsync(params string[] configurations)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var cluster = new CertificateCluster(builder.Build());
        await cluster._app.StartAsync(TestContext.Current.CancellationToken);
        foreach (string resource in configurations.Length > 0 ? configurations : [.. WebhookConfiguration.Resources])
        {
            cluster.Configure(resource, "infoscale-webhook", "infoscale-webhook", "infoscale-webhook");
        }

        return cluster;
    }

    public ApiClient NewClient() => new(new ClusterConnection { Server = Address }, "test/1.0", Time);

    /// <summary>Makes or replaces a configuration with one webhook for each Service.</summary>
    public void Configure(string resource, string name, params string[] services) => Put($"{Admission}{resource}/{name}", new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["webhooks"] = new JsonArray([.. services.Select(static (service, index) => new JsonObject
        {
            ["name"] = $"w{index}.infoscale.internal",
            ["clientConfig"] = new JsonObject { ["service"] = new JsonObject { ["name"] = service, ["namespace"] = "infoscale-webhook", ["path"] = "/validate" } },
        })]),
    });

    /// <summary>The caBundle of each webhook of the project's own configurations.</summary>
    public IReadOnlyList<string?> Bundles() => Bundles("infoscale-webhook");

    public IReadOnlyList<string?> Bundles(string name) => [.. WebhookConfiguration.Resources
        .SelectMany(resource => _objects.GetValueOrDefault($"{Admission}{resource}/{name}")?["webhooks"]!.AsArray() ?? [])
        .Select(static entry => (string?)entry!["clientConfig"]!["caBundle"])];

    /// <summary>Sets the caBundle of each webhook of the project's own configurations.</summary>
    public void SetBundles(string? base64)
    {
        foreach (string resource in WebhookConfiguration.Resources)
        {
            JsonObject changed = _objects[$"{Admission}{resource}/infoscale-webhook"].DeepClone().AsObject();
            foreach (JsonNode? entry in changed["webhooks"]!.AsArray())
            {
                entry!["clientConfig"]!["caBundle"] = base64;
            }

            Put($"{Admission}{resource}/infoscale-webhook", changed);
        }
    }

    /// <summary>All that an API server may believe that is late by so much: the bundles now, and those of the time before.</summary>
    public IEnumerable<IReadOnlyList<string?>> BundlesWithin(TimeSpan late)
    {
        DateTimeOffset from = Time.GetUtcNow() - late;
        for (int i = _history.Count - 1; i >= 0; i--)
        {
            yield return _history[i].Bundles;
            if (_history[i].Since <= from)
            {
                yield break;
            }
        }
    }

    public void DeleteSecret() => _objects.Remove($"{Secrets}/{CertificateSecret.DefaultName}");

    public void SetSecret(string field, string text)
    {
        JsonObject changed = Secret!.DeepClone().AsObject();
        changed["data"]![field] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        Put($"{Secrets}/{CertificateSecret.DefaultName}", changed);
    }

    public string Text(string field) => Encoding.UTF8.GetString(Convert.FromBase64String((string)Secret!["data"]![field]!));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void Put(string path, JsonObject item)
    {
        item["metadata"]!["resourceVersion"] = $"{++_version}";
        _objects[path] = item;
        _history.Add((Time.GetUtcNow(), Bundles()));
    }

    private async Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!, method = context.Request.Method;
        string call = $"{method} {(path.StartsWith(Secrets, StringComparison.Ordinal) ? "secrets" : path.Split('/')[^2])}";
        if (context.Request.Query.ContainsKey("limit"))
        {
            await context.Response.WriteAsync("""{"metadata":{"resourceVersion":"7"},"items":[]}""");
            return;
        }

        Calls.Add(call);
        if (Fault is (string faulty, int code) && call.StartsWith(faulty, StringComparison.Ordinal))
        {
            Fault = null;
            context.Response.StatusCode = code;
            return;
        }

        if (method != "GET" && BeforeWrite is Func<Task> before)
        {
            BeforeWrite = null;
            await before();
        }

        JsonNode? sent = method == "GET" ? null : await JsonNode.ParseAsync(context.Request.Body);
        (context.Response.StatusCode, JsonObject? answer) = method switch
        {
            "GET" => _objects.TryGetValue(path, out JsonObject? found) ? (200, found) : (404, null),
            "POST" => Create($"{path}/{sent!["metadata"]!["name"]}", sent.AsObject()),
            "PUT" => Change(path, (string?)sent!["metadata"]!["resourceVersion"], sent.AsObject()),
            _ => Patch(path, sent!.AsArray(), context.Request.ContentType),
        };
        await context.Response.WriteAsync(answer?.ToJsonString() ?? "{}");
    }

    private (int, JsonObject?) Create(string path, JsonObject item)
    {
        if (_objects.ContainsKey(path))
        {
            return (409, null);
        }

        Put(path, item);
        return (201, item);
    }

    private (int, JsonObject?) Change(string path, string? version, JsonObject item)
    {
        if (!_objects.TryGetValue(path, out JsonObject? old))
        {
            return (404, null);
        }

        if (version is not null && version != (string?)old["metadata"]!["resourceVersion"])
        {
            return (409, null);
        }

        Put(path, item);
        return (200, item);
    }

    private (int, JsonObject?) Patch(string path, JsonArray patch, string? type)
    {
        Assert.Equal("application/json-patch+json", type);
        JsonObject item = _objects[path].DeepClone().AsObject();
        foreach (JsonNode? operation in patch)
        {
            string[] parts = ((string)operation!["path"]!).Trim('/').Split('/');
            JsonNode at = item;
            foreach (string part in parts[..^1])
            {
                int index = at is JsonArray ? int.Parse(part, System.Globalization.CultureInfo.InvariantCulture) : 0;
                if (at is JsonArray list && index >= list.Count)
                {
                    return (422, null);
                }

                at = at is JsonArray ? at[index]! : at[part]!;
            }

            Assert.Equal("add", (string?)operation["op"]);
            at[parts[^1]] = operation["value"]!.DeepClone();
        }

        return Change(path, (string?)item["metadata"]!["resourceVersion"], item);
    }
}
