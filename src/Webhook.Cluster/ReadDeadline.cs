namespace Webhook.Cluster;

/// <summary>
/// How long an answer may take: for a list the time in which something must arrive, for a watch the time of the whole. A connection that is
/// half open brings nothing and never ends; this ends it.
/// </summary>
/// <param name="limit">The time.</param>
/// <param name="isForEachRead">Whether it starts anew with each read.</param>
/// <param name="time">The clock.</param>
internal sealed class ReadDeadline(TimeSpan limit, bool isForEachRead, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _over = new(limit, time);

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Token => _over.Token;

    /// <summary>Reads.</summary>
    /// <exception cref="TimeoutException">Nothing came in time.</exception>
    public async ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellation)
    {
        if (isForEachRead)
        {
            _over.CancelAfter(limit);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _over.Token);
        try
        {
            return await stream.ReadAsync(buffer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {limit.TotalSeconds:0} s");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();
}
