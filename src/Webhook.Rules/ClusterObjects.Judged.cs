using Webhook.Resources;

namespace Webhook.Rules;

public sealed partial class ClusterObjects
{
    /// <summary>Every object of a kind that is judged, opted in or not: from the node up to what runs machines, then by namespace and name.</summary>
    public IEnumerable<KubernetesObject> Judged() =>
    [
        .. Shelf(ClusterKind.NodeNetworkConfigurationPolicy).List<NodeNetworkConfigurationPolicy>(),
        .. Shelf(ClusterKind.NetworkAttachmentDefinition).List<NetworkAttachmentDefinition>(),
        .. Shelf(ClusterKind.UserDefinedNetwork).List<UserDefinedNetwork>(),
        .. Shelf(ClusterKind.ClusterUserDefinedNetwork).List<UserDefinedNetwork>(),
        .. Shelf(ClusterKind.VirtualMachine).List<VirtualMachine>(),
        .. Shelf(ClusterKind.VirtualMachineInstance).List<VirtualMachine>(),
        .. Shelf(ReplicaSet).List<VirtualMachine>(),
        .. Shelf(Pool).List<VirtualMachine>(),
    ];
}
