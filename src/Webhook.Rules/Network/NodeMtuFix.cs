using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Network;

/// <summary>
/// The fix of a level of a node's network that has no jumbo MTU. It is safe where the whole chain ends up jumbo by values that nobody set
/// otherwise: a level alone above a smaller one is what nmstate cannot apply.
/// </summary>
internal static class NodeMtuFix
{
    /// <summary>The fix of a member whose MTU is absent or too small.</summary>
    /// <param name="member">The member.</param>
    /// <param name="roles">The roles of its policy.</param>
    /// <param name="beside">The other policies of its nodes; asked only if the chain leaves this one.</param>
    /// <param name="value">The MTU of the node's levels, in bytes.</param>
    public static Fix Of(RoleInterface member, InterfaceRoles roles, Func<LookupAll<NodeNetworkConfigurationPolicy>> beside, int value)
    {
        const string Why = "as every level of the node needs it";
        if (!IsWholeChain(level => MayBeSet(level, value), member, roles, beside, value))
        {
            return Fix.SetMtu(member.Interface.Mtu, value, Why).AsUnsafe();
        }

        // What it stands on is raised with it or not at all: where one of them cannot be, neither is this one.
        var fields = new List<Field> { member.Interface.Mtu };
        foreach (RoleInterface level in roles.Below(other => ReferenceEquals(other, member)))
        {
            if (!ReferenceEquals(level, member) && NodeMtu.IsNeeded(level.Interface) && level.Interface.Mtu.IsMissing)
            {
                fields.Add(level.Interface.Mtu);
            }
        }

        return Fix.SetMtu(fields, value, Why);
    }

    /// <summary>
    /// The fix of an ovs-interface without MTU, or null where there is nothing to set or it is not known to be right: the whole chain but such
    /// interfaces must be jumbo already, the uplinks of the bridge declared, and nothing else carried on it.
    /// </summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static Fix? OfFollower(RoleInterface member, InterfaceRoles roles, Func<LookupAll<NodeNetworkConfigurationPolicy>> beside, int value) =>
        IsFollower(member) && !member.IsShared && member.Role != NetworkRole.LltLowpri
            && member.WeakestBelow is not null && member.Upper.Any(static upper => upper.Interface.Type == NodeInterfaceType.OvsBridge)
            && IsWholeChain(level => IsFollower(level) || IsJumbo(level.Interface, value), member, roles, beside, value)
            ? Fix.SetMtu(member.Interface.Mtu, value, "as its uplinks have it")
            : null;

    private static bool IsFollower(RoleInterface level) => level.Interface is { Type: NodeInterfaceType.OvsInterface, Mtu.IsMissing: true };

    // A number on the bridge itself is ignored by the node, but says what its author wants: nncp-mtu-on-ovs-bridge moves it.
    private static bool IsJumbo(NodeInterface level, int value) => NodeMtu.Counts(level) ? level.MtuValue >= value : level.Mtu.IsMissing;

    private static bool IsWholeChain(
        Func<RoleInterface, bool> isRight, RoleInterface member, InterfaceRoles roles, Func<LookupAll<NodeNetworkConfigurationPolicy>> beside, int value)
    {
        IReadOnlySet<RoleInterface> above = roles.Above(other => ReferenceEquals(other, member));
        IReadOnlySet<RoleInterface> chain = roles.Below(above.Contains);
        foreach (RoleInterface level in chain)
        {
            if (!isRight(level))
            {
                return false;
            }
        }

        foreach (UndeclaredLink link in roles.Undeclared)
        {
            if (chain.Contains(link.Upper) && !IsJumboElsewhere(link.Link.Name, beside().Found, value))
            {
                return false;
            }
        }

        return true;
    }

    // What other networks share is left alone, and low priority links need no jumbo frames.
    private static bool MayBeSet(RoleInterface level, int value) =>
        !NodeMtu.Counts(level.Interface)
        || (level.Interface.MtuValue is long mtu
            ? mtu >= value
            : level.Interface.Mtu.IsMissing && level.Role != NetworkRole.LltLowpri && level.Interface.Type != NodeInterfaceType.NotGiven
                && !(level.IsShared && NodeMtu.IsNeeded(level.Interface)));

    private static bool IsJumboElsewhere(string name, IReadOnlyList<NodeNetworkConfigurationPolicy> policies, int value)
    {
        foreach (NodeNetworkConfigurationPolicy policy in policies)
        {
            if (policy.State.Find(name)?.MtuValue >= value)
            {
                return true;
            }
        }

        return false;
    }
}
