using System.Text.Json;
using Webhook.Resources.Json;

namespace Webhook.Cluster;

/// <summary>What a watch tells.</summary>
public enum WatchEventType
{
    /// <summary>An object was made or changed, or was there already.</summary>
    Upsert,

    /// <summary>An object is gone.</summary>
    Delete,

    /// <summary>Nothing changed up to this version.</summary>
    Bookmark,

    /// <summary>The server ended the watch at its time.</summary>
    End,
}

/// <summary>One event of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="ResourceVersion">The version from which to go on after this event.</param>
/// <param name="Object">The object, its last state where it is gone; null for a bookmark and the end.</param>
public readonly record struct WatchEvent(WatchEventType Type, string ResourceVersion, StoredObject? Object);

/// <summary>A running watch: one JSON object a line (kubernetes/apimachinery pkg/apis/meta/v1/watch.go, WatchEvent).</summary>
public sealed class Watch : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly JsonStream _stream;
    private readonly ReadDeadline _deadline;
    private readonly ObjectReader _reader;
    private readonly string _apiVersion;
    private readonly string _call;
    private readonly Func<ObjectKey, StoredObject?> _known;

    internal Watch(
        HttpResponseMessage response, JsonStream stream, ReadDeadline deadline, ObjectReader reader, string apiVersion, string call,
        Func<ObjectKey, StoredObject?> known)
    {
        _response = response;
        _stream = stream;
        _deadline = deadline;
        _reader = reader;
        _apiVersion = apiVersion;
        _call = call;
        _known = known;
    }

    /// <summary>The next event, or why there is none. After an error or the end the watch is over.</summary>
    public Task<ApiResult<WatchEvent>> NextAsync(CancellationToken cancellation) => ApiError.GuardAsync<WatchEvent>(_call, async () =>
    {
        ReadOnlyMemory<byte>? line;
        do
        {
            line = await _stream.ReadLineAsync(cancellation).ConfigureAwait(false);
        }
        while (line is { Length: 0 });

        return line is null ? new WatchEvent(WatchEventType.End, "", null) : Read(line.Value);
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _response.Dispose();
        _deadline.Dispose();
    }

    private ApiResult<WatchEvent> Read(ReadOnlyMemory<byte> line)
    {
        Field root = Field.Parse(line);
        Field subject = root["object"];
        string version = subject["metadata"]["resourceVersion"].Text ?? "";
        switch (root["type"].Text)
        {
            case "ADDED" or "MODIFIED":
                return new WatchEvent(WatchEventType.Upsert, version, _reader.Read(subject, _apiVersion, _known));
            case "DELETED":
                return new WatchEvent(WatchEventType.Delete, version, _reader.Read(subject, _apiVersion, _known));
            case "BOOKMARK" when version.Length > 0:
                return new WatchEvent(WatchEventType.Bookmark, version, null);
            case "ERROR":
                TimeSpan? retry = subject["details"]["retryAfterSeconds"].Integer is > 0 and long seconds ? TimeSpan.FromSeconds(seconds) : null;
                return ApiError.OfStatus((int)(subject["code"].Integer ?? 500), _call, retry);
            default:
                throw new JsonException("an unknown event");
        }
    }
}
