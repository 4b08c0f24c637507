using Webhook.Cluster;

namespace Webhook.Certificates;

/// <summary>Looks whether the API server trusts a certificate that somebody else makes. Changes nothing.</summary>
/// <param name="client">The API server.</param>
/// <param name="configuration">The name of the webhook configurations.</param>
/// <param name="trust">Keeps what was seen.</param>
internal sealed class TrustWatch(ApiClient client, string configuration, ServedTrust trust) : ICertificateKeeper
{
    /// <inheritdoc/>
    public string? Problem => trust.Problem;

    /// <inheritdoc/>
    public TimeSpan? Soon => null;

    /// <inheritdoc/>
    public async Task<ApiError?> LookAsync(CancellationToken cancellation)
    {
        ApiError? error = null;
        foreach (string resource in WebhookConfiguration.Resources)
        {
            ApiResult<WebhookConfiguration?> read = await WebhookConfiguration.ReadAsync(client, resource, configuration, cancellation);
            if (read.Error is null)
            {
                trust.Take(resource, read.Value);
            }
            else
            {
                error ??= read.Error;
            }
        }

        trust.Judge();
        return error;
    }
}
