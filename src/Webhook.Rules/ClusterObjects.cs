using System.Net;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules.Network;
using Webhook.Rules.Vm;

namespace Webhook.Rules;

/// <summary>
/// A cluster view over objects: the files of a check, what an example names, a recorded cluster, or the live one as it is watched. It never
/// changes; a change makes a new view that shares all the rest, so that readers keep what they hold. Views of objects are kept with what they
/// remember, and are shared by all who ask.
/// </summary>
public sealed partial class ClusterObjects : ClusterView
{
    private readonly ClusterShelf[] _shelves;
    private readonly ClusterIndexes _indexes;
    private readonly NodePolicies _nodePolicies;
    private readonly NodeLevel _nodeLevel;

    private ClusterObjects(
        ClusterShelf[] shelves, ClusterIndexes indexes, NodePolicies? nodePolicies, NodeLevel nodeLevel, MemberLinks.Known linksOfMembers)
    {
        _shelves = shelves;
        _indexes = indexes;
        _nodePolicies = nodePolicies ?? new NodePolicies(Shelf(ClusterKind.NodeNetworkConfigurationPolicy));
        _nodeLevel = nodeLevel;
        LinksOfMembers = linksOfMembers;
    }

    /// <inheritdoc/>
    public override NodeNetworks NodeNetworks => _nodeLevel.Networks(OfNodes);

