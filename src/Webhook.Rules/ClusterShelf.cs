using System.Collections.Immutable;
using Webhook.Resources;

namespace Webhook.Rules;

/// <summary>The objects of one kind at one moment, and what is known about those that are not among them. Never changes.</summary>
internal sealed class ClusterShelf
{
    private readonly string? _unseen;
    private KubernetesObject[]? _list;

    private ClusterShelf(
        ClusterKind kind,
        bool isGiven,
        string? unseen,
        ImmutableDictionary<(string Namespace, string Name), KubernetesObject> objects,
        ImmutableDictionary<(string Namespace, string Name), IReadOnlyList<KubernetesObject>> variants)
    {
        Kind = kind;
        IsGiven = isGiven;
        _unseen = unseen;
        Objects = objects;
        Variants = variants;
    }

    /// <summary>The kind.</summary>
    public ClusterKind Kind { get; }

    /// <summary>Whether the objects are those that files happen to hold: then one of them tells that the others of the kind are given too.</summary>
    public bool IsGiven { get; }

    /// <summary>The objects.</summary>
    public ImmutableDictionary<(string Namespace, string Name), KubernetesObject> Objects { get; }

    /// <summary>
    /// All that were given by one name and are not alike: a base beside the patches of its overlays, or two places in one folder. Which of
    /// them will be applied is not known.
    /// </summary>
    public ImmutableDictionary<(string Namespace, string Name), IReadOnlyList<KubernetesObject>> Variants { get; }

    /// <summary>Why an object that is not here may exist nevertheless, as a clause for a warning, or null where it does not.</summary>
    public string? Unseen => !IsGiven ? _unseen : Objects.IsEmpty ? $"no {Kind.Kind} was given" : null;

    /// <summary>A shelf that is known to hold nothing of what there is.</summary>
    public static ClusterShelf NotSeen(ClusterKind kind, string reason) => new(kind, false, reason, EmptyObjects, EmptyVariants);

    /// <summary>A shelf for what files hold.</summary>
    public static ClusterShelf Given(ClusterKind kind) => new(kind, true, null, EmptyObjects, EmptyVariants);

    /// <summary>The same knowledge about other objects.</summary>
    public ClusterShelf With(
        ImmutableDictionary<(string Namespace, string Name), KubernetesObject> objects,
        ImmutableDictionary<(string Namespace, string Name), IReadOnlyList<KubernetesObject>> variants) =>
        new(Kind, IsGiven, _unseen, objects, variants);

    /// <summary>These objects, which are all there are.</summary>
    public ClusterShelf Complete(ImmutableDictionary<(string Namespace, string Name), KubernetesObject> objects) =>
        new(Kind, false, null, objects, EmptyVariants);

    /// <summary>All objects, by namespace and name; the list is made once.</summary>
    public IReadOnlyList<T> List<T>()
        where T : KubernetesObject => (T[])(_list ??= Sorted<T>());

    /// <summary>The key of an object: a cluster-scoped one has no namespace, whatever is written.</summary>
    public (string Namespace, string Name) KeyOf(KubernetesObject view) => (Kind.IsNamespaced ? view.Namespace : "", view.Name);

    /// <summary>The object of that namespace and name.</summary>
    public Lookup<T> Find<T>(string @namespace, string name)
        where T : KubernetesObject
    {
        (string, string) key = (Kind.IsNamespaced ? @namespace : "", name);
        if (Objects.TryGetValue(key, out KubernetesObject? found))
        {
            return Variants.ContainsKey(key)
                ? Lookup<T>.NotSeen($"unlike {Kind.Kind} objects of one name were given")
                : Lookup<T>.Of((T)found);
        }

        return Unseen is string reason ? Lookup<T>.NotSeen(reason)
            : MayStandElsewhere(@namespace, name) ? Lookup<T>.NotSeen($"the namespace of a given {Kind.Kind} is not known")
            : Lookup<T>.Absent();
    }

    // A manifest may leave the namespace to kubectl: of the object that is asked for, or of the one that asks.
    private bool MayStandElsewhere(string @namespace, string name)
    {
        if (!Kind.IsNamespaced)
        {
            return false;
        }

        if (@namespace.Length > 0)
        {
            return Objects.ContainsKey(("", name));
        }

        foreach ((string Namespace, string Name) key in Objects.Keys)
        {
            if (key.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    private T[] Sorted<T>()
        where T : KubernetesObject
    {
        var list = new T[Objects.Count];
        int count = 0;
        foreach (KubernetesObject found in Objects.Values)
        {
            list[count++] = (T)found;
        }

        Array.Sort(list, ByName.Comparer);
        return list;
    }

    private static readonly ImmutableDictionary<(string Namespace, string Name), KubernetesObject> EmptyObjects =
        ImmutableDictionary<(string Namespace, string Name), KubernetesObject>.Empty;

    private static readonly ImmutableDictionary<(string Namespace, string Name), IReadOnlyList<KubernetesObject>> EmptyVariants =
        ImmutableDictionary<(string Namespace, string Name), IReadOnlyList<KubernetesObject>>.Empty;
}
