using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>Something in a network definition that gives addresses to pods, which KubeVirt hands on to the guest by DHCP.</summary>
/// <param name="At">The field that asks for it: <c>ipam.type</c>, <c>subnets</c>, <c>ipam.mode</c>; absent where the default does.</param>
/// <param name="Kind">How the addresses are chosen.</param>
/// <param name="ByOvn">
/// Whether OVN-Kubernetes assigns them; its port security then drops every other address of the guest (ovn-kubernetes/ovn-kubernetes
/// go-controller/pkg/ovn/base_network_controller_pods.go).
/// </param>
public sealed record AddressAssignment(Field At, AddressAssignmentKind Kind, bool ByOvn);

/// <summary>How the addresses of a network are chosen.</summary>
public enum AddressAssignmentKind
{
    /// <summary>From a pool or a lease: it may change with every virt-launcher pod.</summary>
    Pool,

    /// <summary>From a pool, kept for the VM's life in an IPAMClaim (kubevirt/ipam-extensions README.md).</summary>
    Persistent,

    /// <summary>Written in the definition, the same for every pod (containernetworking/cni.dev content/plugins/current/ipam/static.md).</summary>
    Fixed,

    /// <summary>Asked from the pod; KubeVirt never asks (kubevirt/kubevirt pkg/network/multus/annotation.go <c>newAnnotationData</c>).</summary>
    FromPod,
}
