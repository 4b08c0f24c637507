using Webhook.Resources;
using Webhook.Resources.Nmstate;

namespace Webhook.Rules.Network;

/// <summary>What the MTU of an interface is among the levels of its iSCSI network.</summary>
internal enum IscsiLevel
{
    /// <summary>Nothing to say about it.</summary>
    Fine,

    /// <summary>Without jumbo frames, while another level of the chain has them.</summary>
    Mixed,

    /// <summary>The upper end of a chain that has no jumbo frames at any level.</summary>
    AllSmall,
}

/// <summary>
/// The levels of the iSCSI networks of one policy: jumbo frames at all levels or at none. A level that also carries LLT is judged as LLT;
/// an uplink shared with other networks may be larger than the iSCSI network on it.
/// </summary>
internal sealed class IscsiLevels
{
    private readonly IReadOnlySet<RoleInterface> _jumbo;
    private readonly IReadOnlySet<RoleInterface> _small;

    private IscsiLevels(IReadOnlySet<RoleInterface> jumbo, IReadOnlySet<RoleInterface> small)
    {
        _jumbo = jumbo;
        _small = small;
    }

    /// <summary>Reads the levels of all iSCSI chains.</summary>
    public static IscsiLevels Read(InterfaceRoles roles)
    {
        IReadOnlySet<RoleInterface> withJumbo = roles.Above(
            static member => member.Role == NetworkRole.Iscsi && !member.IsShared && member.Interface.MtuValue > NodeMtu.Standard);
        IReadOnlySet<RoleInterface> jumbo = roles.Below(
            member => member.IsTop && member.Carries(NetworkRole.Iscsi) && withJumbo.Contains(member));

        // Of a chain without jumbo frames one level speaks: the uppermost small one, and of several ports of one bridge the first.
        IReadOnlySet<RoleInterface> under = roles.Below(static member => member.Upper.Any(IsSmallByItself));
        var small = new HashSet<RoleInterface>();
        var heard = new HashSet<RoleInterface>();
        foreach (RoleInterface member in roles.Members)
        {
            if (IsSmallByItself(member) && !jumbo.Contains(member) && !under.Contains(member) && !member.Upper.Any(heard.Contains))
            {
                small.Add(member);
                heard.UnionWith(member.Upper);
            }
        }

        return new IscsiLevels(jumbo, small);
    }

    /// <summary>What the interface is among its levels.</summary>
    public IscsiLevel Of(RoleInterface member) =>
        _jumbo.Contains(member)
            ? member.Role == NetworkRole.Iscsi && IsSmall(member) ? IscsiLevel.Mixed : IscsiLevel.Fine
            : _small.Contains(member) ? IscsiLevel.AllSmall : IscsiLevel.Fine;

    /// <summary>Whether the interface belongs to a chain with jumbo frames, so that what it stands on needs them too.</summary>
    public bool NeedsJumboBelow(RoleInterface member) => _jumbo.Contains(member);

    private static bool IsSmallByItself(RoleInterface member) => member.Role == NetworkRole.Iscsi && !member.IsShared && IsSmall(member);

    private static bool IsSmall(RoleInterface member) =>
        NodeMtu.Counts(member.Interface)
        && (member.Interface.MtuValue is long mtu
            ? mtu <= NodeMtu.Standard
            : member.Interface.Mtu.IsMissing && NodeMtu.IsNeeded(member.Interface));
}
