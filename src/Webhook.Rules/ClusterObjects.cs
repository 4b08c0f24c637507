using System.Net;
using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules;

/// <summary>
/// A cluster view over objects that were given: the files of a check, or what an example names. An object that is not among them is proven
/// absent only where at least one of its kind was given; else nothing is known about that kind.
/// </summary>
public sealed class ClusterObjects : ClusterView
{
    private readonly Dictionary<(string Kind, string Namespace, string Name), Field> _objects = [];
    private readonly HashSet<string> _kinds = new(StringComparer.Ordinal);

    // Names whose namespace a manifest leaves to kubectl: they may stand in any.
    private readonly HashSet<(string Kind, string Name)> _unplaced = [];
    private readonly HashSet<(string Kind, string Name)> _names = [];
    private readonly List<StorageClass> _classes = [];
    private readonly List<Node> _nodes = [];
    private readonly List<NodeNetworkConfigurationPolicy> _policies = [];
    private readonly List<NetworkDefinition> _networks = [];
    private readonly List<VirtualMachine> _machines = [];
    private readonly List<VolumeAttachment> _attachments = [];

    // A base beside the patches of its overlays, or two places in one folder: which of them will be applied is not known.
    private readonly HashSet<(string Kind, string Namespace, string Name)> _several = [];

    /// <summary>A view over objects. What was given twice, and not alike, is not known.</summary>
    /// <param name="objects">The objects, of any kind; those that no rule asks for are passed over.</param>
    public ClusterObjects(IEnumerable<Field> objects)
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

