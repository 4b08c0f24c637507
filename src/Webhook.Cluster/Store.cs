using System.Collections.Immutable;
using Webhook.Resources;

namespace Webhook.Cluster;

/// <summary>
/// The objects of one kind as they were last seen. One writer; readers take a snapshot that never changes. What comes twice or too late does
/// nothing.
/// </summary>
/// <param name="kind">The kind.</param>
public sealed class Store(ClusterKind kind)
{
    private volatile ImmutableDictionary<ObjectKey, StoredObject> _objects = ImmutableDictionary<ObjectKey, StoredObject>.Empty;

    /// <summary>The kind.</summary>
    public ClusterKind Kind { get; } = kind;

    /// <summary>The objects now.</summary>
    public ImmutableDictionary<ObjectKey, StoredObject> Snapshot => _objects;

    /// <summary>The object of that name, or null.</summary>
    public StoredObject? Find(ObjectKey key) => _objects.GetValueOrDefault(key);

    /// <summary>Takes over a complete list at once.</summary>
    /// <returns>What differs from before.</returns>
    public StoreChange Replace(IReadOnlyList<StoredObject> objects)
    {
        ImmutableDictionary<ObjectKey, StoredObject> before = _objects;
        ImmutableDictionary<ObjectKey, StoredObject>.Builder after = ImmutableDictionary.CreateBuilder<ObjectKey, StoredObject>();
        List<StoredObject> upserts = [], deletes = [];
        foreach (StoredObject one in objects)
        {
            after[one.Key] = one;
            if (!IsSame(before.GetValueOrDefault(one.Key), one))
            {
                upserts.Add(one);
            }
        }

        foreach ((ObjectKey key, StoredObject gone) in before)
        {
            if (!after.ContainsKey(key))
            {
                deletes.Add(gone);
            }
        }

        _objects = after.ToImmutable();
        return new StoreChange(Kind, upserts, deletes);
    }

    /// <summary>An object was made or changed.</summary>
    /// <returns>What differs from before, or null.</returns>
    public StoreChange? Upsert(StoredObject changed)
    {
        StoredObject? before = Find(changed.Key);
        if (before is not null && before.Uid == changed.Uid && !changed.IsAtLeast(before))
        {
            return null;
        }

        _objects = _objects.SetItem(changed.Key, changed);
        return IsSame(before, changed) ? null : new StoreChange(Kind, [changed], []);
    }

    /// <summary>An object is gone; its successor of the same name stays.</summary>
    /// <returns>What differs from before, or null.</returns>
    public StoreChange? Delete(StoredObject gone)
    {
        if (Find(gone.Key) is not StoredObject before || before.Uid != gone.Uid || !gone.IsAtLeast(before))
        {
            return null;
        }

        _objects = _objects.Remove(gone.Key);
        return new StoreChange(Kind, [], [before]);
    }

    private static bool IsSame(StoredObject? before, StoredObject after) =>
        before is not null && before.Uid == after.Uid
        && (ReferenceEquals(before, after) || before.Root.ValueEquals(after.Root));
}

/// <summary>What changed in a store, for the one who keeps an index over it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Upserts">Objects that are new or have changed in what is kept of them.</param>
/// <param name="Deletes">Objects that are gone, in their last kept state.</param>
public sealed record StoreChange(ClusterKind Kind, IReadOnlyList<StoredObject> Upserts, IReadOnlyList<StoredObject> Deletes)
{
    /// <summary>What is known of the kind.</summary>
    public CacheState State { get; init; } = CacheState.Listed;
}
