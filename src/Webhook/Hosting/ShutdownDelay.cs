namespace Webhook.Hosting;

/// <summary>
/// Between "stop" and closing the port: not ready any more, but still answering, until every API server has heard that this replica goes.
/// </summary>
/// <param name="readiness">Told at once.</param>
/// <param name="delay">How long.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells of it.</param>
internal sealed class ShutdownDelay(Readiness readiness, TimeSpan delay, TimeProvider time, ILogger<ShutdownDelay> logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (readiness.IsStopping)
        {
            return; // Told twice: the first time counts.
        }

        readiness.Stop();
        Log.Stopping(logger, delay.TotalSeconds);
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
