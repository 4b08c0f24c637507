using System.Collections.Immutable;
using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules;

public sealed partial class ClusterObjects
{
    // Machines that files may hold and that no cluster is asked for: what they make of themselves is.
    private static readonly ClusterKind Pool = new("pool.kubevirt.io", "VirtualMachinePool", "virtualmachinepools", true, "v1alpha1");
    private static readonly ClusterKind ReplicaSet =
        new("kubevirt.io", "VirtualMachineInstanceReplicaSet", "virtualmachineinstancereplicasets", true, "v1");

    private static readonly ClusterKind[] Kinds = [.. ClusterKind.All, Pool, ReplicaSet];

    private static readonly ClusterObjects NothingGiven = new([.. Kinds.Select(ClusterShelf.Given)], ClusterIndexes.Empty, null, new NodeLevel(null), new());

    /// <summary>A view that has seen nothing.</summary>
    public static ClusterObjects Empty { get; } =
        new([.. Kinds.Select(static kind => ClusterShelf.NotSeen(kind, $"no {kind.Kind} was looked up"))], ClusterIndexes.Empty, null, new NodeLevel(null), new());

    /// <summary>
    /// What files hold. An object that is not among them is proven absent only where at least one of its kind is given; else nothing is known
    /// about that kind. What was given twice, and not alike, is not known.
    /// </summary>
    /// <param name="objects">The objects, of any kind and in any order; those that no rule asks for are passed over.</param>
    public static ClusterObjects Given(IEnumerable<Field> objects)
    {
        var byName = new Dictionary<(ClusterKind Kind, string Namespace, string Name), List<KubernetesObject>>();
        foreach (Field root in objects)
        {
            if (KindOf(root) is not ClusterKind kind || Named(kind, root) is not KubernetesObject view)
            {
                continue;
            }

            (string space, string name) = NothingGiven.Shelf(kind).KeyOf(view);
            if (!byName.TryGetValue((kind, space, name), out List<KubernetesObject>? variants))
            {
                byName[(kind, space, name)] = [view];
            }
            else if (!variants.Exists(known => known.Root.ValueEquals(root)))
            {
                variants.Add(view);
            }
        }

        var change = new Change(NothingGiven);
        foreach (((ClusterKind kind, string, string) key, List<KubernetesObject> variants) in byName)
        {
            change.Put(key.kind, variants);
        }

        return change.Done();
    }

    /// <summary>These objects laid over another view: each takes the place of the one of its name there.</summary>
    /// <param name="below">The other view, which decides what is proven absent.</param>
    public ClusterObjects Over(ClusterObjects below)
    {
        var change = new Change(below);
        foreach (ClusterShelf shelf in _shelves)
        {
            foreach (((string, string) key, KubernetesObject view) in shelf.Objects)
            {
                change.Put(shelf.Kind, shelf.Variants.GetValueOrDefault(key, [view]));
            }
        }

        return change.Done();
    }

    /// <summary>The same with the complete list of a kind: what is not in it is proven absent. An object that did not change stays the one it was.</summary>
    /// <param name="kind">The kind; objects that say they are of another are passed over.</param>
    /// <param name="all">The objects; as in the lists of an API server, they may leave out <c>apiVersion</c> and <c>kind</c>.</param>
    public ClusterObjects Replace(ClusterKind kind, IEnumerable<Field> all)
    {
        var change = new Change(this);
        var gone = new HashSet<(string, string)>(Shelf(kind).Objects.Keys);
        foreach (Field root in all)
        {
            if ((root["kind"].IsMissing || ReferenceEquals(KindOf(root), kind)) && Named(kind, root) is KubernetesObject view)
            {
                change.Put(kind, [view]);
                gone.Remove(Shelf(kind).KeyOf(view));
            }
        }

        foreach ((string, string) key in gone)
        {
            change.Remove(kind, key);
        }

        change.Complete(kind);
        return change.Done();
    }

    /// <summary>The same, but nothing is known about a kind: its API is not there, or may not be read.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="reason">What is not seen, as a clause for a warning.</param>
    public ClusterObjects NotServed(ClusterKind kind, string reason)
    {
        var change = new Change(this);
        foreach ((string, string) key in Shelf(kind).Objects.Keys)
        {
            change.Remove(kind, key);
        }

        change.Unsee(kind, reason);
        return change.Done();
    }

