namespace Webhook.Resources.Nmstate;

/// <summary>The types of interfaces that matter for a network of virtual machines (nmstate/nmstate rust/src/lib/iface.rs <c>InterfaceType</c>).</summary>
public enum NodeInterfaceType
{
    /// <summary>Not given: nmstate resolves it by name from what the node has.</summary>
    NotGiven,

    /// <summary><c>ethernet</c>: a network card.</summary>
    Ethernet,

    /// <summary><c>bond</c>: several links as one.</summary>
    Bond,

    /// <summary><c>vlan</c>: a tagged network on a base interface.</summary>
    Vlan,

    /// <summary><c>linux-bridge</c>: a bridge of the kernel.</summary>
    LinuxBridge,

    /// <summary><c>ovs-bridge</c>: a bridge of Open vSwitch; it holds neither MTU nor addresses.</summary>
    OvsBridge,

    /// <summary><c>ovs-interface</c>: a port inside an Open vSwitch bridge that the node itself uses.</summary>
    OvsInterface,

    /// <summary><c>vrf</c>: a routing table with its interfaces; it carries no frames of its own.</summary>
    Vrf,

    /// <summary>An interface that leads to no network outside the node: <c>loopback</c>, <c>dummy</c>, <c>ipsec</c>, <c>xfrm</c>, <c>tun</c>.</summary>
    NodeInternal,

    /// <summary>Any other type.</summary>
    Other,
}

/// <summary>The words for <see cref="NodeInterfaceType"/>.</summary>
public static class NodeInterfaceTypes
{
    /// <summary>The type that a word names.</summary>
    public static NodeInterfaceType Parse(string? word) => word switch
    {
        null or "unknown" => NodeInterfaceType.NotGiven,
        "ethernet" => NodeInterfaceType.Ethernet,
        "bond" => NodeInterfaceType.Bond,
        "vlan" => NodeInterfaceType.Vlan,
        "linux-bridge" => NodeInterfaceType.LinuxBridge,
        "ovs-bridge" => NodeInterfaceType.OvsBridge,
        "ovs-interface" => NodeInterfaceType.OvsInterface,
        "vrf" => NodeInterfaceType.Vrf,
        "loopback" or "dummy" or "ipsec" or "xfrm" or "tun" => NodeInterfaceType.NodeInternal,
        _ => NodeInterfaceType.Other,
    };
}
