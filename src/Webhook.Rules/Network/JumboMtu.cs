using System.Globalization;
using Webhook.Resources;

namespace Webhook.Rules.Network;

/// <summary>The MTU that a network should give to its guests: the one place where the chain below is asked for it.</summary>
internal static class JumboMtu
{
    /// <summary>
    /// The fix of a network whose MTU is absent or too small, or null where none can be given: what the network stands on does not carry jumbo
    /// frames, or takes its MTU from elsewhere. Networks that may do without jumbo frames get them only where the chain is known to have them.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="role">Its role.</param>
    /// <param name="context">Settings and cluster.</param>
    public static Fix? FixOf(NetworkDefinition network, NetworkRole role, RuleContext context)
    {
        RuleSettings settings = context.Settings;
        if (network.Link is not NetworkLink link || Overhead(link.Technology, settings) is not int overhead
            || SmallestBelow(network, role, context) is not long smallest || smallest < settings.NodeMtu)
        {
            return null;
        }

        long value = Math.Min(smallest, settings.NodeMtu) - overhead;
        return Fix.SetMtu(
            link.Mtu,
            value,
            overhead > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{value + overhead} of the node less {overhead} for Open vSwitch")
                : "as the node has it");
    }

    // Overlays and plugins that take the MTU of another device have no place here.
    private static int? Overhead(LinkTechnology technology, RuleSettings settings) => technology switch
    {
        LinkTechnology.LinuxBridge => 0,
        LinkTechnology.Localnet or LinkTechnology.OvsBridge => settings.OvsOverhead,
        _ => null,
    };

    // LLT runs on jumbo frames only, so that a chain that nobody has seen is taken to have them. What is not known of a switch says nothing
    // against the node.
    private static long? SmallestBelow(NetworkDefinition network, NetworkRole role, RuleContext context)
    {
        NetworkPath path = context.Cluster.NodeNetworks.Below(network, context);
        if (role == NetworkRole.Llt)
        {
            return path.SmallestMtu ?? context.Settings.NodeMtu;
        }

        bool isKnown = path.Presence == NetworkPresence.Found;
        foreach (NodePath node in path.Paths)
        {
            foreach (Hop hop in node.Unknown)
            {
                isKnown &= hop.Kind == HopKind.Switch;
            }
        }

        return isKnown ? path.SmallestMtu : null;
    }
}
