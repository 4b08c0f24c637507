using Webhook.Cluster;

namespace Webhook.Certificates;

/// <summary>Something that looks after the certificate that is served, again and again.</summary>
internal interface ICertificateKeeper
{
    /// <summary>Why no review can arrive, or null.</summary>
    string? Problem { get; }

    /// <summary>How long to wait for the next look where that is due earlier than usual, or null.</summary>
    TimeSpan? Soon { get; }

    /// <summary>Looks once, and does what is to be done.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What failed, or null; the last state stays then.</returns>
    Task<ApiError?> LookAsync(CancellationToken cancellation);
}
