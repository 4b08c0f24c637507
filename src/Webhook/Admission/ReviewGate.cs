using Webhook.Hosting;

namespace Webhook.Admission;

/// <summary>Why a review was not evaluated, or not to the end.</summary>
internal enum Shortage
{
    /// <summary>As many reviews wait as may wait.</summary>
    Queue,

    /// <summary>The time was up before its turn came.</summary>
    Turn,

    /// <summary>The time was up between two rules.</summary>
    Rules,

    /// <summary>The bodies in memory take all that bodies may take.</summary>
    Memory,
}

/// <summary>
/// How much is taken on at once. Evaluation uses a processor and memory only, so more of it at the same time than there are processors makes
/// every review late and none earlier; the others wait their turn, in order, and beyond a number that can be answered in time are sent away.
/// </summary>
/// <param name="running">The most reviews that are evaluated at once.</param>
/// <param name="waiting">The most reviews that wait for that.</param>
internal sealed class ReviewGate(int running, int waiting) : IDisposable
{
    /// <summary>The most reviews that wait. At the usual fraction of a millisecond each they are through in well under a second.</summary>
    public const int DefaultWaiting = 512;

    /// <summary>The most bytes of all bodies in memory.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>
    /// The most bytes up to which a body may grow beyond its first buffer: two of the largest. What a body of that size is parsed into can
    /// take eight times its bytes, and a few large ones must not use up what many usual ones need.
    /// </summary>
    public const int MaxBytesOfLarge = 2 * AdmissionEndpoint.MaxBodyBytes;

    private readonly SemaphoreSlim _turns = new(running, running);
    private int _waiting;
    private int _bytes;

    /// <summary>A gate for as many evaluations as there are processors.</summary>
    public ReviewGate()
        : this(Math.Max(2, Environment.ProcessorCount), DefaultWaiting)
    {
    }

    /// <summary>Reviews that are being evaluated now.</summary>
    public int Running => running - _turns.CurrentCount;

    /// <summary>Reviews that wait for their turn now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Bytes of all bodies in memory now.</summary>
    public int Bytes => Volatile.Read(ref _bytes);

    /// <summary>Shows the numbers of now among the metrics.</summary>
    public void Show(WebhookMetrics metrics) => metrics.ShowGate(() => Running, () => Waiting, () => Bytes);

    /// <summary>Takes memory for a body, or refuses.</summary>
    /// <param name="bytes">How much more.</param>
    /// <param name="isFirst">Whether this is the body's first buffer.</param>
    public bool TryTake(int bytes, bool isFirst)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= (isFirst ? MaxBytes : MaxBytesOfLarge))
        {
            return true;
        }

        Return(bytes);
        return false;
    }

    /// <summary>Gives memory back.</summary>
    public void Return(int bytes) => Interlocked.Add(ref _bytes, -bytes);

    /// <summary>Takes a turn if one is free, which <see cref="Leave"/> ends.</summary>
    public bool TryEnter() => _turns.Wait(0, CancellationToken.None);

    /// <summary>Waits for a turn, which <see cref="Leave"/> ends.</summary>
    /// <param name="deadline">Ends the wait.</param>
    /// <returns>Null when it is the caller's turn, otherwise why it never will be.</returns>
    public ValueTask<Shortage?> EnterAsync(CancellationToken deadline) =>
        !deadline.IsCancellationRequested && TryEnter() ? new ValueTask<Shortage?>((Shortage?)null) : WaitAsync(deadline);

    /// <summary>Ends a turn.</summary>
    public void Leave() => _turns.Release();

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private async ValueTask<Shortage?> WaitAsync(CancellationToken deadline)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > waiting)
            {
                return Shortage.Queue;
            }

            await _turns.WaitAsync(deadline);
            return null;
        }
        catch (OperationCanceledException)
        {
            return Shortage.Turn;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
