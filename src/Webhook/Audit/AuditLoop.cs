using Webhook.Checking;
using Webhook.Cluster;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Rules;

namespace Webhook.Audit;

/// <summary>
/// Judges everything that the cluster holds while the server runs: soon after a change, and at an interval in any case, since time alone
/// changes results. Of several replicas the one with the Lease does so.
/// </summary>
/// <param name="view">The cluster, or null while it is not seen completely.</param>
/// <param name="configuration">The settings in force.</param>
/// <param name="lease">Decides which replica works.</param>
/// <param name="publisher">Writes the results.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Shows the results.</param>
/// <param name="logger">Tells of runs.</param>
internal sealed class AuditLoop(
    Func<ClusterObjects?> view, ConfigurationStore configuration, Lease lease, ReportPublisher publisher, TimeProvider time, AuditMetrics metrics,
    ILogger<AuditLoop> logger) : BackgroundService
{
    /// <summary>The name of the Lease.</summary>
    public const string LeaseName = "infoscale-webhook-audit";

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => lease.RunAsync(LeadAsync, stoppingToken);

    private async Task LeadAsync(CancellationToken cancellation)
    {
        Log.AuditHeld(logger);
        metrics.Holds(true);
        try
        {
            await RunAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // Lost, or the server stops.
        }
#pragma warning disable CA1031 // Whatever it is, the reviews go on, and the audit is tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.AuditFailed(logger, exception.GetType().Name, exception.StackTrace ?? "");
        }
        finally
        {
            metrics.Holds(false);
            Log.AuditGivenUp(logger);
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        var pace = new AuditPace();
        while (true)
        {
            DateTimeOffset now = time.GetUtcNow();
            EnforcementSettings settings = configuration.Current;
            if (view() is ClusterObjects seen && pace.IsDue(seen, settings, now, out bool isFull))
            {
                long start = time.GetTimestamp();
                bool isWhole = await JudgeAsync(seen, settings, isFull, now, cancellation);
                pace.Ended(seen, settings, isFull, isWhole, time.GetElapsedTime(start), time.GetUtcNow());
            }

            await Task.Delay(Tick, time, cancellation);
        }
    }

    private async Task<bool> JudgeAsync(ClusterObjects seen, EnforcementSettings settings, bool isFull, DateTimeOffset now, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        IReadOnlyList<CheckedObject> results = new AuditRun(settings, now).Judge(seen, null, cancellation);
        TimeSpan judging = time.GetElapsedTime(start);

        // A full run reads the reports again, in case somebody else has changed them.
        bool isWhole = (!isFull || await publisher.LoadAsync(cancellation))
            && await publisher.PublishAsync(results, settings.Audit.KeepsCleanReports, now, cancellation);
        TimeSpan took = time.GetElapsedTime(start);
        metrics.Ended(results, isWhole, took, time.GetUtcNow());
        if (isFull && isWhole)
        {
            Log.Audited(
                logger, results.Count(static item => item.NotJudged is null), results.Count(static item => item.Findings.Count > 0),
                (long)judging.TotalMilliseconds, (long)took.TotalMilliseconds);
        }

        return isWhole;
    }
}
