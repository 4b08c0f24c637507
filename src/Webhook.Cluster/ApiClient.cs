using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Cluster;

/// <summary>The few verbs of an API server that are needed here. Errors are values.</summary>
public sealed class ApiClient : IDisposable
{
    /// <summary>The most objects of one page of a list.</summary>
    public const int PageSize = 500;

    /// <summary>The time within which the next bytes of an answer must arrive, the first ones included.</summary>
    public static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);

    /// <summary>How much longer than asked a watch is waited for before it counts as half open.</summary>
    public static readonly TimeSpan WatchGrace = TimeSpan.FromSeconds(30);

    private readonly ApiTransport _transport;
    private readonly TimeProvider _time;

    /// <summary>A client that has called nobody yet.</summary>
    /// <param name="connection">Where and how to call.</param>
    /// <param name="userAgent">How the program calls itself, as in <c>name/1.0</c>.</param>
    /// <param name="time">The clock of all timeouts.</param>
    public ApiClient(ClusterConnection connection, string userAgent, TimeProvider time)
    {
        _transport = new ApiTransport(connection, userAgent, time);
        _time = time;
    }

    /// <summary>What the API server calls its own version, such as <c>v1.33.2</c>; empty where it does not say.</summary>
    public async Task<ApiResult<string>> FindServerVersionAsync(CancellationToken cancellation)
    {
        ApiResult<Field> version = await GetJsonAsync("version", "get the version", cancellation).ConfigureAwait(false);
        return version.Error is not null ? version.Error : version.Value["gitVersion"].Text ?? "";
    }

    /// <summary>The version in which a kind is served, the preferred of those that are read; null where it is served in none: a known absence.</summary>
    public async Task<ApiResult<string?>> FindVersionAsync(ClusterKind kind, CancellationToken cancellation)
    {
        if (kind.Group.Length == 0)
        {
            return kind.Versions[0];
        }

        ApiResult<Field> group = await GetJsonAsync($"apis/{kind.Group}", $"look up API group {kind.Group}", cancellation).ConfigureAwait(false);
        if (group.Error is { Kind: ApiErrorKind.NotFound })
        {
            return (string?)null;
        }

        if (group.Error is not null)
        {
            return group.Error;
        }

        foreach (string version in kind.Versions)
        {
            if (!Any(group.Value["versions"], "version", version))
            {
                continue;
            }

            // A group lists the versions of all its kinds; not every kind is in each.
            ApiResult<Field> resources = await GetJsonAsync(
                $"apis/{kind.Group}/{version}", $"look up API version {kind.Group}/{version}", cancellation).ConfigureAwait(false);
            if (resources.Error is { Kind: not ApiErrorKind.NotFound })
            {
                return resources.Error;
            }

            if (Any(resources.Value["resources"], "name", kind.Resource))
            {
                return version;
            }
        }

        return (string?)null;
    }

    /// <summary>One object.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="version">The version that is served.</param>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ApiResult<StoredObject>> GetAsync(ClusterKind kind, string version, ObjectKey key, CancellationToken cancellation)
    {
        string call = Call("get", kind);
        if (!IsName(key.Name) || (kind.IsNamespaced && !IsName(key.Namespace)))
        {
            return new ApiError(ApiErrorKind.NotFound, $"{call}: no object can have that name");
        }

        ApiResult<Field> json = await GetJsonAsync($"{PathOf(kind, version, key.Namespace)}/{Uri.EscapeDataString(key.Name)}", call, cancellation)
            .ConfigureAwait(false);
        return json.Error is not null ? json.Error : await ApiError.GuardAsync(
            call, () => Task.FromResult<ApiResult<StoredObject>>(new ObjectReader(kind).Read(json.Value, ApiVersion(kind, version), static _ => null)))
            .ConfigureAwait(false);
    }

    /// <summary>All objects of a kind, read in pages.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="version">The version that is served.</param>
    /// <param name="known">What is kept of an object now, or null; unchanged objects are taken over instead of made anew.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ApiResult<ObjectList>> ListAsync(
        ClusterKind kind, string version, Func<ObjectKey, StoredObject?> known, CancellationToken cancellation)
    {
        var objects = new List<StoredObject>();
        long bytes = 0;
        for (string? next = null; ;)
        {
            ApiResult<ListPage> page = await ListPageAsync(kind, version, next, objects, known, cancellation).ConfigureAwait(false);
            if (page.Error is not null)
            {
                return page.Error;
            }

            bytes += page.Value.Bytes;
            next = page.Value.Continue;
            if (next is null)
            {
                return new ObjectList(objects, page.Value.ResourceVersion, bytes);
            }
        }
    }

    /// <summary>Follows all objects of a kind from a version on.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="version">The version that is served.</param>
    /// <param name="resourceVersion">The version to go on from.</param>
    /// <param name="timeout">How long the server shall go on.</param>
    /// <param name="known">What is kept of an object now, or null.</param>
    /// <param name="cancellation">Gives up before there is an answer.</param>
    public async Task<ApiResult<Watch>> WatchAsync(
        ClusterKind kind, string version, string resourceVersion, TimeSpan timeout, Func<ObjectKey, StoredObject?> known, CancellationToken cancellation)
    {
        string call = Call("watch", kind);
        string path = $"{PathOf(kind, version, "")}?watch=1&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(resourceVersion)}"
            + $"&timeoutSeconds={(int)timeout.TotalSeconds}";
        var deadline = new ReadDeadline(timeout + WatchGrace, isForEachRead: false, _time);
        ApiResult<HttpResponseMessage> response = await _transport.SendAsync(HttpMethod.Get, path, call, deadline, cancellation).ConfigureAwait(false);
        if (response.Error is not null)
        {
            deadline.Dispose();
            return response.Error;
        }

        Stream body = await response.Value!.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        return new Watch(response.Value, new JsonStream(body, deadline), deadline, new ObjectReader(kind), ApiVersion(kind, version), call, known);
    }

    /// <summary>Any other call: creates, replaces, patches (by JSON Patch), deletes, asks. The answer is given as it is.</summary>
    /// <param name="method">The verb of HTTP.</param>
    /// <param name="path">The path and query below the server's address, without a slash at its start.</param>
    /// <param name="call">What is done, for messages: <c>create policyreports</c>.</param>
    /// <param name="body">The JSON to send; empty for none.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ApiResult<Field>> SendAsync(HttpMethod method, string path, string call, ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
        _transport.ExchangeAsync(method, path, call, body, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private static string Call(string verb, ClusterKind kind) =>
        $"{verb} {kind.Resource}{(kind.Group.Length > 0 ? "." : "")}{kind.Group}";

    private static string ApiVersion(ClusterKind kind, string version) => kind.Group.Length == 0 ? version : $"{kind.Group}/{version}";

    private static string PathOf(ClusterKind kind, string version, string @namespace) =>
        (kind.Group.Length == 0 ? $"api/{version}/" : $"apis/{kind.Group}/{version}/")
        + (@namespace.Length == 0 ? "" : $"namespaces/{Uri.EscapeDataString(@namespace)}/")
        + kind.Resource;

    // What may stand as a part of a path (kubernetes/client-go rest/request.go, IsValidPathSegmentName). Names come from objects under review: an
    // empty one would ask for everything, and dots for what is above.
    private static bool IsName(string text) => text is not ("" or "." or "..") && text.AsSpan().IndexOfAny('/', '%') < 0;

    private static bool Any(Field list, string key, string value)
    {
        foreach (Field item in list.Items())
        {
            if (item[key].Is(value))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<ApiResult<ListPage>> ListPageAsync(
        ClusterKind kind, string version, string? continueToken, List<StoredObject> objects, Func<ObjectKey, StoredObject?> known,
        CancellationToken cancellation)
    {
        string call = Call("list", kind), apiVersion = ApiVersion(kind, version);
        string path = $"{PathOf(kind, version, "")}?limit={PageSize}" + (continueToken is null ? "" : $"&continue={Uri.EscapeDataString(continueToken)}");
        using var deadline = new ReadDeadline(AnswerPatience, isForEachRead: true, _time);
        ApiResult<HttpResponseMessage> response = await _transport.SendAsync(HttpMethod.Get, path, call, deadline, cancellation).ConfigureAwait(false);
        if (response.Error is not null)
        {
            return response.Error;
        }

        using HttpResponseMessage answer = response.Value!;
        return await ApiError.GuardAsync<ListPage>(call, async () =>
        {
            using var stream = new JsonStream(await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), deadline);
            var reader = new ObjectReader(kind);
            Field metadata = await stream.ReadListAsync(item => objects.Add(reader.Read(item, apiVersion, known)), cancellation).ConfigureAwait(false);
            return metadata["resourceVersion"].Text is { Length: > 0 } resourceVersion
                ? new ListPage(resourceVersion, metadata["continue"].Text is { Length: > 0 } next ? next : null, stream.BytesRead)
                : new ApiError(ApiErrorKind.Malformed, $"{call}: the list has no resourceVersion");
        }).ConfigureAwait(false);
    }

    private Task<ApiResult<Field>> GetJsonAsync(string path, string call, CancellationToken cancellation) =>
        _transport.ExchangeAsync(HttpMethod.Get, path, call, default, cancellation);

    private readonly record struct ListPage(string ResourceVersion, string? Continue, long Bytes);
}

/// <summary>All objects of a kind at one moment.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="ResourceVersion">The version of the whole list, from which to watch.</param>
/// <param name="Bytes">How much was read, after decompression.</param>
public sealed record ObjectList(IReadOnlyList<StoredObject> Objects, string ResourceVersion, long Bytes);
