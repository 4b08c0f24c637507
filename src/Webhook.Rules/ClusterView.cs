using System.Net;
using Webhook.Resources;
using Webhook.Rules.Network;
using Webhook.Rules.Vm;

namespace Webhook.Rules;

/// <summary>
/// What the cluster around an object holds, at one moment. Rules ask it; who fills it, and from where, is not theirs to know.
/// The base class has seen nothing, so every answer is "not seen".
/// </summary>
public class ClusterView
{
    /// <summary>Stands for every namespace where one is asked for; no namespace has that name.</summary>
    public const string AnyNamespace = "*";

    /// <summary>A view that has seen nothing.</summary>
    public static ClusterView Unseen { get; } = new();

    /// <summary>
    /// The networks of the nodes, down to the switch. A view that follows another, and in which no Node, policy or NodeNetworkState changed, may
    /// answer with the other's; where some changed, it hands the other's over, so that only the changed nodes are read again.
    /// </summary>
    public virtual NodeNetworks NodeNetworks => field ??= new NodeNetworks(Nodes(), Policies(), NodeNetworkState);

    /// <summary>The LLT links of the members of InfoScale clusters. A view that follows another may answer with the other's while no network and no Namespace changed.</summary>
    internal virtual MemberLinks.Known LinksOfMembers => field ??= new MemberLinks.Known();

    /// <summary>The network that a VM of that reference attaches to.</summary>
    /// <remarks>A NetworkAttachmentDefinition that a (Cluster)UserDefinedNetwork generates is answered by that network: there stand role and MTU.</remarks>
    public virtual Lookup<NetworkDefinition> Network(string @namespace, string name) =>
        Lookup<NetworkDefinition>.NotSeen("NetworkAttachmentDefinitions were not looked up");

    /// <summary>The networks that stand on a bridge, a physical network or a master of that name (<see cref="NetworkLink.Parent"/>), in any namespace.</summary>
    public virtual LookupAll<NetworkDefinition> NetworksOn(string parent) =>
        LookupAll<NetworkDefinition>.NotSeen("NetworkAttachmentDefinitions were not looked up");

    /// <summary>The networks that OVN-Kubernetes knows by one name (<c>name</c> in the CNI configuration), in any namespace.</summary>
    public virtual LookupAll<NetworkDefinition> NetworksNamed(string name) =>
        LookupAll<NetworkDefinition>.NotSeen("NetworkAttachmentDefinitions were not looked up");

    /// <summary>The Namespace of that name.</summary>
    public virtual Lookup<Namespace> Namespace(string name) =>
        Lookup<Namespace>.NotSeen("Namespaces were not looked up");

    /// <summary>Every object of a kind that is judged in that namespace, opted in or not.</summary>
    public virtual LookupAll<KubernetesObject> JudgedIn(string @namespace) =>
        LookupAll<KubernetesObject>.NotSeen("objects were not looked up");

    /// <summary>The pod network of the cluster.</summary>
    public virtual Lookup<ClusterNetwork> ClusterNetwork() =>
        Lookup<ClusterNetwork>.NotSeen("the pod network was not looked up");

    /// <summary>Every Node.</summary>
    public virtual LookupAll<Node> Nodes() =>
        LookupAll<Node>.NotSeen("Nodes were not looked up");

    /// <summary>Every policy.</summary>
    public virtual LookupAll<NodeNetworkConfigurationPolicy> Policies() =>
        LookupAll<NodeNetworkConfigurationPolicy>.NotSeen("NodeNetworkConfigurationPolicies were not looked up");

    /// <summary>The Nodes that a policy selects.</summary>
    public virtual LookupAll<Node> NodesSelectedBy(NodeNetworkConfigurationPolicy policy) =>
        LookupAll<Node>.NotSeen("Nodes were not looked up");

    /// <summary>The other policies that apply to a node which this one selects.</summary>
    public virtual LookupAll<NodeNetworkConfigurationPolicy> PoliciesBeside(NodeNetworkConfigurationPolicy policy) =>
        LookupAll<NodeNetworkConfigurationPolicy>.NotSeen("other policies were not looked up");

    /// <summary>The policies that give an interface that address, with any prefix length.</summary>
    public virtual LookupAll<NodeNetworkConfigurationPolicy> PoliciesWith(IPAddress address) =>
        LookupAll<NodeNetworkConfigurationPolicy>.NotSeen("NodeNetworkConfigurationPolicies were not looked up");

    /// <summary>The policies that have an entry for an interface of that name, in whatever state.</summary>
    public virtual LookupAll<NodeNetworkConfigurationPolicy> PoliciesConfiguring(string interfaceName) =>
        LookupAll<NodeNetworkConfigurationPolicy>.NotSeen("NodeNetworkConfigurationPolicies were not looked up");

    /// <summary>The policies that map a physical network of that name to a bridge, or take the mapping away.</summary>
    public virtual LookupAll<NodeNetworkConfigurationPolicy> PoliciesMapping(string localnet) =>
        LookupAll<NodeNetworkConfigurationPolicy>.NotSeen("NodeNetworkConfigurationPolicies were not looked up");

