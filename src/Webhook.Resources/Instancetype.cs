using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A VirtualMachineInstancetype or VirtualMachineClusterInstancetype (instancetype.kubevirt.io): CPU, memory and other resources of the
/// machines that name it (kubevirt/kubevirt staging/src/kubevirt.io/api/instancetype/v1beta1/types.go).
/// </summary>
/// <param name="root">The object.</param>
public sealed class Instancetype(Field root) : KubernetesObject(root)
{
    /// <summary>
    /// By how many percent less memory is requested from the node than the guest has; 0 where all of it is (kubevirt/kubevirt
    /// pkg/instancetype/apply/memory.go).
    /// </summary>
    public long OvercommitPercent => Spec["memory"]["overcommitPercent"].Integer ?? 0;
}
