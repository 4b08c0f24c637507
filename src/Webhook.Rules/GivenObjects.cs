using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules;

/// <summary>
/// A cluster view over objects that were given: the files of a check, or what an example names. An object that is not among them is proven
/// absent only where at least one of its kind was given; else nothing is known about that kind.
/// </summary>
public sealed class GivenObjects : ClusterView
{
    private readonly Dictionary<(string Kind, string Namespace, string Name), Field> _objects = [];
    private readonly HashSet<string> _kinds = new(StringComparer.Ordinal);

    // Names whose namespace a manifest leaves to kubectl: they may stand in any.
    private readonly HashSet<(string Kind, string Name)> _unplaced = [];
    private readonly HashSet<(string Kind, string Name)> _names = [];
    private readonly List<StorageClass> _classes = [];
    private readonly List<Node> _nodes = [];
    private readonly List<NodeNetworkConfigurationPolicy> _policies = [];

    // A base beside the patches of its overlays, or two places in one folder: which of them will be applied is not known.
    private readonly HashSet<(string Kind, string Namespace, string Name)> _several = [];

    /// <summary>A view over objects. What was given twice, and not alike, is not known.</summary>
    /// <param name="objects">The objects, of any kind; those that no rule asks for are passed over.</param>
    public GivenObjects(IEnumerable<Field> objects)
    {
        foreach (Field root in objects)
        {
            if (KindOf(root) is not string kind || root["metadata"]["name"].Text is not { Length: > 0 } name)
            {
                continue;
            }

            string place = IsClusterScoped(kind) ? "" : root["metadata"]["namespace"].Text ?? "";
            if (!_objects.TryAdd((kind, place, name), root))
            {
                if (_objects[(kind, place, name)].ValueEquals(root))
                {
                    continue;
                }

                _several.Add((kind, place, name));
            }

            _kinds.Add(kind);
            _names.Add((kind, name));
            if (place.Length == 0)
            {
                _unplaced.Add((kind, name));
            }

            if (kind == nameof(StorageClass))
            {
                _classes.Add(new StorageClass(root));
            }
            else if (kind == nameof(Node))
            {
                _nodes.RemoveAll(node => node.Name == name);
                _nodes.Add(new Node(root));
            }
            else if (kind == nameof(NodeNetworkConfigurationPolicy))
            {
                _policies.RemoveAll(policy => policy.Name == name);
                _policies.Add(new NodeNetworkConfigurationPolicy(root));
            }
        }
    }

    /// <inheritdoc/>
    public override Lookup<NetworkAttachmentDefinition> NetworkAttachmentDefinition(string @namespace, string name)
    {
        Lookup<NetworkAttachmentDefinition> lookup = Find(nameof(NetworkAttachmentDefinition), @namespace, name, static root => new NetworkAttachmentDefinition(root));

        // OVN-Kubernetes generates a definition of the same name, in the namespaces that a cluster-scoped network selects.
        return lookup.IsAbsent && _names.Contains((nameof(UserDefinedNetwork), name))
            ? Lookup<NetworkAttachmentDefinition>.NotSeen("a user-defined network of that name generates it")
            : lookup;
    }

    /// <inheritdoc/>
    public override Lookup<StorageClass> StorageClass(string name) =>
        Find(nameof(StorageClass), "", name, static root => new StorageClass(root));

    /// <inheritdoc/>
    /// <remarks>The newest of several defaults counts in a cluster; without creation times that is not known.</remarks>
    public override Lookup<StorageClass> DefaultStorageClass(bool forVirtualMachines)
    {
        if (_classes.Count == 0)
        {
            return NotGiven<StorageClass>(nameof(StorageClass));
        }

        return (forVirtualMachines ? Newest(static storageClass => storageClass.IsVirtualizationDefault) : null)
            ?? Newest(static storageClass => storageClass.IsDefault)
            ?? Lookup<StorageClass>.Absent();
    }

    /// <inheritdoc/>
    public override Lookup<PersistentVolumeClaim> PersistentVolumeClaim(string @namespace, string name) =>
        Find(nameof(PersistentVolumeClaim), @namespace, name, static root => new PersistentVolumeClaim(root));

    /// <inheritdoc/>
    public override Lookup<PersistentVolume> PersistentVolume(string name) =>
        Find(nameof(PersistentVolume), "", name, static root => new PersistentVolume(root));

    /// <inheritdoc/>
    public override Lookup<DataVolume> DataVolume(string @namespace, string name) =>
        Find(nameof(DataVolume), @namespace, name, static root => new DataVolume(root));

