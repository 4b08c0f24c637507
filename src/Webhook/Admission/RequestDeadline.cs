using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Webhook.Admission;

/// <summary>
/// When a request must be answered: the API server waits for <c>?timeout=</c> of the request, a Go duration. The webhook gives up a little
/// earlier, so that the user reads its answer and not "context deadline exceeded".
/// </summary>
/// <param name="allowed">The time from now within which the request must be answered.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestDeadline(TimeSpan allowed, TimeProvider time) : IDisposable
{
    /// <summary>What holds without a readable <c>?timeout=</c>: the API server's own default (kubernetes/api admissionregistration/v1 types.go).</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(10);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(250);

    private const int LongestKeptQuery = 64;

    // An API server asks with the timeout of its configuration, always the same.
    private static LastQuery? _last;

    private readonly long _start = time.GetTimestamp();
    private CancellationTokenSource? _timer;

    /// <summary>The time from the start of the request within which it must be answered.</summary>
    public TimeSpan Allowed => allowed;

    /// <summary>Whether that time has passed. What <see cref="Token"/> has ended is over, though a timer may run a little fast.</summary>
    public bool IsOver => _timer is { IsCancellationRequested: true } || time.GetElapsedTime(_start) >= allowed;

    /// <summary>
    /// Cancelled when that time has passed, for what waits. The timer is made when this is asked first: most requests wait for nothing.
    /// </summary>
    public CancellationToken Token => (_timer ??= new CancellationTokenSource(Left, time)).Token;

    private TimeSpan Left => allowed - time.GetElapsedTime(_start) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>The time that a request allows.</summary>
    /// <param name="query">The query of the request; the last <c>timeout</c> counts.</param>
    public static TimeSpan Of(QueryString query)
    {
        string text = query.Value ?? "";
        if (_last is LastQuery last && last.Text == text)
        {
            return last.Allowed;
        }

        TimeSpan allowed = Read(query);
        if (text.Length <= LongestKeptQuery)
        {
            _last = new LastQuery(text, allowed);
        }

        return allowed;
    }

    private static TimeSpan Read(QueryString query)
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

    private sealed record LastQuery(string Text, TimeSpan Allowed);
}
