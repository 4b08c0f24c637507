using Webhook.Resources.Json;

namespace Webhook.Resources.Nmstate;

/// <summary>The state of a node's networks in nmstate's words (nmstate/nmstate rust/src/lib/net_state.rs). Any part may be a template.</summary>
/// <param name="state">The state.</param>
public sealed class NetworkState(Field state)
{
    /// <summary>The bridge that OVN-Kubernetes makes at installation; it carries the node's default route.</summary>
    public const string MachineBridge = "br-ex";

    /// <summary>
    /// The physical network that OVN-Kubernetes maps to <see cref="MachineBridge"/> itself (ovn-kubernetes/ovn-kubernetes
    /// go-controller/pkg/types/const.go <c>PhysicalNetworkName</c>).
    /// </summary>
    public const string MachineLocalnet = "physnet";

    private IReadOnlyList<NodeInterface>? _interfaces;
    private HashSet<string>? _defaultRouteInterfaces;
    private IReadOnlyList<BridgeMapping>? _mappings;
    private ILookup<string, BridgeMapping>? _mappingsByBridge;
    private ILookup<string, NodeInterface>? _interfacesByName;

    /// <summary>The whole state.</summary>
    public Field Field { get; } = state;

    /// <summary>The list of interfaces as written; a template where the node decides.</summary>
    public Field InterfaceList => Field["interfaces"];

    /// <summary>The entries of <see cref="InterfaceList"/> that are maps.</summary>
    public IReadOnlyList<NodeInterface> Interfaces => _interfaces ?? Memo.Keep(ref _interfaces, ReadInterfaces());

    /// <summary>The interfaces that a default route of <c>routes.config</c> leaves by.</summary>
    public IReadOnlySet<string> DefaultRouteInterfaces => _defaultRouteInterfaces ??= ReadDefaultRoutes();

    /// <summary>Whether some interface's name is a template, or the whole list or an item of it is: then a name that is missing may come from there.</summary>
    public bool NamesAreTemplates
    {
        get
        {
            if (InterfaceList.IsTemplate)
            {
                return true;
            }

            foreach (Field item in InterfaceList.Items())
            {
                if (item.IsTemplate || item["name"].IsTemplate)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The entries of that name, of any type and in any state, in their order.</summary>
    public IEnumerable<NodeInterface> Named(string name) =>
        (_interfacesByName ?? Memo.Keep(ref _interfacesByName, Interfaces.ToLookup(static entry => entry.Name, StringComparer.Ordinal)))[name];

    /// <summary>The interface of the kernel of that name that shall be up (an OVS bridge is none), or null.</summary>
    public NodeInterface? Find(string name)
    {
        foreach (NodeInterface entry in Named(name))
        {
            if (entry.IsUp && entry.Type != NodeInterfaceType.OvsBridge)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>The names of all entries, in any state, and of everything they stand on.</summary>
    public IReadOnlySet<string> AllNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (NodeInterface entry in Interfaces)
        {
            names.Add(entry.Name);
            foreach (LowerLink link in entry.Lower)
            {
                names.Add(link.Name);
            }
        }

        return names;
    }

    /// <summary>
    /// The mappings of physical networks, from <c>ovn.bridge-mappings</c> and from <c>ovs-db.external_ids.ovn-bridge-mappings</c>
    /// (<c>physnet:br-ex,llt:br-llt1</c>), which says the same by hand.
    /// </summary>
    public IReadOnlyList<BridgeMapping> BridgeMappings() => _mappings ?? Memo.Keep(ref _mappings, ReadMappings());

    /// <summary>The mappings that name a bridge, those to be taken away included.</summary>
    public IEnumerable<BridgeMapping> MappingsTo(string bridge) =>
        (_mappingsByBridge ?? Memo.Keep(ref _mappingsByBridge, BridgeMappings().ToLookup(static mapping => mapping.Bridge, StringComparer.Ordinal)))[bridge];

    private List<BridgeMapping> ReadMappings()
    {
        var mappings = new List<BridgeMapping>();
        foreach (Field item in Field["ovn"]["bridge-mappings"].Items())
        {
            if (item["localnet"].Text is string localnet && !item["localnet"].IsTemplate)
            {
                mappings.Add(new BridgeMapping(localnet, NmstateScalar.Name(item["bridge"]) ?? "", item, item["state"].Is("absent")));
            }
        }

        Field text = Field["ovs-db"]["external_ids"]["ovn-bridge-mappings"];
        if (text.Text is null || text.IsTemplate)
        {
            return mappings;
        }

        foreach (string entry in text.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = entry.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                mappings.Add(new BridgeMapping(entry[..colon], entry[(colon + 1)..], text, IsAbsent: false));
            }
        }

        return mappings;
    }

    private List<NodeInterface> ReadInterfaces()
    {
        var interfaces = new List<NodeInterface>(InterfaceList.Count);
        foreach (Field item in InterfaceList.Items())
        {
            if (item.IsMap)
            {
                interfaces.Add(new NodeInterface(item));
            }
        }

        return interfaces;
    }

    private HashSet<string> ReadDefaultRoutes()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Field route in Field["routes"]["config"].Items())
        {
            if (route["destination"].Text is "0.0.0.0/0" or "::/0" && route["state"].Text != "absent"
                && NmstateScalar.Name(route["next-hop-interface"]) is string name)
            {
                names.Add(name);
            }
        }

        return names;
    }
}
