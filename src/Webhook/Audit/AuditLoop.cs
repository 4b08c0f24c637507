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

    /// <summary>How long changes are gathered. A rule looks across objects, so each change means to judge all.</summary>
    public static readonly TimeSpan Debounce = TimeSpan.FromSeconds(5);

    /// <summary>How much longer than its last run the audit rests, so that it never takes more than a fraction of a processor.</summary>
    public const int RestFactor = 10;

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
        ClusterObjects? judged = null;
        EnforcementSettings? used = null;
        DateTimeOffset lastRun = DateTimeOffset.MinValue, lastFull = DateTimeOffset.MinValue;
        TimeSpan rest = TimeSpan.Zero;
        while (true)
        {
            DateTimeOffset now = time.GetUtcNow();
            EnforcementSettings settings = configuration.Current;
            if (view() is ClusterObjects seen)
            {
                bool isFull = now - lastFull >= settings.Audit.Interval;
                bool isChanged = !ReferenceEquals(seen, judged) || !ReferenceEquals(settings, used);
                if (isFull || (isChanged && now - lastRun >= rest))
                {
                    long start = time.GetTimestamp();
                    bool isWhole = await JudgeAsync(seen, settings, isFull, now, cancellation);
                    TimeSpan took = time.GetElapsedTime(start);
                    rest = took * RestFactor > Debounce ? took * RestFactor : Debounce;
                    (judged, used) = isWhole ? (seen, settings) : (null, null);
                    lastRun = time.GetUtcNow();
                    lastFull = isFull && isWhole ? lastRun : lastFull == DateTimeOffset.MinValue ? now : lastFull;
                }
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
        if (isFull)
        {
            Log.Audited(
                logger, results.Count(static item => item.NotJudged is null), results.Count(static item => item.Findings.Count > 0),
                (long)judging.TotalMilliseconds, (long)took.TotalMilliseconds);
        }

        return isWhole;
    }
}
