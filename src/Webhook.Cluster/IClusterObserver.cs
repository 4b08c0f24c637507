using Webhook.Resources;

namespace Webhook.Cluster;

/// <summary>Hears what happens to the caches, for logs and metrics. Called by the reflectors, several at a time.</summary>
public interface IClusterObserver
{
    /// <summary>A kind was listed completely.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="count">How many objects.</param>
    /// <param name="bytes">How much was read, after decompression.</param>
    void Listed(ClusterKind kind, int count, long bytes);

    /// <summary>A watch of a kind has begun.</summary>
    void Watching(ClusterKind kind);

    /// <summary>A kind is not served; what was kept of it is dropped.</summary>
    void Absent(ClusterKind kind);

    /// <summary>A call failed; the last view stays.</summary>
    void Failed(ClusterKind kind, ApiError error);

    /// <summary>The next try is that long away.</summary>
    void Waits(ClusterKind kind, TimeSpan delay);
}
