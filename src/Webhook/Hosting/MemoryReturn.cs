namespace Webhook.Hosting;

/// <summary>The memory of a process, as its collector sees it.</summary>
internal interface IProcessMemory
{
    /// <summary>What was allocated since the start, in bytes; never less than before.</summary>
    long Allocated { get; }

    /// <summary>What the collector held when it last worked, used and free, in bytes.</summary>
    long Committed { get; }

    /// <summary>Gives back what is not used.</summary>
    /// <returns>How long everything else stood still.</returns>
    TimeSpan Return();
}

/// <summary>
/// Gives memory back that a burst has left behind. A collector works when something is allocated: a server that is asked a few times a minute
/// would keep for hours what many or hostile requests took within seconds. See Decisions/0006 for what it costs.
/// </summary>
/// <param name="memory">The memory.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells of it.</param>
internal sealed class MemoryReturn(IProcessMemory memory, TimeProvider time, ILogger<MemoryReturn> logger) : IPolled
{
    /// <summary>
    /// The least that is worth it, in bytes. Serving alone moves what is held by less. The time between two polls is quiet if less than this was
    /// allocated in it: what is given back is not taken again at once.
    /// </summary>
    public const long Worth = 16 * 1024 * 1024;

    /// <summary>
    /// The least time between two returns. Pooled arrays are let go when two collections a minute apart both saw them unused (dotnet/runtime
    /// SharedArrayPool.cs), so that the second return gets what the first could not.
    /// </summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(65);

    private long _allocated;
    private long _needed;
    private int _vain;
    private long? _returned;

    /// <inheritdoc/>
    public void Poll()
    {
        long allocated = memory.Allocated, before = memory.Committed;
        bool isQuiet = allocated - _allocated < Worth;
        _allocated = allocated;

        // A large view of the cluster takes longer to look through, and moves by more.
        if (!isQuiet || before - _needed < Math.Max(Worth, _needed / 2) || (_returned is long last && time.GetElapsedTime(last) < Rest))
        {
            return;
        }

        TimeSpan pause = memory.Return();
        _returned = time.GetTimestamp();
        long after = memory.Committed;
        Log.MemoryReturned(logger, (before - after) >> 20, after >> 20, pause.TotalMilliseconds);

        // What two returns in turn did not get is in use.
        _vain = before - after < Worth ? _vain + 1 : 0;
        if (after < _needed || _vain == 2)
        {
            _needed = after;
            _vain = 0;
        }
    }
}

/// <summary>The memory of this process.</summary>
internal sealed class ManagedMemory : IProcessMemory
{
    /// <inheritdoc/>
    public long Allocated => GC.GetTotalAllocatedBytes(precise: false);

    /// <inheritdoc/>
    public long Committed => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;

    /// <inheritdoc/>
    /// <remarks>The first collection makes the pools look at what they keep, which they do beside finalizers; the second gives back what they let go.</remarks>
    public TimeSpan Return()
    {
        TimeSpan before = GC.GetTotalPauseDuration();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalPauseDuration() - before;
    }
}
