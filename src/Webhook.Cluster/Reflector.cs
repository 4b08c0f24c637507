using System.Threading.Channels;
using Webhook.Resources;

namespace Webhook.Cluster;

/// <summary>
/// Keeps the store of one kind like the cluster: finds the version that is served, lists, takes the list over when it is complete, and watches
/// from there. Whatever fails leaves the last view in place.
/// </summary>
public sealed class Reflector
{
    /// <summary>How often a kind that is not served, or may not be listed, is looked for again: from half of it to all of it.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>How long a watch is asked to go on, plus a random part up to a fifth of it.</summary>
    public static readonly TimeSpan WatchTime = TimeSpan.FromMinutes(5);

    // A watch that ends sooner and brought nothing has not worked, whatever its status code said.
    private static readonly TimeSpan TooSoon = TimeSpan.FromSeconds(5);

    // What was served before may be missing for a moment while one of several API servers restarts: it is not gone before this many looks.
    private const int LooksUntilGone = 2;

    private readonly ApiClient _client;
    private readonly ChannelWriter<StoreChange> _changes;
    private readonly TimeProvider _time;
    private readonly IClusterObserver _observer;
    private readonly Random _random;
    private readonly Backoff _backoff;
    private string? _version;
    private string? _resourceVersion;
    private int _looks;

    /// <summary>A reflector that does nothing until it runs.</summary>
    /// <param name="client">The client.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="changes">Gets what changes in the store, in order.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Hears of lists and failures.</param>
    /// <param name="random">Spreads waits.</param>
    public Reflector(
        ApiClient client, ClusterKind kind, ChannelWriter<StoreChange> changes, TimeProvider time, IClusterObserver observer, Random random)
    {
        _client = client;
        _changes = changes;
        _time = time;
        _observer = observer;
        _random = random;
        _backoff = new Backoff(random);
        Store = new Store(kind);
        Status = new CacheStatus(kind, time);
    }

    /// <summary>The objects.</summary>
    public Store Store { get; }

    /// <summary>How the cache is doing.</summary>
    public CacheStatus Status { get; }

    /// <summary>The version that is served, or null where none is known.</summary>
    public string? Version => Volatile.Read(ref _version);

    private ClusterKind Kind => Store.Kind;

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            TimeSpan? wait = await StepAsync(cancellation).ConfigureAwait(false);
            if (wait is TimeSpan delay)
            {
                Task waiting = Task.Delay(delay, _time, cancellation);
                _observer.Waits(Kind, delay);
                await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // One look-up, list or watch, and how long to wait after it.
    private async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        try
        {
            return _version is null ? await LookAsync(cancellation).ConfigureAwait(false)
                : _resourceVersion is null ? await ListAsync(cancellation).ConfigureAwait(false)
                : await WatchAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Whatever is thrown here is a defect of this program; it must cost a list, and not the kind for as long as the process runs.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Fail(new ApiError(ApiErrorKind.Malformed, $"follow {Kind}: a defect of this program ({exception.GetType().Name})"));
        }
    }

    private async Task<TimeSpan?> LookAsync(CancellationToken cancellation)
    {
        ApiResult<string?> found = await _client.FindVersionAsync(Kind, cancellation).ConfigureAwait(false);
        if (found.Error is not null)
        {
            return Fail(found.Error);
        }

        if (found.Value is null)
        {
            return NotServed();
        }

        Volatile.Write(ref _version, found.Value);
        return null;
    }

    private async Task<TimeSpan?> ListAsync(CancellationToken cancellation)
    {
        ApiResult<ObjectList> listed = await _client.ListAsync(Kind, _version!, Store.Find, cancellation).ConfigureAwait(false);
        if (listed.Error is not null)
        {
            return listed.Error.Kind == ApiErrorKind.NotFound ? Missing(listed.Error) : Fail(listed.Error);
        }

        ObjectList list = listed.Value!;
        _resourceVersion = list.ResourceVersion;
        _looks = 0;
        bool isFirst = Status.State != CacheState.Listed;
        StoreChange change = Store.Replace(list.Objects);
        Seen();
        if (isFirst || change.Upserts.Count + change.Deletes.Count > 0)
        {
            _changes.TryWrite(change);
        }

        _observer.Listed(Kind, list.Objects.Count, list.Bytes);
        return null;
    }

