using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Webhook.Admission;

/// <summary>
/// How long the API server waits: <c>?timeout=</c> of the request, a Go duration. The webhook gives up a little earlier, so that the user
/// reads its answer and not "context deadline exceeded".
/// </summary>
internal static class RequestDeadline
{
    /// <summary>What holds without a readable <c>?timeout=</c>: the API server's own default (kubernetes/api admissionregistration/v1 types.go).</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(10);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(250);

    /// <summary>The time from the start of the request within which it must be answered.</summary>
    /// <param name="query">The query of the request; the last <c>timeout</c> counts.</param>
    public static TimeSpan Of(QueryString query)
    {
        ReadOnlyMemory<char> timeout = default;
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query.Value))
        {
            if (pair.EncodedName.Span is "timeout")
            {
                timeout = pair.DecodeValue();
            }
        }

        TimeSpan allowed = Parse(timeout.Span) is { Ticks: > 0 } given ? given : Default;
        if (allowed > Longest)
        {
            allowed = Longest;
        }

        return allowed > Margin * 4 ? allowed - Margin : allowed * 0.75;
    }

    /// <summary>Reads a Go duration of hours, minutes, seconds and milliseconds (<c>10s</c>, <c>1m30s</c>, <c>500ms</c>), or null.</summary>
    public static TimeSpan? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 32)
        {
            return null;
        }

        double seconds = 0;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value))
            {
                return null;
            }

            rest = rest[digits..];
            int letters = rest.IndexOfAny(Digits);
            ReadOnlySpan<char> unit = letters < 0 ? rest : rest[..letters];
            double? factor = unit switch
            {
                "h" => 3600,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3,
                "us" or "µs" => 1e-6,
                "ns" => 1e-9,
                _ => null,
            };
            if (factor is null)
            {
                return null;
            }

            seconds += value * factor.Value;
            rest = rest[unit.Length..];
        }

        return seconds < 86400 ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromDays(1);
    }
}
