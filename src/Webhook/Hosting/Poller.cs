namespace Webhook.Hosting;

/// <summary>Something that looks from time to time whether something has changed.</summary>
internal interface IPolled
{
    /// <summary>Looks once, and takes over what has changed. Never throws on what a file holds.</summary>
    void Poll();
}

/// <summary>
/// Polls files, and memory. Secret and ConfigMap volumes change by a symlink swap, which file watchers miss; reading a few KiB every few seconds is
/// cheaper than a watcher that has to be right.
/// </summary>
/// <param name="polled">What to poll.</param>
/// <param name="time">The clock.</param>
internal sealed class Poller(IReadOnlyList<IPolled> polled, TimeProvider time) : BackgroundService
{
    /// <summary>The time between two looks; a kubelet takes about a minute to bring a change to the volume.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (IPolled one in polled)
                {
                    one.Poll();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
