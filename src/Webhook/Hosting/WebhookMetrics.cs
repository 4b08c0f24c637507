using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Webhook.Admission;
using Webhook.Cluster;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Hosting;

/// <summary>What the program counts and measures, under the meter <see cref="MeterName"/>. Every label has few values, all of them known.</summary>
internal sealed class WebhookMetrics : IDisposable
{
    /// <summary>The name of the meter, and the prefix of every metric.</summary>
    public const string MeterName = "infoscale_webhook";

    // A review takes a fraction of a millisecond; the API server gives up after seconds.
    private static readonly double[] Bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

    private readonly Meter _meter;
    private readonly Counter<long> _reviews;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _findings;
    private readonly Counter<long> _injections;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _permissions;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _notEvaluated;
    private readonly Counter<long> _configurationReloads;
    private readonly Counter<long> _certificateReloads;
    private readonly Counter<long> _cacheLists;
    private readonly Counter<long> _cacheListBytes;
    private readonly Counter<long> _cacheFailures;
    private double _certificateExpiry = double.NaN;
    private long _certificateDistrusted;

    /// <summary>Makes the instruments.</summary>
    /// <param name="name">The name of the meter; another than <see cref="MeterName"/> for what nobody shall see.</param>
    public WebhookMetrics(string name = MeterName)
    {
        _meter = new Meter(name);
        _reviews = _meter.CreateCounter<long>(
            "infoscale_webhook_reviews", null, "Requests answered and, with the origin audit, objects judged in the background, by what was decided.");
        _duration = _meter.CreateHistogram<double>(
            "infoscale_webhook_review_duration_seconds", "s", "Time from the parsed review to its answer.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });
        _findings = _meter.CreateCounter<long>("infoscale_webhook_findings", null, "Findings on requests, by rule and severity.");
        _injections = _meter.CreateCounter<long>("infoscale_webhook_injections", null, "Values injected into objects that were created, by kind; dry runs not counted.");
        _failures = _meter.CreateCounter<long>("infoscale_webhook_rule_failures", null, "Rules that threw: defects of this program.");
        _permissions = _meter.CreateCounter<long>(
            "infoscale_webhook_exemption_permissions", null, "Questions to the API server whether a user may exempt, by answer.");
        _refused = _meter.CreateCounter<long>("infoscale_webhook_refused_requests", null, "Requests that were no review, by answer.");
        _notEvaluated = _meter.CreateCounter<long>(
            "infoscale_webhook_not_evaluated", null, "Reviews not evaluated, or not to the end, by what there was too little of.");
        _configurationReloads = _meter.CreateCounter<long>("infoscale_webhook_configuration_reloads", null, "Changes of the configuration file, by result.");
        _certificateReloads = _meter.CreateCounter<long>("infoscale_webhook_certificate_reloads", null, "Changes of the certificate, by result.");
        _cacheLists = _meter.CreateCounter<long>("infoscale_webhook_cache_lists", null, "Complete lists of a kind.");
        _cacheListBytes = _meter.CreateCounter<long>("infoscale_webhook_cache_list_bytes", null, "What these lists were, in bytes after decompression.");
        _cacheFailures = _meter.CreateCounter<long>(
            "infoscale_webhook_cache_watch_failures", null, "Look-ups, lists and watches of a kind that failed, by reason.");
        _meter.CreateObservableGauge(
            "infoscale_webhook_build_info", static () => new Measurement<long>(1, new KeyValuePair<string, object?>("version", ProgramVersion.Number)),
            null, "1, with the version of the program.");
        _meter.CreateObservableGauge(
            "infoscale_webhook_certificate_expiry_timestamp_seconds", () => Volatile.Read(ref _certificateExpiry), "s", "When the served certificate expires.");
        _meter.CreateObservableGauge(
            "infoscale_webhook_certificate_distrusted", () => Volatile.Read(ref _certificateDistrusted), null,
            "Webhooks of the configurations whose caBundle does not trust the served certificate; 0 where they cannot be read.");
    }

    /// <summary>The instruments, for the one who reads them.</summary>
    public Meter Meter => _meter;

    /// <summary>
    /// Shows at 0 what should never count: a series that is born with its first event has no increase by it, and an alert would miss that one.
    /// </summary>
    public void ShowZeros()
    {
        foreach (Rule rule in RuleCatalog.All)
        {
            _failures.Add(0, new KeyValuePair<string, object?>("rule", rule.Info.Id));
        }

        foreach (Shortage shortage in Enum.GetValues<Shortage>())
        {
            NotEvaluated(shortage, 0);
        }

        _configurationReloads.Add(0, Result(false));
        _certificateReloads.Add(0, Result(false));
        PermissionAsked(null, 0);
    }

    /// <summary>A review was answered.</summary>
    public void Reviewed(string kind, string operation, string mode, string decision, TimeSpan elapsed)
    {
        string known = operation is "CREATE" or "UPDATE" or "DELETE" or "CONNECT" ? operation : "other";
        Reviewed(kind, known, mode, decision, "admission", 1);
        _duration.Record(elapsed.TotalSeconds);
    }

    /// <summary>The background audit judged objects of one kind, and decided the same of them.</summary>
    public void Audited(string kind, string mode, string decision, int count) => Reviewed(kind, "none", mode, decision, "audit", count);

    /// <summary>A rule reported.</summary>
    public void Found(string rule, Severity severity) => _findings.Add(
        1,
        new("rule", rule),
        new KeyValuePair<string, object?>("severity", severity switch { Severity.Error => "error", Severity.Exempt => "exempt", _ => "warning" }));

    /// <summary>Values were injected into an object of that kind.</summary>
    public void Injected(string kind, int count) => _injections.Add(count, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>A rule threw.</summary>
    public void RuleFailed(string rule) => _failures.Add(1, new KeyValuePair<string, object?>("rule", rule));

    /// <summary>The API server was asked whether a user may exempt: true or false, or null where it did not say.</summary>
    public void PermissionAsked(bool? allowed, int count = 1) => _permissions.Add(
        count, new KeyValuePair<string, object?>("answer", allowed switch { true => "allowed", false => "denied", null => "failed" }));

    /// <summary>A request was no review.</summary>
    public void Refused(string answer) => _refused.Add(1, new KeyValuePair<string, object?>("answer", answer));

    /// <summary>A review was not evaluated, or not to the end.</summary>
    public void NotEvaluated(Shortage shortage, int count = 1) => _notEvaluated.Add(
        count,
        new KeyValuePair<string, object?>("shortage", shortage switch
        {
            Shortage.Queue => "queue",
            Shortage.Turn => "turn",
            Shortage.Rules => "rules",
            _ => "memory",
        }));

    /// <summary>Shows how much is taken on now.</summary>
    public void ShowGate(Func<long> running, Func<long> waiting, Func<long> bytes)
    {
        _meter.CreateObservableGauge("infoscale_webhook_reviews_running", running, null, "Reviews that are being evaluated.");
        _meter.CreateObservableGauge("infoscale_webhook_reviews_waiting", waiting, null, "Reviews that wait for their turn.");
        _meter.CreateObservableGauge("infoscale_webhook_body_bytes", bytes, "By", "Bytes of bodies in memory.");
    }

    /// <summary>The configuration file has changed.</summary>
    public void ConfigurationReloaded(bool taken) => _configurationReloads.Add(1, Result(taken));

    /// <summary>The certificate files have changed.</summary>
    public void CertificateReloaded(bool taken) => _certificateReloads.Add(1, Result(taken));

    /// <summary>The certificate that is served ends then (UTC).</summary>
    public void CertificateExpires(DateTime notAfter) =>
        Volatile.Write(ref _certificateExpiry, new DateTimeOffset(notAfter, TimeSpan.Zero).ToUnixTimeSeconds());

    /// <summary>So many webhooks do not trust the certificate that is served.</summary>
    public void CertificateDistrusted(int count) => Volatile.Write(ref _certificateDistrusted, count);

    /// <summary>A kind was listed completely.</summary>
    public void CacheListed(ClusterKind kind, long bytes)
    {
        _cacheLists.Add(1, Label(kind));
        _cacheListBytes.Add(bytes, Label(kind));
    }

    /// <summary>A look-up, list or watch of a kind failed.</summary>
    public void CacheFailed(ClusterKind kind, string reason) =>
        _cacheFailures.Add(1, Label(kind), new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Shows how these caches are doing from now on.</summary>
    public void Observe(ImmutableArray<CacheStatus> caches)
    {
        _meter.CreateObservableGauge(
            "infoscale_webhook_cache_age_seconds", () => caches.Select(static cache => new Measurement<double>(cache.Age.TotalSeconds, Label(cache.Kind))),
            "s", "Time since the cluster last said something about a kind.");
        _meter.CreateObservableGauge(
            "infoscale_webhook_cache_objects", () => caches.Select(static cache => new Measurement<long>(cache.Count, Label(cache.Kind))),
            null, "Objects of a kind that are kept.");
        _meter.CreateObservableGauge(
            "infoscale_webhook_cache_unverified",
            () => caches.Select(static cache => new Measurement<long>(cache.State is CacheState.Unlisted or CacheState.Forbidden ? 1 : 0, Label(cache.Kind))),
            null, "1 where a kind is not listed yet or may not be listed.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    // The caller makes no array of it: this is once for each review.
    private void Reviewed(string kind, string operation, string mode, string decision, string origin, int count)
    {
        _reviews.Add(count, [new("kind", kind), new("operation", operation), new("mode", mode), new("decision", decision), new("origin", origin)]);
    }

    private static KeyValuePair<string, object?> Label(ClusterKind kind) => new("kind", kind.Kind);

    private static KeyValuePair<string, object?> Result(bool taken) => new("result", taken ? "taken" : "rejected");
}
