using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>The NIC that a network gives to a pod, and through it to the guest.</summary>
/// <param name="Technology">What makes it.</param>
/// <param name="Type">The field that says so: a plugin's <c>type</c>, or the <c>topology</c> of OVN-Kubernetes; may be absent.</param>
/// <param name="Mtu">The field that decides its MTU in bytes; absent where nothing in the definition does, 0 counts as absent.</param>
/// <param name="MtuDefault">Where the MTU comes from while <paramref name="Mtu"/> is absent.</param>
/// <param name="Parent">The field that names what the link stands on (<c>bridge</c>, <c>master</c>, physical network); may be absent.</param>
/// <param name="Vlan">The field that tags its frames with a VLAN id; absent where they are not tagged, or the type cannot.</param>
public sealed record NetworkLink(LinkTechnology Technology, Field Type, Field Mtu, MtuDefault MtuDefault, Field Parent, Field Vlan)
{
    /// <summary>The VLAN id, or null where frames are not tagged: 0 and null count as absent.</summary>
    public long? VlanId => Vlan.Integer is > 0 and long id ? id : null;
}

/// <summary>What makes the link of a network.</summary>
public enum LinkTechnology
{
    /// <summary>A plugin or topology that is not known here.</summary>
    Unknown,

    /// <summary>A port of a Linux bridge: CNI types <c>bridge</c> and <c>cnv-bridge</c>.</summary>
    LinuxBridge,

    /// <summary>A port of an Open vSwitch bridge: CNI type <c>ovs</c>.</summary>
    OvsBridge,

    /// <summary>A port of OVN-Kubernetes on a physical network: topology localnet.</summary>
    Localnet,

    /// <summary>A port of OVN-Kubernetes on its own tunnels between the nodes: topologies layer2 and layer3.</summary>
    Overlay,

    /// <summary>CNI type <c>macvlan</c>.</summary>
    Macvlan,

    /// <summary>CNI type <c>ipvlan</c>.</summary>
    Ipvlan,

    /// <summary>A VLAN interface that is moved into the pod: CNI type <c>vlan</c>.</summary>
    Vlan,

    /// <summary>CNI type <c>macvtap</c>.</summary>
    Macvtap,

    /// <summary>A tap device, on a bridge if one is named: CNI type <c>tap</c>.</summary>
    Tap,

    /// <summary>A routed pair of interfaces between pod and node: CNI type <c>ptp</c>.</summary>
    PointToPoint,

    /// <summary>A virtual function: CNI types <c>sriov</c> and <c>ib-sriov</c>.</summary>
    SrIov,

    /// <summary>An interface of the node that is moved into the pod: CNI type <c>host-device</c>.</summary>
    HostDevice,
}

/// <summary>Where the MTU of a link comes from while the definition names none.</summary>
public enum MtuDefault
{
    /// <summary>Not known here.</summary>
    Unknown,

    /// <summary>
    /// The kernel's 1500: the plugin makes a veth pair or tap without an MTU (containernetworking/plugins
    /// plugins/main/bridge/bridge.go <c>setupVeth</c>, ovn-kubernetes/ovn-kubernetes go-controller/pkg/cni/helper_linux.go).
    /// </summary>
    Kernel,

    /// <summary>The parent interface's (containernetworking/plugins plugins/main/macvlan/macvlan.go, plugins/main/vlan/vlan.go).</summary>
    Parent,

    /// <summary>The device's own; the plugin has no key for it (k8snetworkplumbingwg/sriov-cni docs/configuration-reference.md).</summary>
    Device,

    /// <summary>The cluster network's.</summary>
    ClusterNetwork,

    /// <summary>
    /// The cluster network's plus the 100 bytes of its tunnel header (ovn-kubernetes/ovn-kubernetes
    /// go-controller/pkg/clustermanager/userdefinednetwork/template/net-attach-def-template.go <c>localnetMTU</c>).
    /// </summary>
    ClusterNetworkAndHeader,
}