    /// <summary>The same with one object added, or in the place of the one of its name; this very view where that changes nothing.</summary>
    public ClusterObjects With(Field root)
    {
        if (KindOf(root) is not ClusterKind kind || Named(kind, root) is not KubernetesObject view
            || Current(view)?.Root.ValueEquals(root) == true)
        {
            return this;
        }

        var change = new Change(this);
        change.Put(kind, [view]);
        return change.Done();
    }

    /// <summary>The same without one object; this very view where it is not there.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="namespace">The namespace; does not count for a cluster-scoped kind.</param>
    /// <param name="name">The name.</param>
    public ClusterObjects Without(ClusterKind kind, string @namespace, string name)
    {
        (string, string) key = (kind.IsNamespaced ? @namespace : "", name);
        if (!Shelf(kind).Objects.ContainsKey(key))
        {
            return this;
        }

        var change = new Change(this);
        change.Remove(kind, key);
        return change.Done();
    }

    private static bool IsOfNodes(ClusterKind kind) => IsOfNodesOrPolicies(kind) || ReferenceEquals(kind, ClusterKind.NodeNetworkState);

    private static bool IsOfNodesOrPolicies(ClusterKind kind) =>
        ReferenceEquals(kind, ClusterKind.Node) || ReferenceEquals(kind, ClusterKind.NodeNetworkConfigurationPolicy);

    // What Network(namespace, name) follows from.
    private static bool IsOfNetworks(ClusterKind kind) =>
        ReferenceEquals(kind, ClusterKind.NetworkAttachmentDefinition) || ReferenceEquals(kind, ClusterKind.UserDefinedNetwork)
        || ReferenceEquals(kind, ClusterKind.ClusterUserDefinedNetwork) || ReferenceEquals(kind, ClusterKind.Namespace);

    // Without the other kinds, so that what is kept for long does not keep all that the cluster once held.
    private ClusterObjects OfNodes() =>
        new([.. _shelves.Select(static shelf => IsOfNodes(shelf.Kind) ? shelf : Empty.Shelf(shelf.Kind))], _indexes.OfNodes(), _nodePolicies, _nodeLevel, new());

    private static ClusterKind? KindOf(Field root)
    {
        string? version = root["apiVersion"].Text, kind = root["kind"].Text;
        return ClusterKind.Find(version, kind)
            ?? (kind == Pool.Kind && version?.StartsWith("pool.kubevirt.io/", StringComparison.Ordinal) == true ? Pool
                : kind == ReplicaSet.Kind && version?.StartsWith("kubevirt.io/", StringComparison.Ordinal) == true ? ReplicaSet
                : null);
    }

    private static KubernetesObject? Named(ClusterKind kind, Field root) =>
        root["metadata"]["name"].Text is not { Length: > 0 } ? null : kind.Kind switch
        {
            "Node" => new Node(root),
            "Namespace" => new Namespace(root),
            "Network" => new ClusterNetwork(root),
            "NodeNetworkConfigurationPolicy" => new NodeNetworkConfigurationPolicy(root),
            "NodeNetworkState" => new NodeNetworkState(root),
            "NetworkAttachmentDefinition" => new NetworkAttachmentDefinition(root),
            "UserDefinedNetwork" or "ClusterUserDefinedNetwork" => new UserDefinedNetwork(root),
            "VirtualMachineInstancetype" or "VirtualMachineClusterInstancetype" => new Instancetype(root),
            "VirtualMachinePreference" or "VirtualMachineClusterPreference" => new Preference(root),
            "VirtualMachineSnapshot" => new VirtualMachineSnapshot(root),
            "DataVolume" => new DataVolume(root),
            "StorageProfile" => new StorageProfile(root),
            "PersistentVolumeClaim" => new PersistentVolumeClaim(root),
            "PersistentVolume" => new PersistentVolume(root),
            "StorageClass" => new StorageClass(root),
            "VolumeAttachment" => new VolumeAttachment(root),
            _ => new VirtualMachine(root),
        };

