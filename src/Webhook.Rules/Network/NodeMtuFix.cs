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
        var fields = new List<Field> { member.Interface.Mtu };
        foreach (RoleInterface bridge in member.Upper)
        {
            foreach (RoleInterface port in bridge.Lower)
            {
                if (port.Interface.Type == NodeInterfaceType.OvsInterface && port.Interface.Mtu.IsMissing)
                {
                    fields.Add(port.Interface.Mtu);
                }
            }
        }

        var fix = Fix.SetMtu(fields, value, "as every level of the node needs it");
        return IsWholeChainMended(member, roles, beside, value) ? fix : fix.AsUnsafe();
    }

    private static bool IsWholeChainMended(
        RoleInterface member, InterfaceRoles roles, Func<LookupAll<NodeNetworkConfigurationPolicy>> beside, int value)
    {
        IReadOnlySet<RoleInterface> above = roles.Above(other => ReferenceEquals(other, member));
        IReadOnlySet<RoleInterface> chain = roles.Below(above.Contains);
        foreach (RoleInterface level in chain)
        {
            if (!MayBeSet(level, value))
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