    /// <inheritdoc/>
    internal override MemberLinks.Known LinksOfMembers { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// A definition that a (Cluster)UserDefinedNetwork generates has the name of that network, and names it as its controller
    /// (ovn-kubernetes/ovn-kubernetes go-controller/pkg/clustermanager/userdefinednetwork/template/net-attach-def-template.go).
    /// </remarks>
    public override Lookup<NetworkDefinition> Network(string @namespace, string name)
    {
        Lookup<NetworkDefinition> lookup = Shelf(ClusterKind.NetworkAttachmentDefinition).Find<NetworkDefinition>(@namespace, name);
        if (lookup.Found is NetworkDefinition definition)
        {
            return GeneratorOf(definition) is ClusterKind generator ? OrItself(Shelf(generator).Find<NetworkDefinition>(@namespace, name), lookup) : lookup;
        }

        Lookup<NetworkDefinition> own = Shelf(ClusterKind.UserDefinedNetwork).Find<NetworkDefinition>(@namespace, name);
        if (own.Found is not null)
        {
            return own;
        }

        Lookup<NetworkDefinition> shared = Shelf(ClusterKind.ClusterUserDefinedNetwork).Find<NetworkDefinition>("", name);
        if (shared.Found is not UserDefinedNetwork network)
        {
            return lookup;
        }

        Lookup<Namespace> place = @namespace.Length > 0 ? Namespace(@namespace) : Lookup<Namespace>.NotSeen("its namespace is not known");
        return place.Unverified is string unseen
            ? Lookup<NetworkDefinition>.NotSeen($"ClusterUserDefinedNetwork {name} may generate it, but {unseen}")
            : place.Found is Namespace found && LabelSelector.Selects(network.NamespaceSelector, found.Metadata["labels"]) ? shared : lookup;
    }

    /// <inheritdoc/>
    public override LookupAll<NetworkDefinition> NetworksOn(string parent) =>
        All(WithoutGenerated(_indexes.NetworksByParent.Of(parent)), NetworksUnseen());

    /// <inheritdoc/>
    public override LookupAll<NetworkDefinition> NetworksNamed(string name) =>
        All(_indexes.NetworksByOvnName.Of(name), NetworksUnseen());

    /// <inheritdoc/>
    public override Lookup<Namespace> Namespace(string name) => Find<Namespace>(ClusterKind.Namespace, "", name);

    /// <inheritdoc/>
    public override LookupAll<KubernetesObject> JudgedIn(string @namespace) =>
        All(_indexes.JudgedByNamespace.Of(@namespace), MachinesUnseen() ?? NetworksUnseen());

    /// <inheritdoc/>
    public override Lookup<ClusterNetwork> ClusterNetwork() => Find<ClusterNetwork>(ClusterKind.ClusterNetwork, "", "cluster");

    /// <inheritdoc/>
    public override LookupAll<Node> Nodes() => List<Node>(ClusterKind.Node);

    /// <inheritdoc/>
    public override LookupAll<Node> NodesSelectedBy(NodeNetworkConfigurationPolicy policy)
    {
        ClusterShelf nodes = Shelf(ClusterKind.Node);
        IReadOnlyList<Node> candidates = policy.NodeSelector[NodeNetworkConfigurationPolicy.HostnameLabel].Text is string hostname
            ? _indexes.NodesByHostname.Of(hostname)
            : nodes.List<Node>();
        var selected = new List<Node>();
        foreach (Node node in candidates)
        {
            if (policy.Selects(node))
            {
                selected.Add(node);
            }
        }

        return All(selected, nodes.Unseen);
    }

    /// <inheritdoc/>
    public override LookupAll<NodeNetworkConfigurationPolicy> Policies() =>
        List<NodeNetworkConfigurationPolicy>(ClusterKind.NodeNetworkConfigurationPolicy);

    /// <inheritdoc/>
    /// <remarks>Without Nodes, two policies apply to one node unless their selectors contradict each other.</remarks>
    public override LookupAll<NodeNetworkConfigurationPolicy> PoliciesBeside(NodeNetworkConfigurationPolicy policy)
    {
        ClusterShelf policies = Shelf(ClusterKind.NodeNetworkConfigurationPolicy);
        ClusterShelf nodes = Shelf(ClusterKind.Node);
        string? unseen = policies is { IsGiven: true, Objects.IsEmpty: true } ? "no other NodeNetworkConfigurationPolicy was given" : policies.Unseen;
        if (nodes.Unseen is null && !nodes.Objects.IsEmpty)
        {
            return All(_nodePolicies.Beside(policy, NodesSelectedBy(policy).Found), unseen);
        }

        var beside = new List<NodeNetworkConfigurationPolicy>();
        foreach (NodeNetworkConfigurationPolicy other in policies.List<NodeNetworkConfigurationPolicy>())
        {
            if (other.Name != policy.Name && !other.ContradictsSelectorOf(policy))
            {
                beside.Add(other);
            }
        }

        return All(beside, unseen);
    }

    /// <inheritdoc/>
    public override LookupAll<NodeNetworkConfigurationPolicy> PoliciesWith(IPAddress address) =>
        All(_indexes.PoliciesByAddress.Of(address), Shelf(ClusterKind.NodeNetworkConfigurationPolicy).Unseen);

    /// <inheritdoc/>
    public override LookupAll<NodeNetworkConfigurationPolicy> PoliciesConfiguring(string interfaceName) =>
        All(_indexes.PoliciesByInterface.Of(interfaceName), Shelf(ClusterKind.NodeNetworkConfigurationPolicy).Unseen);

    /// <inheritdoc/>
    public override LookupAll<NodeNetworkConfigurationPolicy> PoliciesMapping(string localnet) =>
        All(_indexes.PoliciesByLocalnet.Of(localnet), Shelf(ClusterKind.NodeNetworkConfigurationPolicy).Unseen);

    /// <inheritdoc/>
    public override Lookup<NodeNetworkState> NodeNetworkState(string node) => Find<NodeNetworkState>(ClusterKind.NodeNetworkState, "", node);

    /// <inheritdoc/>
    public override Lookup<VirtualMachine> VirtualMachine(string @namespace, string name) =>
        Find<VirtualMachine>(ClusterKind.VirtualMachine, @namespace, name);

    /// <inheritdoc/>
    public override Lookup<VirtualMachine> VirtualMachineInstance(string @namespace, string name) =>
        Find<VirtualMachine>(ClusterKind.VirtualMachineInstance, @namespace, name);

    /// <inheritdoc/>
    public override Lookup<VirtualMachineSnapshot> VirtualMachineSnapshot(string @namespace, string name) =>
        Find<VirtualMachineSnapshot>(ClusterKind.VirtualMachineSnapshot, @namespace, name);

    /// <inheritdoc/>
    public override LookupAll<VirtualMachine> MachinesOn(string @namespace, string network) =>
        All(_indexes.MachinesByNetwork.Of((@namespace, network)), MachinesUnseen());

    /// <inheritdoc/>
    public override LookupAll<VirtualMachine> MachinesWith(IPAddress address) =>
        All(_indexes.MachinesByAddress.Of(address), MachinesUnseen());

    /// <inheritdoc/>
    public override LookupAll<VirtualMachine> MembersOf(string @namespace, string cluster) =>
        All(_indexes.MachinesByCluster.Of((@namespace, cluster)), MachinesUnseen());

    /// <inheritdoc/>
    public override Lookup<Instancetype> Instancetype(string kind, string @namespace, string name) =>
        OfEither<Instancetype>(ClusterKind.Instancetype, ClusterKind.ClusterInstancetype, kind, @namespace, name);

    /// <inheritdoc/>
    public override Lookup<Preference> Preference(string kind, string @namespace, string name) =>
        OfEither<Preference>(ClusterKind.Preference, ClusterKind.ClusterPreference, kind, @namespace, name);

    /// <inheritdoc/>
    public override Lookup<StorageProfile> StorageProfile(string storageClass) => Find<StorageProfile>(ClusterKind.StorageProfile, "", storageClass);

    /// <inheritdoc/>
    public override LookupAll<VolumeAttachment> AttachmentsOf(string persistentVolume) =>
        All(_indexes.AttachmentsByVolume.Of(persistentVolume), Shelf(ClusterKind.VolumeAttachment).Unseen);

    /// <inheritdoc/>
    public override Lookup<StorageClass> StorageClass(string name) => Find<StorageClass>(ClusterKind.StorageClass, "", name);

    /// <inheritdoc/>
    /// <remarks>The newest of several defaults counts in a cluster; without creation times that is not known.</remarks>
    public override Lookup<StorageClass> DefaultStorageClass(bool forVirtualMachines)
    {
        ClusterShelf classes = Shelf(ClusterKind.StorageClass);
        return classes.Unseen is string unseen
            ? Lookup<StorageClass>.NotSeen(unseen)
            : (forVirtualMachines ? Newest(_indexes.DefaultClasses.Of(true)) : null) ?? Newest(_indexes.DefaultClasses.Of(false)) ?? Lookup<StorageClass>.Absent();

        Lookup<StorageClass>? Newest(IReadOnlyList<StorageClass> defaults)
        {
            StorageClass? newest = null;
            bool dated = true;
            string newestTime = "";
            foreach (StorageClass storageClass in defaults)
            {
                // RFC 3339 in UTC with seconds, as the API server writes it, sorts as text.
                string time = storageClass.Metadata["creationTimestamp"].Text ?? "";
                dated &= time.Length > 0;
                if (newest is null || string.CompareOrdinal(time, newestTime) > 0)
                {
                    newest = storageClass;
                    newestTime = time;
                }
            }

            return newest is null ? null
                : defaults.Count > 1 && !dated ? Lookup<StorageClass>.NotSeen("several StorageClasses are the default")
                : classes.Find<StorageClass>("", newest.Name);
        }
    }

    /// <inheritdoc/>
    public override Lookup<PersistentVolumeClaim> PersistentVolumeClaim(string @namespace, string name) =>
        Find<PersistentVolumeClaim>(ClusterKind.PersistentVolumeClaim, @namespace, name);

    /// <inheritdoc/>
    public override Lookup<PersistentVolume> PersistentVolume(string name) => Find<PersistentVolume>(ClusterKind.PersistentVolume, "", name);

    /// <inheritdoc/>
    public override Lookup<DataVolume> DataVolume(string @namespace, string name) => Find<DataVolume>(ClusterKind.DataVolume, @namespace, name);

    /// <summary>Every object of a kind, by namespace and name; of a name that was given several times, one.</summary>
    public LookupAll<KubernetesObject> Objects(ClusterKind kind)
    {
        ClusterShelf shelf = Shelf(kind);
        return All([.. shelf.Objects.Values.Order(ByName.Comparer)], shelf.Unseen);
    }

    /// <summary>The object of that kind, namespace and name as this view holds it, or null where it holds none or several.</summary>
    public KubernetesObject? Current(KubernetesObject subject)
    {
        if (KindOf(subject.Root) is not ClusterKind kind)
        {
            return null;
        }

        ClusterShelf shelf = Shelf(kind);
        (string, string) key = shelf.KeyOf(subject);
        return shelf.Variants.ContainsKey(key) ? null : shelf.Objects.GetValueOrDefault(key);
    }

    private static LookupAll<T> All<T>(IReadOnlyList<T> found, string? unseen)
        where T : KubernetesObject =>
        unseen is null ? LookupAll<T>.Of(found)
            : found.Count == 0 ? LookupAll<T>.NotSeen(unseen)
            : LookupAll<T>.AtLeast(found, unseen);

    // One whose owner is gone is about to go too, but still there. One whose owner cannot be seen does not show its role.
    private static Lookup<NetworkDefinition> OrItself(Lookup<NetworkDefinition> generator, Lookup<NetworkDefinition> definition) =>
        generator.IsAbsent ? definition : generator;

    private static ClusterKind? GeneratorOf(NetworkDefinition definition)
    {
        foreach (Field owner in definition.Metadata["ownerReferences"].Items())
        {
            if (owner["controller"].Boolean == true && KindOf(owner) is ClusterKind kind
                && (ReferenceEquals(kind, ClusterKind.UserDefinedNetwork) || ReferenceEquals(kind, ClusterKind.ClusterUserDefinedNetwork)))
            {
                return kind;
            }
        }

        return null;
    }

    // What a seen network generates says the same as that network.
    private IReadOnlyList<NetworkDefinition> WithoutGenerated(IReadOnlyList<NetworkDefinition> networks)
    {
        List<NetworkDefinition>? kept = null;
        for (int i = 0; i < networks.Count; i++)
        {
            NetworkDefinition network = networks[i];
            bool isGenerated = network is NetworkAttachmentDefinition && GeneratorOf(network) is ClusterKind generator
                && Shelf(generator).Find<NetworkDefinition>(network.Namespace, network.Name).Found is not null;
            if (isGenerated && kept is null)
            {
                kept = [.. networks.Take(i)];
            }
            else if (!isGenerated)
            {
                kept?.Add(network);
            }
        }

        return kept ?? networks;
    }

    // What a user-defined network generates is among the definitions, so these are all there are.
    private string? NetworksUnseen() => Shelf(ClusterKind.NetworkAttachmentDefinition).Unseen;

    // Files rarely hold instances; that they hold none says nothing.
    private string? MachinesUnseen()
    {
        ClusterShelf machines = Shelf(ClusterKind.VirtualMachine);
        return machines.Unseen ?? (machines.IsGiven ? null : Shelf(ClusterKind.VirtualMachineInstance).Unseen);
    }

    private Lookup<T> Find<T>(ClusterKind kind, string @namespace, string name)
        where T : KubernetesObject => Shelf(kind).Find<T>(@namespace, name);

    private LookupAll<T> List<T>(ClusterKind kind)
        where T : KubernetesObject
    {
        ClusterShelf shelf = Shelf(kind);
        return All(shelf.List<T>(), shelf.Unseen);
    }

    // The kind is matched without regard to case and in the plural too, and is the cluster-scoped one by default (kubevirt/kubevirt
    // pkg/instancetype/find/spec.go).
    private Lookup<T> OfEither<T>(ClusterKind namespaced, ClusterKind shared, string kind, string @namespace, string name)
        where T : KubernetesObject =>
        IsMeant(namespaced, kind) ? Find<T>(namespaced, @namespace, name)
            : IsMeant(shared, kind) || kind.Length == 0 ? Find<T>(shared, "", name)
            : Lookup<T>.NotSeen($"{Field.Quote(kind)} is no known kind");

    private static bool IsMeant(ClusterKind kind, string word) =>
        kind.Kind.Equals(word, StringComparison.OrdinalIgnoreCase) || kind.Resource.Equals(word, StringComparison.OrdinalIgnoreCase);

    private ClusterShelf Shelf(ClusterKind kind)
    {
        foreach (ClusterShelf shelf in _shelves)
        {
            if (ReferenceEquals(shelf.Kind, kind))
            {
                return shelf;
            }
        }

        throw new ArgumentException($"{kind} is not looked up", nameof(kind));
    }
}
