namespace Webhook.Resources;

/// <summary>
/// A kind of object that is looked up in a cluster, with what it takes to list it. All versions of one group ever served hold the same
/// fields as far as the views read them; which of them a cluster serves is found out there.
/// </summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Resource">The plural name, as URLs have it.</param>
/// <param name="IsNamespaced">Whether its objects are in namespaces.</param>
/// <param name="Versions">The versions that are read, the preferred first.</param>
public sealed record ClusterKind(string Group, string Kind, string Resource, bool IsNamespaced, params IReadOnlyList<string> Versions)
{
    /// <summary>Node.</summary>
    public static ClusterKind Node { get; } = new("", "Node", "nodes", false, "v1");

    /// <summary>Namespace.</summary>
    public static ClusterKind Namespace { get; } = new("", "Namespace", "namespaces", false, "v1");

    /// <summary>Network of config.openshift.io: the pod network.</summary>
    public static ClusterKind ClusterNetwork { get; } = new("config.openshift.io", "Network", "networks", false, "v1");

    /// <summary>NodeNetworkConfigurationPolicy.</summary>
    public static ClusterKind NodeNetworkConfigurationPolicy { get; } =
        new("nmstate.io", "NodeNetworkConfigurationPolicy", "nodenetworkconfigurationpolicies", false, "v1", "v1beta1");

    /// <summary>NodeNetworkState.</summary>
    public static ClusterKind NodeNetworkState { get; } = new("nmstate.io", "NodeNetworkState", "nodenetworkstates", false, "v1beta1");

    /// <summary>NetworkAttachmentDefinition.</summary>
    public static ClusterKind NetworkAttachmentDefinition { get; } =
        new("k8s.cni.cncf.io", "NetworkAttachmentDefinition", "network-attachment-definitions", true, "v1");

    /// <summary>UserDefinedNetwork.</summary>
    public static ClusterKind UserDefinedNetwork { get; } = new("k8s.ovn.org", "UserDefinedNetwork", "userdefinednetworks", true, "v1");

    /// <summary>ClusterUserDefinedNetwork.</summary>
    public static ClusterKind ClusterUserDefinedNetwork { get; } =
        new("k8s.ovn.org", "ClusterUserDefinedNetwork", "clusteruserdefinednetworks", false, "v1");

    /// <summary>VirtualMachine.</summary>
    public static ClusterKind VirtualMachine { get; } = new("kubevirt.io", "VirtualMachine", "virtualmachines", true, "v1", "v1alpha3");

    /// <summary>VirtualMachineInstance.</summary>
    public static ClusterKind VirtualMachineInstance { get; } =
        new("kubevirt.io", "VirtualMachineInstance", "virtualmachineinstances", true, "v1", "v1alpha3");

    /// <summary>VirtualMachineSnapshot.</summary>
    public static ClusterKind VirtualMachineSnapshot { get; } =
        new("snapshot.kubevirt.io", "VirtualMachineSnapshot", "virtualmachinesnapshots", true, "v1beta1", "v1alpha1");

    /// <summary>VirtualMachineInstancetype.</summary>
    public static ClusterKind Instancetype { get; } =
        new("instancetype.kubevirt.io", "VirtualMachineInstancetype", "virtualmachineinstancetypes", true, "v1beta1", "v1alpha2");

    /// <summary>VirtualMachineClusterInstancetype.</summary>
    public static ClusterKind ClusterInstancetype { get; } =
        new("instancetype.kubevirt.io", "VirtualMachineClusterInstancetype", "virtualmachineclusterinstancetypes", false, "v1beta1", "v1alpha2");

    /// <summary>VirtualMachinePreference.</summary>
    public static ClusterKind Preference { get; } =
        new("instancetype.kubevirt.io", "VirtualMachinePreference", "virtualmachinepreferences", true, "v1beta1", "v1alpha2");

    /// <summary>VirtualMachineClusterPreference.</summary>
    public static ClusterKind ClusterPreference { get; } =
        new("instancetype.kubevirt.io", "VirtualMachineClusterPreference", "virtualmachineclusterpreferences", false, "v1beta1", "v1alpha2");

    /// <summary>DataVolume.</summary>
    public static ClusterKind DataVolume { get; } = new("cdi.kubevirt.io", "DataVolume", "datavolumes", true, "v1beta1", "v1alpha1");

    /// <summary>StorageProfile.</summary>
    public static ClusterKind StorageProfile { get; } = new("cdi.kubevirt.io", "StorageProfile", "storageprofiles", false, "v1beta1");

    /// <summary>PersistentVolumeClaim.</summary>
    public static ClusterKind PersistentVolumeClaim { get; } = new("", "PersistentVolumeClaim", "persistentvolumeclaims", true, "v1");

    /// <summary>PersistentVolume.</summary>
    public static ClusterKind PersistentVolume { get; } = new("", "PersistentVolume", "persistentvolumes", false, "v1");

    /// <summary>StorageClass.</summary>
    public static ClusterKind StorageClass { get; } = new("storage.k8s.io", "StorageClass", "storageclasses", false, "v1", "v1beta1");

    /// <summary>VolumeAttachment.</summary>
    public static ClusterKind VolumeAttachment { get; } = new("storage.k8s.io", "VolumeAttachment", "volumeattachments", false, "v1", "v1beta1");

    /// <summary>Every kind that rules ask for.</summary>
    public static IReadOnlyList<ClusterKind> All { get; } =
    [
        Node, Namespace, ClusterNetwork, NodeNetworkConfigurationPolicy, NodeNetworkState, NetworkAttachmentDefinition, UserDefinedNetwork,
        ClusterUserDefinedNetwork, VirtualMachine, VirtualMachineInstance, VirtualMachineSnapshot, Instancetype, ClusterInstancetype, Preference,
        ClusterPreference, DataVolume, StorageProfile, PersistentVolumeClaim, PersistentVolume, StorageClass, VolumeAttachment,
    ];

    /// <summary>What is not seen where the cluster does not serve the kind, as a clause for a warning.</summary>
    public string NotServed => $"the cluster serves no {Kind}";

    /// <summary>What is not seen where the account may not list the kind, as a clause for a warning.</summary>
    public string NotListed => $"{Kind} objects may not be listed";

    /// <summary>The one of <see cref="All"/> that an object says it is, in any version of the group, or null.</summary>
    /// <param name="apiVersion">Group and version, as written.</param>
    /// <param name="kind">The kind, as written.</param>
    public static ClusterKind? Find(string? apiVersion, string? kind)
    {
        int slash = apiVersion?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        ReadOnlySpan<char> group = slash < 0 ? "" : apiVersion.AsSpan(0, slash);
        foreach (ClusterKind known in All)
        {
            if (known.Kind == kind && group.SequenceEqual(known.Group))
            {
                return known;
            }
        }

        return null;
    }

    /// <summary>The kind as it is called, with its group where several have one.</summary>
    public override string ToString() => Group.Length == 0 ? Kind : $"{Kind}.{Group}";
}
