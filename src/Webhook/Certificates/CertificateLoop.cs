using Webhook.Cluster;
using Webhook.Hosting;

namespace Webhook.Certificates;

/// <summary>Has the certificate looked after while the server runs.</summary>
/// <param name="keeper">Who looks after it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells of failures.</param>
internal sealed class CertificateLoop(ICertificateKeeper keeper, TimeProvider time, ILogger<CertificateLoop> logger) : BackgroundService
{
    /// <summary>The longest time between two looks: up to three small requests.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Nobody gives a right within seconds, and each try is a line in the audit log of the API server.
    private static readonly TimeSpan Forbidden = TimeSpan.FromMinutes(1);

    private string _told = "";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(Random.Shared);
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                ApiError? error = await keeper.LookAsync(stoppingToken);
                Tell(error);
                if (error is null)
                {
                    backoff.Reset();
                }

                wait = error is null ? keeper.Soon ?? backoff.Jitter(Interval) : error.Kind == ApiErrorKind.Forbidden ? Forbidden : backoff.Next(error.RetryAfter);
            }
            catch (OperationCanceledException)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, what is served goes on being served, and it is tried again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.CertificateFailed(logger, exception.GetType().Name, exception.StackTrace ?? "");
                wait = backoff.Next();
            }

            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The same trouble is told once, not at each try.
    private void Tell(ApiError? error)
    {
        string told = error is null ? "" : $"{error.Kind} {error.Message}";
        if (told != _told && error is not null)
        {
            Log.CertificateCallFailed(logger, error.Message);
        }

        _told = told;
    }
}