            switch (kind)
            {
                case nameof(StorageClass):
                    _classes.Add(new StorageClass(root));
                    break;
                case nameof(Node):
                    Replace(_nodes, new Node(root));
                    break;
                case nameof(NodeNetworkConfigurationPolicy):
                    Replace(_policies, new NodeNetworkConfigurationPolicy(root));
                    break;
                case nameof(NetworkAttachmentDefinition):
                    Replace(_networks, new NetworkAttachmentDefinition(root));
                    break;
                case nameof(UserDefinedNetwork) or ClusterUserDefinedNetwork:
                    Replace(_networks, new UserDefinedNetwork(root));
                    break;
                case nameof(VirtualMachine) or nameof(VirtualMachineInstance) or Template:
                    Replace(_machines, new VirtualMachine(root));
                    break;
                case nameof(VolumeAttachment):
                    Replace(_attachments, new VolumeAttachment(root));
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public override Lookup<NetworkDefinition> Network(string @namespace, string name)
    {
        Lookup<NetworkDefinition> lookup = Find<NetworkDefinition>(
            nameof(NetworkAttachmentDefinition), @namespace, name, static root => new NetworkAttachmentDefinition(root));

        // OVN-Kubernetes generates a definition of the same name, in the namespaces that a cluster-scoped network selects.
        return lookup.IsAbsent && (_names.Contains((nameof(UserDefinedNetwork), name)) || _names.Contains((ClusterUserDefinedNetwork, name)))
            ? Lookup<NetworkDefinition>.NotSeen("a user-defined network of that name generates it")
            : lookup;
    }

    /// <inheritdoc/>
    public override LookupAll<NetworkDefinition> NetworksOn(string parent) =>
        Every(_networks, network => network.Link?.Parent.Text == parent, nameof(NetworkAttachmentDefinition));

    /// <inheritdoc/>
    public override LookupAll<NetworkDefinition> NetworksNamed(string name) =>
        Every(
            _networks,
            network => network is NetworkAttachmentDefinition { Configuration.Link: { IsOvnKubernetes: true } plugin } && plugin.Root.Find("name").Text == name,
            nameof(NetworkAttachmentDefinition));

    /// <inheritdoc/>
    public override Lookup<Namespace> Namespace(string name) => Find(nameof(Namespace), "", name, static root => new Namespace(root));

    /// <inheritdoc/>
    public override Lookup<ClusterNetwork> ClusterNetwork() =>
        Find(nameof(ClusterNetwork), "", "cluster", static root => new ClusterNetwork(root));

    /// <inheritdoc/>
    public override LookupAll<Node> Nodes() => Every(_nodes, static _ => true, nameof(Node));

    /// <inheritdoc/>
    public override LookupAll<NodeNetworkConfigurationPolicy> Policies() =>
        Every(_policies, static _ => true, nameof(NodeNetworkConfigurationPolicy));

    /// <inheritdoc/>
    public override LookupAll<NodeNetworkConfigurationPolicy> PoliciesWith(IPAddress address) =>
        Every(
            _policies,
            policy => policy.State.Interfaces.Any(entry => entry.HoldsAddresses
                && entry.Ipv4.Addresses().Concat(entry.Ipv6.Addresses()).Any(given => given.Address?.Address.Equals(address) == true)),
            nameof(NodeNetworkConfigurationPolicy));

    /// <inheritdoc/>
    public override Lookup<NodeNetworkState> NodeNetworkState(string node) =>
        Find(nameof(NodeNetworkState), "", node, static root => new NodeNetworkState(root));

    /// <inheritdoc/>
    public override Lookup<VirtualMachine> VirtualMachine(string @namespace, string name) =>
        Find(nameof(VirtualMachine), @namespace, name, static root => new VirtualMachine(root));

    /// <inheritdoc/>
    public override Lookup<VirtualMachine> VirtualMachineInstance(string @namespace, string name) =>
        Find(nameof(VirtualMachineInstance), @namespace, name, static root => new VirtualMachine(root));

    /// <inheritdoc/>
    public override LookupAll<VirtualMachine> MachinesOn(string @namespace, string network) =>
        Machines(machine => machine.Nics.Any(nic => !nic.IsUnplugged && nic.Attachment(machine.Namespace) == (@namespace, network)));

    /// <inheritdoc/>
    public override LookupAll<VirtualMachine> MachinesWith(IPAddress address) =>
        Machines(machine => machine.Nics.Any(nic =>
            (machine.GuestNetwork.Of(nic)?.Entries ?? []).SelectMany(static entry => entry.Addresses).Concat(machine.StaticAddresses.Of(nic.Name))
                .Any(given => given.Value.Address.Equals(address))));

    /// <inheritdoc/>
    public override LookupAll<VirtualMachine> MembersOf(string @namespace, string cluster) =>
        Machines(machine => machine.Namespace == @namespace && machine.Cluster == cluster);

    /// <inheritdoc/>
    public override Lookup<Instancetype> Instancetype(string kind, string @namespace, string name) =>
        Find(kind, IsClusterScoped(kind) ? "" : @namespace, name, static root => new Instancetype(root));

    /// <inheritdoc/>
    public override Lookup<Preference> Preference(string kind, string @namespace, string name) =>
        Find(kind, IsClusterScoped(kind) ? "" : @namespace, name, static root => new Preference(root));

    /// <inheritdoc/>
    public override Lookup<StorageProfile> StorageProfile(string storageClass) =>
        Find(nameof(StorageProfile), "", storageClass, static root => new StorageProfile(root));

    /// <inheritdoc/>
    public override LookupAll<VolumeAttachment> AttachmentsOf(string persistentVolume) =>
        Every(_attachments, attachment => attachment.PersistentVolumeName == persistentVolume, nameof(VolumeAttachment));

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

    private const string ClusterUserDefinedNetwork = nameof(ClusterUserDefinedNetwork);
    private const string Template = nameof(Template);

    private static void Replace<T>(List<T> list, T item)
        where T : KubernetesObject
    {
        list.RemoveAll(item.IsSameObjectAs);
        list.Add(item);
    }

    private static string? KindOf(Field root)
    {
        string version = root["apiVersion"].Text ?? "";
        int slash = version.IndexOf('/', StringComparison.Ordinal);
        return (slash < 0 ? "" : version[..slash], root["kind"].Text) switch
        {
            ("k8s.cni.cncf.io", nameof(NetworkAttachmentDefinition)) => nameof(NetworkAttachmentDefinition),
            ("k8s.ovn.org", nameof(UserDefinedNetwork)) => nameof(UserDefinedNetwork),
            ("k8s.ovn.org", ClusterUserDefinedNetwork) => ClusterUserDefinedNetwork,
            ("storage.k8s.io", nameof(StorageClass)) => nameof(StorageClass),
            ("", nameof(PersistentVolumeClaim)) => nameof(PersistentVolumeClaim),
            ("", nameof(PersistentVolume)) => nameof(PersistentVolume),
            ("cdi.kubevirt.io", nameof(DataVolume)) => nameof(DataVolume),
            ("", nameof(Node)) => nameof(Node),
            ("", nameof(Namespace)) => nameof(Namespace),
            ("config.openshift.io", "Network") => nameof(ClusterNetwork),
            ("nmstate.io", nameof(NodeNetworkConfigurationPolicy)) => nameof(NodeNetworkConfigurationPolicy),
            ("nmstate.io", nameof(NodeNetworkState)) => nameof(NodeNetworkState),
            ("kubevirt.io", nameof(VirtualMachine)) => nameof(VirtualMachine),
            ("kubevirt.io", nameof(VirtualMachineInstance)) => nameof(VirtualMachineInstance),
            ("kubevirt.io", "VirtualMachineInstanceReplicaSet") or ("pool.kubevirt.io", "VirtualMachinePool") => Template,
            ("instancetype.kubevirt.io", { } kind) => kind,
            ("cdi.kubevirt.io", nameof(StorageProfile)) => nameof(StorageProfile),
            ("storage.k8s.io", nameof(VolumeAttachment)) => nameof(VolumeAttachment),
            _ => null,
        };
    }

    private static bool IsClusterScoped(string kind) => kind is nameof(StorageClass) or nameof(PersistentVolume)
        or nameof(Node) or nameof(NodeNetworkConfigurationPolicy) or nameof(NodeNetworkState) or nameof(Namespace) or nameof(ClusterNetwork)
        or nameof(StorageProfile) or nameof(VolumeAttachment) or ClusterUserDefinedNetwork
        or "VirtualMachineClusterInstancetype" or "VirtualMachineClusterPreference";

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

    private static LookupAll<T> Every<T>(List<T> list, Predicate<T> question, string kind)
        where T : KubernetesObject =>
        list.Count == 0 ? LookupAll<T>.NotSeen($"no {kind} was given") : LookupAll<T>.Of(list.FindAll(question));

    // The instance of a VirtualMachine says the same as its machine.
    private LookupAll<VirtualMachine> Machines(Predicate<VirtualMachine> question) =>
        Every(
            _machines,
            machine => question(machine) && !(machine.Kind == nameof(VirtualMachineInstance) && machine.JudgedOwner is not null),
            nameof(VirtualMachine));

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
