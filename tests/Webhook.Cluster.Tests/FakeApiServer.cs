using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Webhook.Resources;

namespace Webhook.Cluster.Tests;

/// <summary>
/// An API server that serves one kind from memory: discovery, get, list in pages, watch. A test puts faults in front of it, each for one
/// request of a verb.
/// </summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(int Version, string Line)> _events = [];
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, Task>>> _faults = new(StringComparer.Ordinal);
    private readonly Channel<string> _requests = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _version = 100;

    private FakeApiServer(ClusterKind kind, WebApplication app)
    {
        Kind = kind;
        _app = app;
        app.Run(HandleAsync);
    }

    public ClusterKind Kind { get; }

    /// <summary>The versions that are served; none means that the kind is not installed.</summary>
    public string[] Served { get; set; } = [];

    /// <summary>The most objects of a page, whatever is asked for.</summary>
    public int PageSize { get; set; } = int.MaxValue;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The Authorization headers and certificates that callers gave, in order.</summary>
    public ConcurrentQueue<string> Callers { get; } = new();

    public static async Task<FakeApiServer> StartAsync(ClusterKind kind, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate, https =>
                {
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();
                });
            }
        }));
        var server = new FakeApiServer(kind, builder.Build()) { Served = [kind.Versions[0]] };
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>The next request of a verb (discover, get, list, watch) is answered by this.</summary>
    public void Fault(string verb, Func<HttpContext, Task> answer) => _faults.GetOrAdd(verb, static _ => new()).Enqueue(answer);

    /// <summary>The next request of a verb is answered by a status code.</summary>
    public void Fault(string verb, int code, string? retryAfter = null) => Fault(verb, context =>
    {
        context.Response.StatusCode = code;
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        return context.Response.WriteAsync($$"""{"kind":"Status","apiVersion":"v1","status":"Failure","code":{{code}}}""");
    });

    /// <summary>Makes or changes an object and gives its version.</summary>
    public int Put(string name, string @namespace = "", string spec = "{}", string uid = "")
    {
        lock (_lock)
        {
            string key = $"{@namespace}/{name}";
            bool isNew = !_objects.ContainsKey(key);
            var json = new JsonObject
            {
                ["apiVersion"] = Kind.Group.Length == 0 ? Kind.Versions[0] : $"{Kind.Group}/{Kind.Versions[0]}",
                ["kind"] = Kind.Kind,
                ["metadata"] = new JsonObject
                {
                    ["name"] = name,
                    ["uid"] = uid.Length > 0 ? uid : "uid-" + name,
                    ["resourceVersion"] = $"{++_version}",
                    ["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "kubectl" }),
                },
                ["spec"] = JsonNode.Parse(spec),
            };
            if (@namespace.Length > 0)
            {
                json["metadata"]!["namespace"] = @namespace;
            }

            _objects[key] = json;
            Emit($$"""{"type":"{{(isNew ? "ADDED" : "MODIFIED")}}","object":{{json.ToJsonString()}}}""");
            return _version;
        }
    }

    public void Delete(string name, string @namespace = "")
    {
        lock (_lock)
        {
            string key = $"{@namespace}/{name}";
            JsonObject gone = _objects[key];
            _objects.Remove(key);
            gone["metadata"]!["resourceVersion"] = $"{++_version}";
            Emit($$"""{"type":"DELETED","object":{{gone.ToJsonString()}}}""");
        }
    }

    /// <summary>Sends a line to everyone who watches, as it is.</summary>
    public void Send(string line)
    {
        lock (_lock)
        {
            _version++;
            Emit(line);
        }
    }

    public void Bookmark()
    {
        lock (_lock)
        {
            _version++;
            Emit($"{{\"type\":\"BOOKMARK\",\"object\":{{\"metadata\":{{\"resourceVersion\":\"{_version}\"}}}}}}");
        }
    }

    /// <summary>The query of the next request of a verb; requests of others are passed over.</summary>
    public async Task<string> NextAsync(string verb)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            string request = await _requests.Reader.ReadAsync(patience.Token);
            if (request.StartsWith(verb + " ", StringComparison.Ordinal))
            {
                return request[(verb.Length + 1)..];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private void Emit(string line)
    {
        _events.Add((_version, line));
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private async Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        string root = Kind.Group.Length == 0 ? "/api/v1" : $"/apis/{Kind.Group}";
        bool isWatch = context.Request.Query.ContainsKey("watch");
        string verb = path == root || Served.Contains(path[Math.Min(root.Length + 1, path.Length)..]) ? "discover"
            : isWatch ? "watch"
            : path.EndsWith("/" + Kind.Resource, StringComparison.Ordinal) ? "list"
            : "get";
        Callers.Enqueue($"{context.Request.Headers.Authorization} {(await context.Connection.GetClientCertificateAsync())?.Subject}".Trim());
        await _requests.Writer.WriteAsync($"{verb} {context.Request.QueryString}");
        try
        {
            if (_faults.TryGetValue(verb, out ConcurrentQueue<Func<HttpContext, Task>>? faults) && faults.TryDequeue(out Func<HttpContext, Task>? fault))
            {
                await fault(context);
            }
            else if (Served.Length == 0 || !path.StartsWith(root, StringComparison.Ordinal))
            {
                context.Response.StatusCode = 404;
            }
            else
            {
                await (verb switch
                {
                    "discover" => DiscoverAsync(context, path == root),
                    "watch" => WatchAsync(context),
                    "list" => ListAsync(context),
                    _ => GetAsync(context, path),
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The caller or the server has gone.
        }
    }

    private Task DiscoverAsync(HttpContext context, bool isGroup) => context.Response.WriteAsync(isGroup
        ? $$"""{"kind":"APIGroup","versions":[{{string.Join(',', Served.Select(static version => $$"""{"version":"{{version}}"}"""))}}]}"""
        : $$"""{"kind":"APIResourceList","resources":[{"name":"{{Kind.Resource}}/status"},{"name":"{{Kind.Resource}}"}]}""");

    private Task GetAsync(HttpContext context, string path)
    {
        string[] parts = path.Split('/');
        string key = Kind.IsNamespaced ? $"{parts[^3]}/{parts[^1]}" : $"/{parts[^1]}";
        string? json;
        lock (_lock)
        {
            json = _objects.GetValueOrDefault(key)?.ToJsonString();
        }

        context.Response.StatusCode = json is null ? 404 : 200;
        return context.Response.WriteAsync(json ?? "{}");
    }

    private Task ListAsync(HttpContext context)
    {
        string json;
        lock (_lock)
        {
            int start = int.Parse(context.Request.Query["continue"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
            int size = Math.Min(PageSize, int.Parse(context.Request.Query["limit"]!, CultureInfo.InvariantCulture));
            string next = start + size < _objects.Count ? $",\"continue\":\"{start + size}\"" : "";
            string items = string.Join(',', _objects.Values.Skip(start).Take(size).Select(static item => item.ToJsonString()));
            json = $$$"""{"apiVersion":"v1","items":[{{{items}}}],"kind":"List","metadata":{"resourceVersion":"{{{_version}}}"{{{next}}}}}""";
        }

        return context.Response.WriteAsync(json);
    }

    private async Task WatchAsync(HttpContext context)
    {
        int seen = int.Parse(context.Request.Query["resourceVersion"]!, CultureInfo.InvariantCulture);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        await context.Response.Body.FlushAsync(end.Token);
        while (true)
        {
            Task changed;
            var lines = new StringBuilder();
            lock (_lock)
            {
                changed = _changed.Task;
                foreach ((int version, string line) in _events.Where(one => one.Version > seen))
                {
                    lines.Append(line).Append('\n');
                    seen = version;
                }
            }

            await context.Response.WriteAsync(lines.ToString(), end.Token);
            await context.Response.Body.FlushAsync(end.Token);
            await changed.WaitAsync(end.Token);
        }
    }
}
