using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>One plugin of a CNI configuration. Keys are found without regard to case, as the plugins' Go decoder does.</summary>
public sealed class CniPlugin
{
    /// <summary>The CNI type of OVN-Kubernetes.</summary>
    public const string OvnKubernetes = "ovn-k8s-cni-overlay";

    private readonly string? _type;
    private readonly Field _configuration;

    /// <summary>Reads the plugin.</summary>
    /// <param name="root">The plugin's map.</param>
    /// <param name="configuration">The configuration that it stands in, whose <c>name</c> is the network's; the same map where there is no list.</param>
    public CniPlugin(Field root, Field configuration)
    {
        Root = root;
        _configuration = configuration;
        Type = root.Find("type");
        _type = Type.Text;
        Technology = TechnologyOf(_type, Topology);
    }

    /// <summary>The plugin's map.</summary>
    public Field Root { get; }

    /// <summary>The name of the plugin's program.</summary>
    public Field Type { get; }

    /// <summary>The section of the plugin's address management.</summary>
    public Field Ipam => Root.Find("ipam");

    /// <summary>Whether the plugin is OVN-Kubernetes.</summary>
    public bool IsOvnKubernetes => _type == OvnKubernetes;

    /// <summary>Whether the plugin is <c>tuning</c>, under its own name or that of OpenShift Virtualization.</summary>
    public bool IsTuning => _type is "tuning" or "cnv-tuning";

    /// <summary>Whether the plugin makes no link but works on the one it is given (containernetworking/cni.dev content/plugins/current/meta).</summary>
    public bool IsChained => IsTuning || _type is "sbr" or "vrf" or "portmap" or "bandwidth" or "firewall" or "route-override" or "rdma";

    /// <summary>
    /// The plugin's MTU in bytes, as it reads it: <c>mtu</c>; for tuning <c>args.cni.mtu</c> before that; absent for the types that have no
    /// such key and leave the device as it is.
    /// </summary>
    public Field Mtu
    {
        get
        {
            if (Technology is LinkTechnology.SrIov or LinkTechnology.HostDevice)
            {
                return Field.AbsentAt(Root.Path.Property("mtu"));
            }

            Field argument = IsTuning ? Root.Find("args").Find("cni").Find("mtu") : default;
            return argument.IsPresent ? argument : Root.Find("mtu");
        }
    }

    /// <summary>
    /// Whether the program is known to read its <see cref="Mtu"/> as an integer, and so to fail on anything else.
    /// </summary>
    public bool ReadsMtuAsInteger => Technology is not (LinkTechnology.Unknown or LinkTechnology.SrIov or LinkTechnology.HostDevice)
        || IsTuning || IsOvnKubernetes || _type is "bond";

    /// <summary>What the plugin makes.</summary>
    public LinkTechnology Technology { get; }

    /// <summary>
    /// The topology of OVN-Kubernetes. Absent is the cluster's own network, in old releases layer3: an overlay either way
    /// (ovn-kubernetes/ovn-kubernetes go-controller/pkg/util/multi_network.go).
    /// </summary>
    public Field Topology => Root.Find("topology");

    /// <summary>What the link stands on, by the key that the type has for it; absent where it names nothing.</summary>
    public Field Parent
    {
        get
        {
            switch (Technology)
            {
                case LinkTechnology.Localnet:
                    // ovn-kubernetes/ovn-kubernetes go-controller/pkg/config/cni.go parseNetConfList: of a list, the list's name.
                    Field physical = Root.Find("physicalNetworkName");
                    return physical.IsPresent ? physical : _configuration.Find("name");
                case LinkTechnology.LinuxBridge or LinkTechnology.OvsBridge or LinkTechnology.Tap:
                    return Root.Find("bridge");
                case LinkTechnology.HostDevice:
                    return Root.Find("device");
                default:
                    return Root.Find("master");
            }
        }
    }

    /// <summary>The VLAN id, by the key that the type has for it; absent for the types that have none.</summary>
    public Field Vlan => Technology switch
    {
        LinkTechnology.Localnet => Root.Find("vlanID"),
        LinkTechnology.Vlan => Root.Find("vlanId"),
        LinkTechnology.LinuxBridge or LinkTechnology.OvsBridge or LinkTechnology.SrIov => Root.Find("vlan"),
        _ => default,
    };

    /// <summary>
    /// Where the link's MTU comes from while the plugin names none; without a topology OVN-Kubernetes takes the cluster network's
    /// (ovn-kubernetes/ovn-kubernetes go-controller/pkg/util/multi_network.go).
    /// </summary>
    public MtuDefault MtuDefault => Technology switch
    {
        LinkTechnology.Overlay when Topology.Text is null or "" => MtuDefault.ClusterNetwork,
        LinkTechnology.LinuxBridge or LinkTechnology.OvsBridge or LinkTechnology.Localnet or LinkTechnology.Overlay
            or LinkTechnology.Tap or LinkTechnology.PointToPoint => MtuDefault.Kernel,
        LinkTechnology.Macvlan or LinkTechnology.Ipvlan or LinkTechnology.Vlan or LinkTechnology.Macvtap => MtuDefault.Parent,
        LinkTechnology.SrIov or LinkTechnology.HostDevice => MtuDefault.Device,
        _ => MtuDefault.Unknown,
    };

    /// <summary>Who gives addresses to the pods, in document order.</summary>
    internal void AddAssignments(List<AddressAssignment> assignments)
    {
        // A plugin that works on another's link has no addresses to give; what stands there is not read.
        if (IsChained)
        {
            return;
        }

        Field type = Ipam.Find("type");
        if (type.Text is { Length: > 0 } word)
        {
            AddressAssignmentKind kind = word != "static" ? AddressAssignmentKind.Pool
                : Ipam.Find("addresses").Count > 0 ? AddressAssignmentKind.Fixed
                : AddressAssignmentKind.FromPod;
            assignments.Add(new AddressAssignment(type, kind, ByOvn: false));
        }

        Field subnets = IsOvnKubernetes ? Root.Find("subnets") : default;
        if (subnets.Text is string ranges && ranges.AsSpan().Trim() is not [])
        {
            AddressAssignmentKind kind = Root.Find("allowPersistentIPs").Boolean == true ? AddressAssignmentKind.Persistent : AddressAssignmentKind.Pool;
            assignments.Add(new AddressAssignment(subnets, kind, ByOvn: true));
        }
    }

    private static LinkTechnology TechnologyOf(string? type, Field topology) => type switch
    {
        "bridge" or "cnv-bridge" => LinkTechnology.LinuxBridge,
        "ovs" => LinkTechnology.OvsBridge,
        "macvlan" => LinkTechnology.Macvlan,
        "ipvlan" => LinkTechnology.Ipvlan,
        "vlan" => LinkTechnology.Vlan,
        "macvtap" => LinkTechnology.Macvtap,
        "tap" => LinkTechnology.Tap,
        "ptp" => LinkTechnology.PointToPoint,
        "sriov" or "ib-sriov" => LinkTechnology.SrIov,
        "host-device" => LinkTechnology.HostDevice,
        OvnKubernetes => topology.Text switch
        {
            "localnet" => LinkTechnology.Localnet,
            "layer2" or "layer3" or "" or null => LinkTechnology.Overlay,
            _ => LinkTechnology.Unknown,
        },
        _ => LinkTechnology.Unknown,
    };
}
