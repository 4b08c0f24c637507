namespace Webhook.Resources.Nmstate;

/// <summary>An interface that carries an InfoScale network, together with what it stands on.</summary>
public sealed class RoleInterface
{
    private readonly List<RoleInterface> _lower = [];
    private readonly List<RoleInterface> _upper = [];

    internal RoleInterface(NodeInterface @interface, NetworkRole role)
    {
        Interface = @interface;
        Role = role;
    }

    /// <summary>The entry of the policy.</summary>
    public NodeInterface Interface { get; }

    /// <summary>Its name.</summary>
    public string Name => Interface.Name;

    /// <summary>The role; of several the one that asks the most: LLT, then iSCSI, then low-priority LLT.</summary>
    public NetworkRole Role { get; }

    /// <summary>Whether it carries that role, alone or among others.</summary>
    public bool Carries(NetworkRole role) => (RoleBits & 1 << (int)role) != 0;

    /// <summary>Whether the role was assumed by the caller, and not given by the policy.</summary>
    public bool IsAssumed { get; internal init; }

    /// <summary>
    /// Whether it is an uplink that carries other networks too: the machine network's default route or br-ex is on it, an interface without
    /// role stands on it, or the role reaches it only as the base of a VLAN.
    /// </summary>
    public bool IsShared { get; internal init; }

    /// <summary>Whether nothing else of a role network stands on it: the bridge or VLAN that virtual machines attach to.</summary>
    public bool IsTop { get; internal set; } = true;

    /// <summary>What it stands on, as far as the policy declares it.</summary>
    public IReadOnlyList<RoleInterface> Lower => _lower;

    /// <summary>What stands on it.</summary>
    public IReadOnlyList<RoleInterface> Upper => _upper;

    /// <summary>The role as a message names it.</summary>
    public string RoleWord => IsAssumed ? $"{Role.Word()} (assumed)" : Role.Word();

    /// <inheritdoc/>
    public override string ToString() => $"{RoleWord} interface {Interface}";

    /// <summary>
    /// The one with the smallest known MTU among those that carry its frames, or null: its base, members or ports; for the node's own port
    /// of an OVS bridge the uplinks of that bridge.
    /// </summary>
    public RoleInterface? WeakestBelow { get; internal set; }

    internal int RoleBits { get; init; }

    internal void StandsOn(RoleInterface lower)
    {
        _lower.Add(lower);
        lower._upper.Add(this);
        lower.IsTop = false;
        WeakestBelow = Weaker(WeakestBelow, lower);
    }

    internal static RoleInterface? Weaker(RoleInterface? known, RoleInterface candidate) =>
        candidate.Interface.MtuValue is long mtu && (known is null || mtu < known.Interface.MtuValue) ? candidate : known;
}

/// <summary>An interface that a role network stands on and that the policy does not declare.</summary>
/// <param name="Upper">The interface that stands on it.</param>
/// <param name="Link">Its name and where that is written.</param>
public readonly record struct UndeclaredLink(RoleInterface Upper, LowerLink Link);
