namespace Webhook.Hosting;

/// <summary>Whether the server may be sent reviews.</summary>
/// <param name="cluster">The cluster that must have been seen once, or null.</param>
internal sealed class Readiness(LiveCluster? cluster)
{
    private volatile bool _warmedUp;
    private volatile bool _stopping;

    /// <summary>Why not yet, or not any more; null when ready.</summary>
    public string? Problem => _stopping ? "stopping" : _warmedUp ? cluster?.Problem : "warm-up reviews are not answered yet";

    /// <summary>Whether the server has been told to stop.</summary>
    public bool IsStopping => _stopping;

    /// <summary>The warm-up is done. Once ready, ready: only stopping ends it.</summary>
    public void WarmedUp() => _warmedUp = true;

    /// <summary>The server has been told to stop.</summary>
    public void Stop() => _stopping = true;
}
