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
        (string? group, JudgedKind judged) = kind switch
        {
            "NodeNetworkConfigurationPolicy" => ("nmstate.io", JudgedKind.NodeNetworkConfigurationPolicy),
            "NetworkAttachmentDefinition" => ("k8s.cni.cncf.io", JudgedKind.NetworkAttachmentDefinition),
            "UserDefinedNetwork" or "ClusterUserDefinedNetwork" => ("k8s.ovn.org", JudgedKind.UserDefinedNetwork),
            "VirtualMachine" or "VirtualMachineInstance" or "VirtualMachineInstanceReplicaSet" => ("kubevirt.io", JudgedKind.VirtualMachine),
            "VirtualMachinePool" => ("pool.kubevirt.io", JudgedKind.VirtualMachine),
            "VirtualMachineClone" => ("clone.kubevirt.io", JudgedKind.VirtualMachineCopy),
            "VirtualMachineRestore" => ("snapshot.kubevirt.io", JudgedKind.VirtualMachineCopy),
            _ => default((string?, JudgedKind)),
        };
        return group is not null && apiVersion is not null && apiVersion.StartsWith(group, StringComparison.Ordinal)
            && apiVersion.AsSpan(group.Length) is ['/', ..] ? judged : null;
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
