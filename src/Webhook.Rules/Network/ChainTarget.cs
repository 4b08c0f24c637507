using Webhook.Resources;

namespace Webhook.Rules.Network;

/// <summary>What a network stands on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name, as the network writes it.</param>
internal readonly record struct ChainTarget(TargetKind Kind, string Name)
{
    /// <summary>The target of a network, or null where it stands on nothing of a node, or names nothing.</summary>
    public static ChainTarget? Of(NetworkDefinition network)
    {
        if (network.Link is not { Parent.Text: { Length: > 0 } name } link)
        {
            return null;
        }

        TargetKind? kind = link.Technology switch
        {
            LinkTechnology.Localnet => TargetKind.Localnet,
            LinkTechnology.OvsBridge => TargetKind.OvsBridge,
            LinkTechnology.LinuxBridge or LinkTechnology.Tap => TargetKind.LinuxBridge,
            LinkTechnology.Macvlan or LinkTechnology.Ipvlan or LinkTechnology.Vlan or LinkTechnology.Macvtap or LinkTechnology.HostDevice => TargetKind.Master,
            _ => null,
        };
        return kind is TargetKind known ? new ChainTarget(known, name) : null;
    }
}

/// <summary>The kinds of things that networks stand on.</summary>
internal enum TargetKind
{
    /// <summary>A physical network of OVN.</summary>
    Localnet,

    /// <summary>An OVS bridge.</summary>
    OvsBridge,

    /// <summary>A bridge of the kernel.</summary>
    LinuxBridge,

    /// <summary>Any interface.</summary>
    Master,
}