    /// <summary>What is really configured on that Node.</summary>
    public virtual Lookup<NodeNetworkState> NodeNetworkState(string node) =>
        Lookup<NodeNetworkState>.NotSeen("NodeNetworkStates were not looked up");

    /// <summary>The VirtualMachine of that namespace and name.</summary>
    public virtual Lookup<VirtualMachine> VirtualMachine(string @namespace, string name) =>
        Lookup<VirtualMachine>.NotSeen("VirtualMachines were not looked up");

    /// <summary>The VirtualMachineInstance of that namespace and name: a machine that runs, or is about to.</summary>
    public virtual Lookup<VirtualMachine> VirtualMachineInstance(string @namespace, string name) =>
        Lookup<VirtualMachine>.NotSeen("VirtualMachineInstances were not looked up");

    /// <summary>The VirtualMachineSnapshot of that namespace and name.</summary>
    public virtual Lookup<VirtualMachineSnapshot> VirtualMachineSnapshot(string @namespace, string name) =>
        Lookup<VirtualMachineSnapshot>.NotSeen("VirtualMachineSnapshots were not looked up");

    /// <summary>The machines with an interface on that network (<see cref="VirtualMachineNic.Attachment"/>). The instance of a VirtualMachine is not beside it.</summary>
    /// <param name="namespace">The namespace of the network, or <see cref="AnyNamespace"/> for the networks of that name in all.</param>
    /// <param name="network">The name of the network.</param>
    public virtual LookupAll<VirtualMachine> MachinesOn(string @namespace, string network) =>
        LookupAll<VirtualMachine>.NotSeen("VirtualMachines were not looked up");

    /// <summary>The machines that network data or annotation give that address, with any prefix length. The instance of a VirtualMachine is not beside it.</summary>
    public virtual LookupAll<VirtualMachine> MachinesWith(IPAddress address) =>
        LookupAll<VirtualMachine>.NotSeen("VirtualMachines were not looked up");

    /// <summary>The members of an InfoScale cluster. The instance of a VirtualMachine is not beside it.</summary>
    public virtual LookupAll<VirtualMachine> MembersOf(string @namespace, string cluster) =>
        LookupAll<VirtualMachine>.NotSeen("VirtualMachines were not looked up");

    /// <summary>The instancetype of that name.</summary>
    /// <param name="kind">The kind, namespaced or cluster-scoped, as the machine writes it.</param>
    /// <param name="namespace">The namespace of the machine; does not count for a cluster-scoped kind.</param>
    /// <param name="name">The name.</param>
    public virtual Lookup<Instancetype> Instancetype(string kind, string @namespace, string name) =>
        Lookup<Instancetype>.NotSeen("instancetypes were not looked up");

    /// <summary>The preference of that name.</summary>
    /// <param name="kind">The kind, namespaced or cluster-scoped, as the machine writes it.</param>
    /// <param name="namespace">The namespace of the machine; does not count for a cluster-scoped kind.</param>
    /// <param name="name">The name.</param>
    public virtual Lookup<Preference> Preference(string kind, string @namespace, string name) =>
        Lookup<Preference>.NotSeen("preferences were not looked up");

    /// <summary>The StorageClass of that name.</summary>
    public virtual Lookup<StorageClass> StorageClass(string name) =>
        Lookup<StorageClass>.NotSeen("StorageClasses were not looked up");

    /// <summary>The class of claims that name none.</summary>
    /// <param name="forVirtualMachines">Whether the default for disk images of virtual machines goes first.</param>
    public virtual Lookup<StorageClass> DefaultStorageClass(bool forVirtualMachines) =>
        Lookup<StorageClass>.NotSeen("StorageClasses were not looked up");

    /// <summary>What CDI fills into claims of the class of that name.</summary>
    public virtual Lookup<StorageProfile> StorageProfile(string storageClass) =>
        Lookup<StorageProfile>.NotSeen("StorageProfiles were not looked up");

    /// <summary>The PersistentVolumeClaim of that namespace and name.</summary>
    public virtual Lookup<PersistentVolumeClaim> PersistentVolumeClaim(string @namespace, string name) =>
        Lookup<PersistentVolumeClaim>.NotSeen("PersistentVolumeClaims were not looked up");

    /// <summary>The PersistentVolume of that name.</summary>
    public virtual Lookup<PersistentVolume> PersistentVolume(string name) =>
        Lookup<PersistentVolume>.NotSeen("PersistentVolumes were not looked up");

    /// <summary>The DataVolume of that namespace and name.</summary>
    public virtual Lookup<DataVolume> DataVolume(string @namespace, string name) =>
        Lookup<DataVolume>.NotSeen("DataVolumes were not looked up");

    /// <summary>The attachments of that PersistentVolume to nodes.</summary>
    public virtual LookupAll<VolumeAttachment> AttachmentsOf(string persistentVolume) =>
        LookupAll<VolumeAttachment>.NotSeen("VolumeAttachments were not looked up");
}
