using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>The kinds that are judged, and the one place that turns JSON into a view of its kind.</summary>
public static class ResourceKinds
{
    /// <summary>
    /// The view for an object, or null for a kind that is not judged. The group decides together with the kind; any version of the group is
    /// read alike, since all versions that ever existed share these fields.
    /// </summary>
    public static KubernetesObject? View(Field root) => Match(root["apiVersion"].Text, root["kind"].Text) switch
    {
        JudgedKind.NodeNetworkConfigurationPolicy => new NodeNetworkConfigurationPolicy(root),
        JudgedKind.NetworkAttachmentDefinition => new NetworkAttachmentDefinition(root),
        JudgedKind.UserDefinedNetwork => new UserDefinedNetwork(root),
        JudgedKind.VirtualMachine => new VirtualMachine(root),
        JudgedKind.VirtualMachineCopy => new VirtualMachineCopy(root),
        _ => null,
    };

    /// <summary>The kinds, from the node up to what runs machines and what copies them.</summary>
    public static IReadOnlyList<string> Judged { get; } =
    [
        "NodeNetworkConfigurationPolicy", "NetworkAttachmentDefinition", "UserDefinedNetwork", "ClusterUserDefinedNetwork",
        "VirtualMachine", "VirtualMachineInstance", "VirtualMachineInstanceReplicaSet", "VirtualMachinePool",
        "VirtualMachineClone", "VirtualMachineRestore",
    ];

    /// <summary>Whether objects of that apiVersion and kind are judged.</summary>
    public static bool IsJudged(string? apiVersion, string? kind) => Match(apiVersion, kind) is not null;

    private static JudgedKind? Match(string? apiVersion, string? kind)
    {
        int slash = apiVersion?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        return (slash < 0 ? "" : apiVersion![..slash], kind) switch
        {
            ("nmstate.io", "NodeNetworkConfigurationPolicy") => JudgedKind.NodeNetworkConfigurationPolicy,
            ("k8s.cni.cncf.io", "NetworkAttachmentDefinition") => JudgedKind.NetworkAttachmentDefinition,
            ("k8s.ovn.org", "UserDefinedNetwork" or "ClusterUserDefinedNetwork") => JudgedKind.UserDefinedNetwork,
            ("kubevirt.io", "VirtualMachine" or "VirtualMachineInstance" or "VirtualMachineInstanceReplicaSet") => JudgedKind.VirtualMachine,
            ("pool.kubevirt.io", "VirtualMachinePool") => JudgedKind.VirtualMachine,
            ("clone.kubevirt.io", "VirtualMachineClone") or ("snapshot.kubevirt.io", "VirtualMachineRestore") => JudgedKind.VirtualMachineCopy,
            _ => null,
        };
    }

    private enum JudgedKind
    {
        NodeNetworkConfigurationPolicy,
        NetworkAttachmentDefinition,
        UserDefinedNetwork,
        VirtualMachine,
        VirtualMachineCopy,
    }
}
