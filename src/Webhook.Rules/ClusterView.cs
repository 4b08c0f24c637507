using Webhook.Resources;

namespace Webhook.Rules;

/// <summary>
/// What the cluster around an object holds, at one moment. Rules ask it; who fills it, and from where, is not theirs to know.
/// The base class has seen nothing, so every answer is "not seen".
/// </summary>
public class ClusterView
{
    /// <summary>A view that has seen nothing.</summary>
    public static ClusterView Unseen { get; } = new();

    /// <summary>The NetworkAttachmentDefinition of that namespace and name.</summary>
    public virtual Lookup<NetworkAttachmentDefinition> NetworkAttachmentDefinition(string @namespace, string name) =>
        Lookup<NetworkAttachmentDefinition>.NotSeen("NetworkAttachmentDefinitions were not looked up");

    /// <summary>The StorageClass of that name.</summary>
    public virtual Lookup<StorageClass> StorageClass(string name) => Lookup<StorageClass>.NotSeen("StorageClasses were not looked up");

    /// <summary>The class of claims that name none.</summary>
    /// <param name="forVirtualMachines">Whether the default for disk images of virtual machines goes first.</param>
    public virtual Lookup<StorageClass> DefaultStorageClass(bool forVirtualMachines) =>
        Lookup<StorageClass>.NotSeen("StorageClasses were not looked up");

    /// <summary>The PersistentVolumeClaim of that namespace and name.</summary>
    public virtual Lookup<PersistentVolumeClaim> PersistentVolumeClaim(string @namespace, string name) =>
        Lookup<PersistentVolumeClaim>.NotSeen("PersistentVolumeClaims were not looked up");

    /// <summary>The PersistentVolume of that name.</summary>
    public virtual Lookup<PersistentVolume> PersistentVolume(string name) =>
        Lookup<PersistentVolume>.NotSeen("PersistentVolumes were not looked up");

    /// <summary>The DataVolume of that namespace and name.</summary>
    public virtual Lookup<DataVolume> DataVolume(string @namespace, string name) =>
        Lookup<DataVolume>.NotSeen("DataVolumes were not looked up");

    /// <summary>The Nodes that a policy selects.</summary>
    public virtual LookupAll<Node> NodesSelectedBy(NodeNetworkConfigurationPolicy policy) =>
        LookupAll<Node>.NotSeen("Nodes were not looked up");

    /// <summary>The other policies that apply to a node which this one selects.</summary>
    public virtual LookupAll<NodeNetworkConfigurationPolicy> PoliciesBeside(NodeNetworkConfigurationPolicy policy) =>
        LookupAll<NodeNetworkConfigurationPolicy>.NotSeen("other policies were not looked up");
}
