namespace Webhook.Cluster;

/// <summary>How long to wait after a failure: doubled each time up to a bound, less a random part, so that replicas do not come back together.</summary>
/// <param name="random">Makes the random part.</param>
public sealed class Backoff(Random random)
{
    /// <summary>The longest wait after the first failure.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    /// <summary>The wait after one more failure.</summary>
    /// <param name="atLeast">What the server asks for, or null; one that asks for more than <see cref="Longest"/> gets that.</param>
    public TimeSpan Next(TimeSpan? atLeast = null)
    {
        TimeSpan wait = Jitter(_next);
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        TimeSpan asked = atLeast is TimeSpan given ? given < Longest ? given : Longest : TimeSpan.Zero;
        return wait > asked ? wait : asked;
    }

    /// <summary>From half of a time to all of it.</summary>
    public TimeSpan Jitter(TimeSpan time) => time * (0.5 + (random.NextDouble() / 2));

    /// <summary>It worked.</summary>
    public void Reset() => _next = First;
}
