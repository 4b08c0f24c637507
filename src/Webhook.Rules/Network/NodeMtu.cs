using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Network;

/// <summary>Which interfaces of a node have an MTU that frames of virtual machines meet.</summary>
internal static class NodeMtu
{
    /// <summary>The MTU of Ethernet without jumbo frames, and what the kernel gives an interface for which none is set, in bytes.</summary>
    public const int Standard = 1500;

    /// <summary>Whether the interface has an MTU that counts: an OVS bridge has none, a VRF and a loopback carry no such frames.</summary>
    public static bool Counts(NodeInterface entry) =>
        entry.Type is not (NodeInterfaceType.OvsBridge or NodeInterfaceType.Vrf or NodeInterfaceType.NodeInternal);

    /// <summary>
    /// Whether the MTU must be given, because nothing better than <see cref="Standard"/> follows where it is not. An ovs-interface follows
    /// the ports of its bridge, other links follow their base.
    /// </summary>
    public static bool IsNeeded(NodeInterface entry) =>
        entry.Type is NodeInterfaceType.Ethernet or NodeInterfaceType.Bond or NodeInterfaceType.Vlan or NodeInterfaceType.LinuxBridge;
}
