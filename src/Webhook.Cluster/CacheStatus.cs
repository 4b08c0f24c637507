using Webhook.Resources;

namespace Webhook.Cluster;

/// <summary>What is known of a kind as a whole.</summary>
public enum CacheState
{
    /// <summary>Nothing yet.</summary>
    Unlisted,

    /// <summary>It was listed once; what is kept is the last view, as old as its age says.</summary>
    Listed,

    /// <summary>The cluster does not serve it.</summary>
    Absent,

    /// <summary>It may not be listed or watched.</summary>
    Forbidden,
}

/// <summary>How the cache of one kind is doing. Written by its reflector, read by anyone.</summary>
public sealed class CacheStatus
{
    private readonly TimeProvider _time;
    private long _contact;
    private int _state;
    private int _count;

    internal CacheStatus(ClusterKind kind, TimeProvider time)
    {
        Kind = kind;
        _time = time;
        _contact = time.GetTimestamp();
    }

    /// <summary>The kind.</summary>
    public ClusterKind Kind { get; }

    /// <summary>What is known.</summary>
    public CacheState State => (CacheState)Volatile.Read(ref _state);

    /// <summary>How many objects are kept.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The time since the cluster last said something about this kind: a list, an event, a bookmark, or that it is not served.</summary>
    public TimeSpan Age => _time.GetElapsedTime(Volatile.Read(ref _contact));

    internal void Contact() => Volatile.Write(ref _contact, _time.GetTimestamp());

    internal void Set(CacheState state, int count)
    {
        Volatile.Write(ref _count, count);
        Volatile.Write(ref _state, (int)state);
    }
}
