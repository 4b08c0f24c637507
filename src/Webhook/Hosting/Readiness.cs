using Webhook.Certificates;

namespace Webhook.Hosting;

/// <summary>Whether the server may be sent reviews.</summary>
/// <param name="cluster">The cluster that must have been seen once, or null.</param>
/// <param name="certificates">Knows whether the certificate is there and trusted; or null.</param>
internal sealed class Readiness(LiveCluster? cluster, ICertificateKeeper? certificates)
{
    private volatile bool _warmedUp;
    private volatile bool _stopping;

    /// <summary>Why not yet, or not any more; null when ready.</summary>
    public string? Problem => _stopping ? "stopping" : _warmedUp ? certificates?.Problem ?? cluster?.Problem : "warm-up reviews are not answered yet";

    /// <summary>Whether the server has been told to stop.</summary>
    public bool IsStopping => _stopping;

    /// <summary>The warm-up is done. From then on only stopping ends it, and a certificate that is no longer trusted.</summary>
    public void WarmedUp() => _warmedUp = true;

    /// <summary>The server has been told to stop.</summary>
    public void Stop() => _stopping = true;
}