    /// <inheritdoc/>
    public override LookupAll<Node> NodesSelectedBy(NodeNetworkConfigurationPolicy policy) =>
        _nodes.Count == 0
            ? LookupAll<Node>.NotSeen("no Node was given")
            : LookupAll<Node>.Of(_nodes.FindAll(policy.Selects));

    /// <inheritdoc/>
    /// <remarks>Without Nodes, two policies apply to one node unless their selectors contradict each other.</remarks>
    public override LookupAll<NodeNetworkConfigurationPolicy> PoliciesBeside(NodeNetworkConfigurationPolicy policy) =>
        _policies.Count == 0
            ? LookupAll<NodeNetworkConfigurationPolicy>.NotSeen("no other NodeNetworkConfigurationPolicy was given")
            : LookupAll<NodeNetworkConfigurationPolicy>.Of(_policies.FindAll(other => other.Name != policy.Name
                && (_nodes.Count == 0 ? !other.ContradictsSelectorOf(policy) : _nodes.Exists(node => other.Selects(node) && policy.Selects(node)))));

    private static string? KindOf(Field root)
    {
        string version = root["apiVersion"].Text ?? "";
        int slash = version.IndexOf('/', StringComparison.Ordinal);
        return (slash < 0 ? "" : version[..slash], root["kind"].Text) switch
        {
            ("k8s.cni.cncf.io", nameof(NetworkAttachmentDefinition)) => nameof(NetworkAttachmentDefinition),
            ("k8s.ovn.org", "UserDefinedNetwork" or "ClusterUserDefinedNetwork") => nameof(UserDefinedNetwork),
            ("storage.k8s.io", nameof(StorageClass)) => nameof(StorageClass),
            ("", nameof(PersistentVolumeClaim)) => nameof(PersistentVolumeClaim),
            ("", nameof(PersistentVolume)) => nameof(PersistentVolume),
            ("cdi.kubevirt.io", nameof(DataVolume)) => nameof(DataVolume),
            ("", nameof(Node)) => nameof(Node),
            ("nmstate.io", nameof(NodeNetworkConfigurationPolicy)) => nameof(NodeNetworkConfigurationPolicy),
            _ => null,
        };
    }

    private static bool IsClusterScoped(string kind) => kind is nameof(StorageClass) or nameof(PersistentVolume)
        or nameof(Node) or nameof(NodeNetworkConfigurationPolicy);

    private static Lookup<T> NotGiven<T>(string kind)
        where T : KubernetesObject => Lookup<T>.NotSeen($"no {kind} was given");

    private static Lookup<T> Several<T>(string kind)
        where T : KubernetesObject => Lookup<T>.NotSeen($"unlike {kind} objects of one name were given");

    private Lookup<T> Find<T>(string kind, string @namespace, string name, Func<Field, T> view)
        where T : KubernetesObject
    {
        if (_objects.TryGetValue((kind, @namespace, name), out Field root))
        {
            return _several.Contains((kind, @namespace, name)) ? Several<T>(kind) : Lookup<T>.Of(view(root));
        }

        if (!_kinds.Contains(kind))
        {
            return NotGiven<T>(kind);
        }

        bool mayBeElsewhere = @namespace.Length == 0 ? _names.Contains((kind, name)) : _unplaced.Contains((kind, name));
        return mayBeElsewhere && !IsClusterScoped(kind)
            ? Lookup<T>.NotSeen($"the namespace of a given {kind} is not known")
            : Lookup<T>.Absent();
    }

    private Lookup<StorageClass>? Newest(Func<StorageClass, bool> isDefault)
    {
        StorageClass? newest = null;
        bool several = false, dated = true;
        string newestTime = "";
        foreach (StorageClass storageClass in _classes)
        {
            if (!isDefault(storageClass))
            {
                continue;
            }

            // RFC 3339 in UTC with seconds, as the API server writes it, sorts as text.
            string time = storageClass.Metadata["creationTimestamp"].Text ?? "";
            several |= newest is not null;
            dated &= time.Length > 0;
            if (newest is null || string.CompareOrdinal(time, newestTime) > 0)
            {
                newest = storageClass;
                newestTime = time;
            }
        }

        return newest is null ? null
            : _several.Contains((nameof(StorageClass), "", newest.Name)) ? Several<StorageClass>(nameof(StorageClass))
            : several && !dated ? Lookup<StorageClass>.NotSeen("several StorageClasses are the default")
            : Lookup<StorageClass>.Of(newest);
    }
}
