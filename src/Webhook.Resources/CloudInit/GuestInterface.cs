using Webhook.Resources.Json;

namespace Webhook.Resources.CloudInit;

/// <summary>
/// One device that network data configures inside the guest, read alike from all formats. Fields keep the path where each thing was said.
/// </summary>
public sealed class GuestInterface
{
    private readonly List<GuestAddress> _addresses = [];
    private List<Field>? _dhcpAsks;
    private List<string>? _under;

    internal GuestInterface(Field entry, string name, bool isPhysical)
    {
        Entry = entry;
        Name = name;
        IsPhysical = isPhysical;
    }

    /// <summary>The entry of the document.</summary>
    public Field Entry { get; }

    /// <summary>
    /// What other entries call it: the key in version 2, <c>name</c> in version 1, <c>id</c> in OpenStack's format. Without a match it is the
    /// device's name in the guest as well.
    /// </summary>
    public string Name { get; }

    /// <summary>Whether it stands for a NIC, not for a bond, VLAN or bridge above others.</summary>
    public bool IsPhysical { get; }

    /// <summary>The hardware address that the entry is bound to; absent where it is bound by name.</summary>
    public Field Mac { get; internal set; }

    /// <summary>The name or glob of <c>match.name</c>; absent where there is none.</summary>
    public Field NamePattern { get; internal set; }

    /// <summary>Whether the entry is matched by something else than name or hardware address, such as <c>match.driver</c>.</summary>
    public bool IsMatchedOtherwise { get; internal set; }

    /// <summary>The name that the guest gives the device (<c>set-name</c>; in OpenStack's format <c>name</c>), or null.</summary>
    public string? NewName { get; internal set; }

    /// <summary>The static addresses.</summary>
    public IReadOnlyList<GuestAddress> Addresses => _addresses;

    /// <summary>The keys that ask for dynamic addresses.</summary>
    public IReadOnlyList<Field> DhcpAsks => _dhcpAsks ?? (IReadOnlyList<Field>)[];

    /// <summary>The MTU in bytes, or null where the entry sets none.</summary>
    public long? Mtu { get; private set; }

    /// <summary>The field that sets <see cref="Mtu"/>.</summary>
    public Field MtuField { get; private set; }

    /// <summary>A default gateway or default route through this device; absent where there is none.</summary>
    public Field DefaultRoute { get; internal set; }

    /// <summary>Name servers that are tied to this device; absent where there are none.</summary>
    public Field NameServers { get; internal set; }

    /// <summary>The <see cref="Name"/>s of the devices that this one stands on.</summary>
    public IReadOnlyList<string> Under => _under ?? (IReadOnlyList<string>)[];

    internal void Add(GuestAddress address) => _addresses.Add(address);

    internal void AskFor(Field dhcp) => (_dhcpAsks ??= []).Add(dhcp);

    internal void StandOn(string name) => (_under ??= []).Add(name);

    internal void SetMtu(Field field, long mtu) => (MtuField, Mtu) = (field, mtu);
}

/// <summary>A static address and where it stands.</summary>
/// <param name="Field">The field that holds it.</param>
/// <param name="Value">The address.</param>
public readonly record struct GuestAddress(Field Field, InterfaceAddress Value);

/// <summary>Something in network data that its reader cannot use.</summary>
/// <param name="At">The field; absent where something is missing.</param>
/// <param name="Detail">What is needed, in lower case and without a full stop.</param>
public readonly record struct NetworkDataDefect(Field At, string Detail);
