using System.Collections.Immutable;
using Webhook.Resources;

namespace Webhook.Cluster;

/// <summary>
/// Whether enough of the cluster has been seen to judge by: each kind was listed once, is known to be absent, or may not be listed, which
/// waiting does not change. Once ready, ready: an old view is better than none.
/// </summary>
/// <param name="caches">The caches.</param>
public sealed class CacheReadiness(ImmutableArray<CacheStatus> caches)
{
    private volatile bool _isReady;

    /// <summary>What is missing, or null when ready.</summary>
    public string? Problem
    {
        get
        {
            if (_isReady)
            {
                return null;
            }

            ImmutableArray<ClusterKind> missing = [.. caches.Where(static cache => cache.State == CacheState.Unlisted).Select(static cache => cache.Kind)];
            _isReady = missing.IsEmpty;
            return _isReady ? null : $"not listed yet: {string.Join(", ", missing)}";
        }
    }
}
