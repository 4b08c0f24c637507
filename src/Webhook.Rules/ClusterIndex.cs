using System.Collections.Immutable;
using Webhook.Resources;

namespace Webhook.Rules;

/// <summary>
/// Which objects answer to a key, each key's by namespace and name. One writer opens a copy, changes it and closes it; from then on it does not
/// change, and any number of readers may ask.
/// </summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="T">The objects.</typeparam>
internal sealed class ClusterIndex<TKey, T>
    where TKey : notnull
    where T : KubernetesObject
{
    private static readonly ImmutableSortedSet<T> None = ImmutableSortedSet.Create<T>(ByName.Comparer);

    private ImmutableDictionary<TKey, ImmutableSortedSet<T>> _objects = ImmutableDictionary<TKey, ImmutableSortedSet<T>>.Empty;
    private ImmutableDictionary<TKey, ImmutableSortedSet<T>>.Builder? _open;

    /// <summary>The objects of that key.</summary>
    public IReadOnlyList<T> Of(TKey key) => _objects.GetValueOrDefault(key, None);

    /// <summary>A copy that shares everything until it is changed.</summary>
    public ClusterIndex<TKey, T> Open() => new() { _open = _objects.ToBuilder() };

    /// <summary>Ends the changes.</summary>
    public void Close()
    {
        _objects = _open!.ToImmutable();
        _open = null;
    }

    /// <summary>Enters or strikes an object; of objects with one name the first stays.</summary>
    public void Change(TKey key, T item, bool isThere)
    {
        ImmutableSortedSet<T> before = _open!.GetValueOrDefault(key, None);
        ImmutableSortedSet<T> after = isThere ? before.Add(item) : before.Remove(item);
        if (after.IsEmpty)
        {
            _open!.Remove(key);
        }
        else
        {
            _open![key] = after;
        }
    }
}

/// <summary>Orders objects by namespace, name and kind, so that no answer depends on the order in which they came.</summary>
internal sealed class ByName : IComparer<KubernetesObject>
{
    /// <summary>The one instance.</summary>
    public static ByName Comparer { get; } = new();

    /// <inheritdoc/>
    public int Compare(KubernetesObject? x, KubernetesObject? y)
    {
        int order = string.CompareOrdinal(x!.Namespace, y!.Namespace);
        order = order != 0 ? order : string.CompareOrdinal(x.Name, y.Name);
        return order != 0 ? order : string.CompareOrdinal(x.Kind, y.Kind);
    }
}
