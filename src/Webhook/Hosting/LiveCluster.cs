using System.Collections.Concurrent;
using System.Diagnostics;
using Webhook.Admission;
using Webhook.Cluster;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Hosting;

/// <summary>
/// The cluster as reviews see it: takes what changes in the caches into one view after another, each immutable. A review takes the newest and
/// waits for nothing; while the API server cannot be reached, that is the last one.
/// </summary>
internal sealed class LiveCluster : BackgroundService, IClusterObserver
{
    /// <summary>The longest that a review waits for networks that the view lacks.</summary>
    public static readonly TimeSpan LookPatience = TimeSpan.FromMilliseconds(300);

    private const int MostLooks = 8;
    private const int MostLooksAtOnce = 16;

    // Bookmarks come about once a minute: a view much older belongs to an API server that will not answer a look-up either.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<ObjectKey, Lazy<Task<StoredObject?>>> _looking = new();
    private readonly TimeProvider _time;
    private readonly ApiClient _client;
    private readonly ClusterCache _cache;
    private readonly Reflector _networks;
    private readonly WebhookMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<ClusterKind, ApiErrorKind> _told = new();
    private readonly Dictionary<ClusterKind, CacheState> _taken = [];
    private volatile ClusterObjects _current = ClusterObjects.Empty;
    private volatile bool _isComplete;

    /// <summary>A view that has seen nothing until the service runs.</summary>
    /// <param name="connection">The API server.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">Shows the caches.</param>
    /// <param name="logger">Tells of lists and failures.</param>
    public LiveCluster(ClusterConnection connection, TimeProvider time, WebhookMetrics metrics, ILogger<LiveCluster> logger)
    {
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _client = new ApiClient(connection, $"infoscale-webhook/{ProgramVersion.Number}", time);
        _cache = new ClusterCache(_client, ClusterKind.All, time, this);
        _networks = _cache.Of(ClusterKind.NetworkAttachmentDefinition);
        metrics.Observe(_cache.Caches);
    }

    /// <summary>The cluster as it was seen last.</summary>
    public ClusterView Current => _current;

    /// <summary>The same once it says something about every kind, and null before.</summary>
    public ClusterObjects? Complete => _isComplete ? _current : null;

    /// <summary>Calls the same API server.</summary>
    public ApiClient Client => _client;

    /// <summary>What has not been seen at all yet, or null once the view says something about every kind.</summary>
    public string? Problem => _isComplete ? null : $"the cluster is not seen yet, {_cache.Readiness.Problem ?? "the view is being made"}";

    /// <summary>
    /// Looks up the networks that a machine under review names and that the view lacks: made by the same <c>kubectl apply</c> a moment ago,
    /// they may be on their way still. The one call of the API server that a review waits for; see Decisions/0008.
    /// </summary>
    /// <param name="review">The request.</param>
    /// <returns>The view completed by what was found, or null where there is nothing to look for and <see cref="Current"/> is what is known.</returns>
    public Task<ClusterView>? LookForMissing(AdmissionReview review)
    {
        if (review.Group != ClusterKind.VirtualMachine.Group || review.Subject is not VirtualMachine { IsOptedIn: true } machine
            || _networks.Version is not string version || _networks.Status.Age > Fresh)
        {
            return null;
        }

        ClusterObjects view = _current;
        List<Task<StoredObject?>>? looks = null;
        foreach (VirtualMachineNic nic in machine.Nics)
        {
            if ((looks?.Count ?? 0) < MostLooks && !nic.IsUnplugged && nic.Attachment(machine.Namespace) is (string space, string name)
                && view.Network(space, name).IsAbsent)
            {
                (looks ??= []).Add(LookAsync(version, new ObjectKey(space, name)));
            }
        }

        return looks is null ? null : CompleteAsync(view, looks);
    }

    /// <inheritdoc/>
    public void Listed(ClusterKind kind, int count, long bytes)
    {
        _metrics.CacheListed(kind, bytes);
        Log.ClusterListed(_logger, kind.ToString(), count, bytes);
    }

    /// <inheritdoc/>
    public void Watching(ClusterKind kind) => _told.TryRemove(kind, out _);

    /// <inheritdoc/>
    public void Absent(ClusterKind kind) => Log.ClusterKindAbsent(_logger, kind.ToString());

    /// <inheritdoc/>
    /// <remarks>An outage is told once for each kind, not at each try.</remarks>
    public void Failed(ClusterKind kind, ApiError error)
    {
        _metrics.CacheFailed(kind, error.Label);
        bool isTold = _told.TryGetValue(kind, out ApiErrorKind told) && told == error.Kind;
        _told[kind] = error.Kind;
        if (isTold)
        {
            return;
        }

        if (error.Kind == ApiErrorKind.Forbidden)
        {
            Log.ClusterKindForbidden(_logger, kind.ToString(), error.Message);
        }
        else
        {
            Log.ClusterCallFailed(_logger, kind.ToString(), error.Message);
        }
    }

    /// <inheritdoc/>
    public void Waits(ClusterKind kind, TimeSpan delay)
    {
        // Nothing to tell: the failure before it was.
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _client.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task running = _cache.RunAsync(stoppingToken);
        while (await _cache.Changes.WaitToReadAsync(CancellationToken.None))
        {
            // All that is there makes one view, so that a burst costs little and readers never see half of a list.
            ClusterObjects view = _current;
            while (_cache.Changes.TryRead(out StoreChange? change))
            {
                view = Take(view, change);
            }

            _current = view;
            _isComplete |= _taken.Count == ClusterKind.All.Count;
        }

        await running;
    }

    // Reviews that miss the same network wait for one call. What fails or takes too long finds nothing: the view decides.
    private static async Task<ClusterView> CompleteAsync(ClusterObjects view, List<Task<StoredObject?>> looks)
    {
        using Activity? span = Spans.OfCall("look up networks");
        foreach (Task<StoredObject?> look in looks)
        {
            if (await look is StoredObject late)
            {
                view = view.With(late.Root);
            }
        }

        return view;
    }

    private Task<StoredObject?> LookAsync(string version, ObjectKey key)
    {
        if (_looking.Count >= MostLooksAtOnce)
        {
            return Task.FromResult<StoredObject?>(null);
        }

        async Task<StoredObject?> StartAsync()
        {
            await Task.Yield();
            using var patience = new CancellationTokenSource(LookPatience, _time);
            try
            {
                return (await _client.GetAsync(ClusterKind.NetworkAttachmentDefinition, version, key, patience.Token)).Value;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            finally
            {
                _looking.TryRemove(key, out _);
            }
        }

        return _looking.GetOrAdd(key, _ => new Lazy<Task<StoredObject?>>(StartAsync)).Value;
    }

    private ClusterObjects Take(ClusterObjects view, StoreChange change)
    {
        bool wasListed = _taken.TryGetValue(change.Kind, out CacheState before) && before == CacheState.Listed;
        _taken[change.Kind] = change.State;
        switch (change.State)
        {
            case CacheState.Absent:
                return view.NotServed(change.Kind, change.Kind.NotServed);
            case CacheState.Forbidden:
                return view.NotServed(change.Kind, change.Kind.NotListed);
        }

        if (!wasListed)
        {
            return view.Replace(change.Kind, change.Upserts.Select(static one => one.Root));
        }

        foreach (StoredObject gone in change.Deletes)
        {
            view = view.Without(change.Kind, gone.Namespace, gone.Name);
        }

        foreach (StoredObject changed in change.Upserts)
        {
            view = view.With(changed.Root);
        }

        return view;
    }
}
