using System.Diagnostics.Metrics;
using Webhook.Checking;
using Webhook.Enforcement;
using Webhook.Output;
using Webhook.Rules;

namespace Webhook.Hosting;

/// <summary>What the background audit counts. Its gauges are shown by the replica that holds the audit, and by no other.</summary>
internal sealed class AuditMetrics
{
    private readonly WebhookMetrics _webhook;
    private readonly Counter<long> _runs;
    private readonly Counter<long> _writes;
    private readonly Dictionary<(string Rule, string Severity), long> _findings = [];
    private readonly Lock _lock = new();
    private bool _isHolder;
    private double _duration = double.NaN;
    private double _lastSuccess = double.NaN;
    private long _objects;
    private long _exempt;

    /// <summary>Makes the instruments.</summary>
    /// <param name="webhook">The metrics of the program, among which these are.</param>
    public AuditMetrics(WebhookMetrics webhook)
    {
        _webhook = webhook;
        Meter meter = webhook.Meter;
        _runs = meter.CreateCounter<long>("infoscale_webhook_audit_runs", null, "Background audits, by result.");
        _writes = meter.CreateCounter<long>("infoscale_webhook_audit_writes", null, "Reports and Events written by the audit, by verb and result.");
        meter.CreateObservableGauge(
            "infoscale_webhook_audit_holder", () => Locked(() => _isHolder ? 1L : 0), null, "1 on the replica that holds the background audit.");
        meter.CreateObservableGauge(
            "infoscale_webhook_audit_last_duration_seconds", () => Locked(() => _isHolder ? _duration : double.NaN), "s", "How long the last audit took, writes included.");
        meter.CreateObservableGauge(
            "infoscale_webhook_audit_last_success_timestamp_seconds", () => Locked(() => _isHolder ? _lastSuccess : double.NaN),
            "s", "When the last audit ended that was written completely.");
        meter.CreateObservableGauge("infoscale_webhook_audit_objects", () => Locked(() => _isHolder ? _objects : 0L), null, "Objects that the last audit judged.");
        meter.CreateObservableGauge(
            "infoscale_webhook_audit_exempt_objects", () => Locked(() => _isHolder ? _exempt : 0L), null, "Exemptions in use: objects with a finding that one covers.");
        meter.CreateObservableGauge(
            "infoscale_webhook_audit_findings", Findings, null, "Findings of the last audit, by rule and severity.");
        _runs.Add(0, Failed);
    }

    private static KeyValuePair<string, object?> Failed => new("result", "failed");

    /// <summary>Whether this replica holds the audit.</summary>
    public void Holds(bool isHolder) => Locked(() => _isHolder = isHolder);

    /// <summary>A report or an Event was written, or could not be.</summary>
    public void Written(string verb, bool done) => _writes.Add(1, new("verb", verb), new KeyValuePair<string, object?>("result", done ? "done" : "failed"));

    /// <summary>An audit has ended.</summary>
    /// <param name="results">Every object, judged.</param>
    /// <param name="isWhole">Whether everything was written.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="now">When it ended.</param>
    public void Ended(IReadOnlyList<CheckedObject> results, bool isWhole, TimeSpan duration, DateTimeOffset now)
    {
        _runs.Add(1, isWhole ? new KeyValuePair<string, object?>("result", "done") : Failed);
        Count(results);
        lock (_lock)
        {
            _duration = duration.TotalSeconds;
            _lastSuccess = isWhole ? now.ToUnixTimeSeconds() : _lastSuccess;
            _objects = _exempt = 0;
            foreach ((string, string) key in _findings.Keys.ToArray())
            {
                _findings[key] = 0; // A series that ends looks like one that stays.
            }

            foreach (CheckedObject item in results)
            {
                _objects += item.NotJudged is null ? 1 : 0;
                _exempt += item.Findings.Any(static found => found.Finding.Severity == Severity.Exempt) ? 1 : 0;
                foreach (LocatedFinding found in item.Findings)
                {
                    (string, string) key = (found.Finding.Rule, JsonOutput.Word(found.Finding.Severity));
                    _findings[key] = _findings.GetValueOrDefault(key) + 1;
                }
            }
        }
    }

    private void Count(IReadOnlyList<CheckedObject> results)
    {
        var counts = new Dictionary<(string Kind, string Mode, string Decision), int>();
        foreach (CheckedObject item in results)
        {
            string decision = item.NotJudged is not null ? "ignored"
                : item.Findings is [{ Finding.Severity: Severity.Error }, ..] ? "would-deny"
                : item.Findings.Count > 0 ? "warned"
                : "allowed";
            (string, string, string) key = (item.Kind, item.Mode.Word(), decision);
            counts[key] = counts.GetValueOrDefault(key) + 1;
            foreach (RuleFailure failure in item.Failures)
            {
                _webhook.RuleFailed(failure.Rule);
            }
        }

        foreach (((string kind, string mode, string decision), int count) in counts)
        {
            _webhook.Audited(kind, mode, decision, count);
        }
    }

    private List<Measurement<long>> Findings() => Locked(() =>
        _findings.Select(entry => new Measurement<long>(
            _isHolder ? entry.Value : 0,
            new("rule", entry.Key.Rule), new KeyValuePair<string, object?>("severity", entry.Key.Severity))).ToList());

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
