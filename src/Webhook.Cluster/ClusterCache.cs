using System.Collections.Immutable;
using System.Threading.Channels;
using Webhook.Resources;

namespace Webhook.Cluster;

/// <summary>The caches of all kinds, kept like the cluster while it runs.</summary>
public sealed class ClusterCache
{
    private readonly ImmutableArray<Reflector> _reflectors;
    private readonly Channel<StoreChange> _changes = Channel.CreateUnbounded<StoreChange>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Caches that are empty until they run.</summary>
    /// <param name="client">The client.</param>
    /// <param name="kinds">What to keep.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Hears of lists and failures.</param>
    public ClusterCache(ApiClient client, IEnumerable<ClusterKind> kinds, TimeProvider time, IClusterObserver observer)
    {
        _reflectors = [.. kinds.Select(kind => new Reflector(client, kind, _changes.Writer, time, observer, Random.Shared))];
        Caches = [.. _reflectors.Select(static reflector => reflector.Status)];
        Readiness = new CacheReadiness(Caches);
    }

    /// <summary>How each cache is doing.</summary>
    public ImmutableArray<CacheStatus> Caches { get; }

    /// <summary>Whether enough has been seen.</summary>
    public CacheReadiness Readiness { get; }

    /// <summary>What changes in the stores, for one reader; complete when the caches have stopped.</summary>
    public ChannelReader<StoreChange> Changes => _changes.Reader;

    /// <summary>The reflector of a kind.</summary>
    public Reflector Of(ClusterKind kind) => _reflectors.First(reflector => reflector.Store.Kind == kind);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(_reflectors.Select(reflector => Task.Run(() => reflector.RunAsync(cancellation), CancellationToken.None))).ConfigureAwait(false);
        _changes.Writer.TryComplete();
    }
}
