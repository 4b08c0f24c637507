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
    private readonly HashSet<RoleInterface> _mixed = [];
    private readonly HashSet<RoleInterface> _allSmall = [];
    private readonly HashSet<RoleInterface> _jumbo = [];

    private IscsiLevels()
    {
    }

    /// <summary>Reads the levels of all iSCSI chains.</summary>
    public static IscsiLevels Read(InterfaceRoles roles)
    {
        var levels = new IscsiLevels();
        foreach (RoleInterface top in roles.Members)
        {
            if (top.IsTop && top.Carries(NetworkRole.Iscsi))
            {
                levels.Add(top.Chain());
            }
        }

        return levels;
    }

    /// <summary>What the interface is among its levels.</summary>
    public IscsiLevel Of(RoleInterface member) =>
        _mixed.Contains(member) ? IscsiLevel.Mixed : _allSmall.Contains(member) && !_jumbo.Contains(member) ? IscsiLevel.AllSmall : IscsiLevel.Fine;

    /// <summary>Whether the interface belongs to a chain with jumbo frames, so that what it stands on needs them too.</summary>
    public bool NeedsJumboBelow(RoleInterface member) => _jumbo.Contains(member);

    private void Add(IReadOnlyList<RoleInterface> chain)
    {
        RoleInterface? firstSmall = null;
        bool anyJumbo = false;
        foreach (RoleInterface member in chain)
        {
            if (member.Role == NetworkRole.Iscsi && !member.IsShared)
            {
                anyJumbo |= member.Interface.MtuValue > NodeMtu.Standard;
                firstSmall ??= IsSmall(member) ? member : null;
            }
        }

        if (!anyJumbo)
        {
            if (firstSmall is not null)
            {
                _allSmall.Add(firstSmall);
            }

            return;
        }

        foreach (RoleInterface member in chain)
        {
            _jumbo.Add(member);
            if (member.Role == NetworkRole.Iscsi && IsSmall(member))
            {
                _mixed.Add(member);
            }
        }
    }

    private static bool IsSmall(RoleInterface member) =>
        NodeMtu.Counts(member.Interface)
        && (member.Interface.MtuValue is long mtu
            ? mtu <= NodeMtu.Standard
            : member.Interface.Mtu.IsMissing && NodeMtu.IsNeeded(member.Interface));
}
