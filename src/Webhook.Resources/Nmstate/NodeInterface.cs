using System.Net;
using Webhook.Resources.Json;

namespace Webhook.Resources.Nmstate;

/// <summary>One entry of <c>interfaces</c>. An interface is known by name and type: an OVS bridge and its own port share a name.</summary>
/// <param name="entry">The entry: a map, or a template.</param>
public sealed class NodeInterface(Field entry)
{
    // Sections that hold a base-iface; each is named as the type it belongs to (nmstate/nmstate.github.io devel/yaml_api.md).
    private static readonly string[] BaseSections = ["vlan", "vxlan", "mac-vlan", "mac-vtap", "ipvlan", "infiniband", "macsec"];

    private IReadOnlyList<LowerLink>? _lower;
    private IpSettings? _ipv4;
    private IpSettings? _ipv6;

    /// <summary>The entry.</summary>
    public Field Field { get; } = entry;

    /// <summary>The name; empty where there is none.</summary>
    public string Name { get; } = NmstateScalar.Name(entry["name"]) ?? "";

    /// <summary>The type; a patch between two OVS bridges counts as internal to the node.</summary>
    public NodeInterfaceType Type { get; } =
        entry["patch"].IsMap && entry["type"].Is("ovs-interface") ? NodeInterfaceType.NodeInternal : NodeInterfaceTypes.Parse(entry["type"].Text);

    /// <summary>What shall become of it.</summary>
    public NodeInterfaceState State { get; } = entry["state"].Text switch
    {
        "absent" => NodeInterfaceState.Absent,
        "down" => NodeInterfaceState.Down,
        "ignore" => NodeInterfaceState.Ignored,
        _ => NodeInterfaceState.Up,
    };

    /// <summary>Whether the interface shall be there and run.</summary>
    public bool IsUp => State == NodeInterfaceState.Up;

    /// <summary>The MTU in bytes, as written.</summary>
    public Field Mtu => Field["mtu"];

    /// <summary>The MTU in bytes, or null where it is absent, a template or no number; an OVS bridge has none whatever is written.</summary>
    public long? MtuValue => Type == NodeInterfaceType.OvsBridge ? null : NmstateScalar.Integer(Mtu) is > 0 and long mtu ? mtu : null;

    /// <summary>The largest MTU that the device takes, in bytes, as a NodeNetworkState reports it, or null.</summary>
    public long? MaxMtu => NmstateScalar.Integer(Field["max-mtu"]) is > 0 and long most ? most : null;

    /// <summary>What the switch ports at the other end say about themselves, as a NodeNetworkState reports it.</summary>
    public IEnumerable<LldpNeighbor> LldpNeighbors => LldpNeighbor.Read(Field);

    /// <summary>The <c>ipv4</c> section.</summary>
    public IpSettings Ipv4 => _ipv4 ??= new IpSettings(Field["ipv4"], isIpv6: false);

    /// <summary>The <c>ipv6</c> section.</summary>
    public IpSettings Ipv6 => _ipv6 ??= new IpSettings(Field["ipv6"], isIpv6: true);

    /// <summary>
    /// Whether it can hold addresses: nmstate drops those of an OVS bridge and refuses those of a patch (nmstate/nmstate
    /// rust/src/lib/ifaces/ovs.rs).
    /// </summary>
    public bool HoldsAddresses => Type != NodeInterfaceType.OvsBridge && !Field["patch"].IsMap;

    /// <summary>The static addresses of both families; none where it cannot hold any.</summary>
    public IEnumerable<NodeAddress> Addresses() => HoldsAddresses ? Ipv4.Addresses().Concat(Ipv6.Addresses()) : [];

    /// <summary>Whether it gets that address, with any prefix length.</summary>
    public bool Gets(IPAddress address)
    {
        foreach (NodeAddress given in Addresses())
        {
            if (given.IsLiteral && given.Address!.Value.Address.Equals(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a static address is given in either family.</summary>
    public bool HasStaticAddress => HoldsAddresses && (Ipv4.HasStaticAddress || Ipv6.HasStaticAddress);

    /// <summary>The bridge, bond or VRF that the interface says it is a port of; null where it says nothing, empty where it leaves it.</summary>
    public string? Controller => Field["controller"].Text;

    /// <summary>The mode of a bond as nmstate names it; the numbers 0 to 6 are read as the names they stand for. Null where it is not given.</summary>
    public string? BondMode
    {
        get
        {
            Field mode = BondSection["mode"];
            return NmstateScalar.Name(mode) switch
            {
                "0" => "balance-rr",
                "1" => "active-backup",
                "2" => "balance-xor",
                "3" => "broadcast",
                "4" or "lacp" => "802.3ad",
                "5" => "balance-tlb",
                "6" => "balance-alb",
                string word when !mode.IsTemplate => word,
                _ => null,
            };
        }
    }

    /// <summary>The <c>link-aggregation</c> section of a bond (alias <c>bond</c>).</summary>
    public Field BondSection => Either(Field, "link-aggregation", "bond");

    /// <summary>What the interface stands on: the base of a VLAN, the members of a bond, the ports of a bridge or VRF.</summary>
    public IReadOnlyList<LowerLink> Lower => _lower ??= ReadLower();

    /// <summary>The name in quotes, as a message shows it.</summary>
    public override string ToString() => Field["name"].ToString();

    private List<LowerLink> ReadLower()
    {
        var lower = new List<LowerLink>();
        foreach (string section in BaseSections)
        {
            if (IsOfType(section) && Field[section]["base-iface"] is var at && NmstateScalar.Name(at) is string name && !at.IsTemplate)
            {
                lower.Add(new LowerLink(name, at, IsBase: true));
            }
        }

        if (Type is NodeInterfaceType.Bond or NodeInterfaceType.NotGiven)
        {
            AddMembers(lower, BondSection);
        }

        if (Type is NodeInterfaceType.LinuxBridge or NodeInterfaceType.OvsBridge or NodeInterfaceType.NotGiven)
        {
            foreach (Field port in Either(Field["bridge"], "port", "ports").Items())
            {
                if (port["link-aggregation"].IsMap)
                {
                    AddMembers(lower, port["link-aggregation"]);
                }
                else
                {
                    AddPort(lower, port);
                }
            }
        }

        if (Type is NodeInterfaceType.Vrf or NodeInterfaceType.NotGiven)
        {
            AddMembers(lower, Field["vrf"]);
        }

        return lower;
    }

    // "slaves" is the key of nmstate 0.x, still in files for v1alpha1; "ports-config" that of nmstate 2.2.30 and later.
    private static void AddMembers(List<LowerLink> lower, Field section)
    {
        Field members = Either(section, "port", "ports");
        members = members.IsList ? members : Either(section, "ports-config", "slaves");
        foreach (Field member in members.Items())
        {
            AddPort(lower, member);
        }
    }

    private static void AddPort(List<LowerLink> lower, Field port)
    {
        Field at = port.IsMap ? Either(port, "name", "profile-name") : port;
        if (NmstateScalar.Name(at) is string name && !at.IsTemplate)
        {
            lower.Add(new LowerLink(name, at, IsBase: false));
        }
    }

    private bool IsOfType(string section) =>
        Type == NodeInterfaceType.NotGiven || Field["type"].Text == section;

    private static Field Either(Field map, string key, string alias) => map[key].IsPresent ? map[key] : map[alias];
}