    /// <summary>The next view while it is being made; shares with the last one all that it does not change.</summary>
    private sealed class Change(ClusterObjects start)
    {
        private readonly ClusterShelf[] _shelves = [.. start._shelves];
        private readonly ClusterIndexes _indexes = start._indexes.Open();
        private readonly Dictionary<ClusterKind, Contents> _contents = new(ReferenceEqualityComparer.Instance);

        /// <summary>Sets what there is of one name: one object, or several that are not alike.</summary>
        public void Put(ClusterKind kind, IReadOnlyList<KubernetesObject> variants)
        {
            Contents contents = Of(kind);
            (string, string) key = start.Shelf(kind).KeyOf(variants[0]);
            bool isSame = variants.Count == 1 && !contents.Variants.ContainsKey(key)
                && contents.Objects.TryGetValue(key, out KubernetesObject? before) && before.Root.ValueEquals(variants[0].Root);
            if (isSame)
            {
                return;
            }

            Remove(kind, key);
            if (variants.Count > 1)
            {
                // Whichever came first: the answers must not depend on it.
                contents.Variants[key] = variants = [.. variants.OrderBy(static view => view.Root.Json, StringComparer.Ordinal)];
            }

            contents.Objects[key] = variants[0];
            foreach (KubernetesObject view in variants)
            {
                _indexes.Change(view, isThere: true);
            }
        }

        /// <summary>Removes all that there is of one name.</summary>
        public void Remove(ClusterKind kind, (string, string) key)
        {
            Contents contents = Of(kind);
            if (!contents.Objects.TryGetValue(key, out KubernetesObject? before))
            {
                return;
            }

            foreach (KubernetesObject view in contents.Variants.TryGetValue(key, out IReadOnlyList<KubernetesObject>? variants) ? variants : [before])
            {
                _indexes.Change(view, isThere: false);
            }

            contents.Objects.Remove(key);
            contents.Variants.Remove(key);
        }

        /// <summary>From now on what is there is all there is.</summary>
        public void Complete(ClusterKind kind) => Of(kind).IsComplete = true;

        /// <summary>From now on nothing is known.</summary>
        public void Unsee(ClusterKind kind, string reason) => Of(kind).Unseen = reason;

        /// <summary>Ends the changes.</summary>
        public ClusterObjects Done()
        {
            _indexes.Close();
            bool keepsPolicies = true, keepsNodes = true, keepsNetworks = true;
            for (int i = 0; i < _shelves.Length; i++)
            {
                if (_contents.TryGetValue(_shelves[i].Kind, out Contents? contents))
                {
                    _shelves[i] = contents.Close(_shelves[i]);
                    keepsPolicies &= !IsOfNodesOrPolicies(_shelves[i].Kind);
                    keepsNodes &= !IsOfNodes(_shelves[i].Kind);
                    keepsNetworks &= !IsOfNetworks(_shelves[i].Kind);
                }
            }

            return new ClusterObjects(
                _shelves,
                _indexes,
                keepsPolicies ? start._nodePolicies : null,
                keepsNodes ? start._nodeLevel : new NodeLevel(start._nodeLevel),
                keepsNetworks ? start.LinksOfMembers : new());
        }

        private Contents Of(ClusterKind kind)
        {
            if (!_contents.TryGetValue(kind, out Contents? contents))
            {
                _contents[kind] = contents = new Contents(start.Shelf(kind));
            }

            return contents;
        }
    }

    private sealed class Contents(ClusterShelf shelf)
    {
        public ImmutableDictionary<(string, string), KubernetesObject>.Builder Objects { get; } = shelf.Objects.ToBuilder();

        public ImmutableDictionary<(string, string), IReadOnlyList<KubernetesObject>>.Builder Variants { get; } = shelf.Variants.ToBuilder();

        public bool IsComplete { get; set; }

        public string? Unseen { get; set; }

        public ClusterShelf Close(ClusterShelf before) =>
            Unseen is not null ? ClusterShelf.NotSeen(before.Kind, Unseen)
            : IsComplete ? before.Complete(Objects.ToImmutable())
            : before.With(Objects.ToImmutable(), Variants.ToImmutable());
    }
}
