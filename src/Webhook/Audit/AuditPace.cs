using Webhook.Enforcement;
using Webhook.Rules;

namespace Webhook.Audit;

/// <summary>
/// When the background audit runs: after a change, and in full at an interval. A full run reads the reports again; it is also what follows a
/// run that could not be written whole, since what the cluster holds is then not known. Between any two runs is a rest.
/// </summary>
internal sealed class AuditPace
{
    /// <summary>How long changes are gathered. A rule looks across objects, so each change means to judge all.</summary>
    public static readonly TimeSpan Debounce = TimeSpan.FromSeconds(5);

    /// <summary>How much longer than its last run the audit rests, so that it never takes more than a fraction of a processor.</summary>
    public const int RestFactor = 10;

    private ClusterObjects? _judged;
    private EnforcementSettings? _used;
    private DateTimeOffset? _lastFull;
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Whether a run is due.</summary>
    /// <param name="seen">The cluster as it is known now.</param>
    /// <param name="settings">The settings in force.</param>
    /// <param name="now">The time.</param>
    /// <param name="isFull">Whether it has to be a full one.</param>
    public bool IsDue(ClusterObjects seen, EnforcementSettings settings, DateTimeOffset now, out bool isFull)
    {
        isFull = _lastFull is not DateTimeOffset last || now - last >= settings.Audit.Interval;
        return now >= _next && (isFull || !ReferenceEquals(seen, _judged) || !ReferenceEquals(settings, _used));
    }

    /// <summary>A run has ended.</summary>
    /// <param name="judged">The cluster as it was judged.</param>
    /// <param name="used">The settings it was judged by.</param>
    /// <param name="isFull">Whether it was a full one.</param>
    /// <param name="isWhole">Whether everything was read and written.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="now">When it ended.</param>
    public void Ended(ClusterObjects judged, EnforcementSettings used, bool isFull, bool isWhole, TimeSpan took, DateTimeOffset now)
    {
        (_judged, _used) = (judged, used);
        _lastFull = !isWhole ? null : isFull ? now : _lastFull;
        _next = now + (took * RestFactor > Debounce ? took * RestFactor : Debounce);
    }
}
