using System.Globalization;
using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules;

/// <summary>
/// An exemption as an object's annotations or the configuration ask for it: rule ids, a reason and an end. All three, or it counts for nothing.
/// </summary>
public sealed class Exemption
{
    /// <summary>The fewest characters of a reason, blanks at its ends not counted.</summary>
    public const int ShortestReason = 10;

    private static readonly string[] DateTimes =
    [
        "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
    ];

    /// <summary>How near an end is named, in days.</summary>
    public const int NearDays = 14;

    private readonly DateTimeOffset? _end;
    private readonly bool _endIsDay;

    /// <summary>An exemption.</summary>
    /// <param name="rules">The field with the rule ids.</param>
    /// <param name="reason">The field with the reason.</param>
    /// <param name="until">The field with the end.</param>
    public Exemption(Field rules, Field reason, Field until)
    {
        Rules = rules;
        Reason = reason;
        Until = until;
        Ids = rules.Text is string ids ? ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
        (_end, _endIsDay) = ReadEnd(until.Text);
    }

    /// <summary>The field with the rule ids.</summary>
    public Field Rules { get; }

    /// <summary>The field with the reason.</summary>
    public Field Reason { get; }

    /// <summary>The field with the end.</summary>
    public Field Until { get; }

    /// <summary>The ids as written, known or not.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>Whether the reason is long enough to be one.</summary>
    public bool HasReason => Reason.Text is string reason && reason.AsSpan().Trim().Length >= ShortestReason;

    /// <summary>Whether the end can be read: an RFC 3339 date, which counts through its end in UTC, or a date-time with its zone.</summary>
    public bool HasEnd => _end is not null;

    /// <summary>
    /// Reason and end as a clause: <c>exempt until 2026-09-01: "..."</c>; a long reason is cut. An end within <see cref="NearDays"/> is
    /// counted down: <c>exempt until 2026-09-01 (ends in 6 days): "..."</c>.
    /// </summary>
    public string Words(DateTimeOffset now) => $"exempt until {Until.Text?.Trim()}{Countdown(now)}: {Field.Quote((Reason.Text ?? "").Trim())}";

    /// <summary>The exemption that an object asks for, or null where none of the three annotations is there.</summary>
    public static Exemption? Of(KubernetesObject subject)
    {
        Field rules = subject.Annotation(InfoScaleMetadata.Exempt);
        Field reason = subject.Annotation(InfoScaleMetadata.ExemptReason);
        Field until = subject.Annotation(InfoScaleMetadata.ExemptUntil);
        return rules.IsMissing && reason.IsMissing && until.IsMissing ? null : new Exemption(rules, reason, until);
    }

    /// <summary>Whether the end has passed; false where it cannot be read.</summary>
    public bool IsExpired(DateTimeOffset now) => _end is DateTimeOffset end && (_endIsDay ? (now - end).TotalDays >= 1 : now >= end);

    /// <summary>Whether the end is further away than exemptions may reach; false where it cannot be read.</summary>
    public bool IsBeyondHorizon(DateTimeOffset now, int horizonDays) => _end is DateTimeOffset end && (end - now).TotalDays > horizonDays;

    /// <summary>Whether the exemption counts at the moment of the review.</summary>
    public bool IsValid(RuleContext context) =>
        Ids.Count > 0 && HasReason && HasEnd && !IsExpired(context.Now) && !IsBeyondHorizon(context.Now, context.Settings.ExemptionHorizonDays);

    private string Countdown(DateTimeOffset now)
    {
        if (_end is not DateTimeOffset end || (end - now).TotalDays > NearDays)
        {
            return "";
        }

        return (end.UtcDateTime.Date - now.UtcDateTime.Date).Days switch
        {
            <= 0 => " (ends today)",
            1 => " (ends tomorrow)",
            int days => string.Create(CultureInfo.InvariantCulture, $" (ends in {days} days)"),
        };
    }

    private static (DateTimeOffset? End, bool IsDay) ReadEnd(string? text)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(trimmed, "yyyy-MM-dd", CultureInfo.InvariantCulture, Utc, out DateTimeOffset day))
        {
            return (day, true);
        }

        return DateTimeOffset.TryParseExact(trimmed, DateTimes, CultureInfo.InvariantCulture, Utc, out DateTimeOffset moment) ? (moment, false) : (null, false);
    }
}