    private async Task<TimeSpan?> WatchAsync(CancellationToken cancellation)
    {
        TimeSpan asked = WatchTime * (1 + (_random.NextDouble() / 5));
        long start = _time.GetTimestamp();
        ApiResult<Watch> started = await _client.WatchAsync(Kind, _version!, _resourceVersion!, asked, Store.Find, cancellation).ConfigureAwait(false);
        if (started.Error is { Kind: ApiErrorKind.NotFound })
        {
            return Missing(started.Error);
        }

        if (started.Error is not null)
        {
            return Fail(started.Error);
        }

        Status.Contact();
        _observer.Watching(Kind);
        using Watch watch = started.Value!;
        bool hasWorked = false;
        while (true)
        {
            ApiResult<WatchEvent> next = await watch.NextAsync(cancellation).ConfigureAwait(false);
            if (next is { Error: null, Value.Type: not WatchEventType.End })
            {
                Apply(next.Value);
                hasWorked = true;
                _backoff.Reset();
                continue;
            }

            hasWorked |= _time.GetElapsedTime(start) >= TooSoon;
            if (hasWorked)
            {
                _backoff.Reset();
            }

            return next.Error is not null ? Fail(next.Error)
                : hasWorked ? null
                : Fail(new ApiError(ApiErrorKind.Cut, $"watch {Kind}: ended at once"));
        }
    }

    private void Apply(WatchEvent happened)
    {
        if (!StoredObject.IsOlder(happened.ResourceVersion, _resourceVersion!) && happened.ResourceVersion.Length > 0)
        {
            _resourceVersion = happened.ResourceVersion;
        }

        StoreChange? change = happened.Type switch
        {
            WatchEventType.Upsert => Store.Upsert(happened.Object!),
            WatchEventType.Delete => Store.Delete(happened.Object!),
            _ => null,
        };
        Seen();
        if (change is not null)
        {
            _changes.TryWrite(change);
        }
    }

    private void Seen()
    {
        Status.Set(CacheState.Listed, Store.Snapshot.Count);
        Status.Contact();
    }

    private TimeSpan Fail(ApiError error)
    {
        _observer.Failed(Kind, error);
        switch (error.Kind)
        {
            case ApiErrorKind.Gone or ApiErrorKind.Malformed:
                // The way back is a list; an event that cannot be read would come again.
                _resourceVersion = null;
                break;
            case ApiErrorKind.Forbidden:
                if (Status.State is CacheState.Unlisted or CacheState.Absent)
                {
                    Drop(CacheState.Forbidden);
                }

                return _backoff.Jitter(LookAgain);
        }

        return _backoff.Next(error.RetryAfter);
    }

    // A list or watch of a version that was served a moment ago: is the kind gone, or served in another version?
    private TimeSpan Missing(ApiError error)
    {
        _observer.Failed(Kind, error);
        Volatile.Write(ref _version, null);
        _resourceVersion = null;
        return _backoff.Next();
    }

    private TimeSpan NotServed()
    {
        _looks++;
        if (Status.State != CacheState.Listed || _looks >= LooksUntilGone)
        {
            Status.Contact();
            if (Status.State != CacheState.Absent)
            {
                Drop(CacheState.Absent);
                _observer.Absent(Kind);
            }
        }

        return _backoff.Jitter(LookAgain);
    }

    private void Drop(CacheState state)
    {
        StoreChange change = Store.Replace([]) with { State = state };
        Status.Set(state, 0);
        _changes.TryWrite(change);
    }
}
