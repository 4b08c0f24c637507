using System.Globalization;
using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nad;

/// <summary>nad-mtu-not-jumbo: a network whose VMs would get a NIC too small for jumbo frames, however large the node's MTU is.</summary>
public sealed class NadMtuNotJumbo : Rule<NetworkDefinition>
{
    // Ethernet's own MTU, the kernel's default for the links that plugins make.
    private const int KernelMtu = 1500;

    // The tunnel header of OVN-Kubernetes, by which a localnet may be larger than the cluster network.
    private const int TunnelHeader = 100;

    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nad-mtu-not-jumbo",
        Title = "Network attachment has no jumbo MTU",
        Severity = Severity.Error,
        Rationale =
            "The NIC of a VM gets its MTU from the network definition, not from the bridge or the node: without mtu the plugin makes a link of " +
            "1500 bytes, though \"everything is 9000\". LLT runs every link at the smallest MTU of all its links and supports jumbo frames only. " +
            "Where members of a cluster differ, links look up while big messages die: V-14-1-10205 \"in trouble\" and \"active\" in turns, a joiner " +
            "hangs at \"Getting snapshot\". An iSCSI network may stay at 1500, if every level does.",
        Remedy =
            "Set mtu in the plugin that makes the link: the node's MTU less the overhead of Open vSwitch, 8990 over 9000. Where the link takes the " +
            "MTU of another device (macvlan, vlan, SR-IOV, host-device), set it there.",
        Guide = [GuideSentence.S8, GuideSentence.S11],
        Fix = FixAvailability.Safe,
        WhyNotFixed = "what the network stands on is not known to carry jumbo frames, or sets the mtu itself",
        Examples =
        [
            Example.Bad("mtu left out", at: "spec.config#/mtu", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1"}
                """).FixedBy("\"br-llt1\"}", "\"br-llt1\", \"mtu\": 9000}"),
            Example.Bad("tuning lowers it again", at: "spec.config#/plugins/1/mtu", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "plugins": [
                      {"type": "cnv-bridge", "bridge": "br-llt1", "mtu": 9000}, {"type": "cnv-tuning", "mtu": 1500}]}
                """).FixedBy("1500", "9000"),
            Example.Bad("a localnet takes the cluster network's", at: "spec.network.localnet.mtu", yaml: """
                apiVersion: k8s.ovn.org/v1
                kind: ClusterUserDefinedNetwork
                metadata: {name: llt1, labels: {infoscale.internal/role: llt}}
                spec:
                  namespaceSelector: {matchLabels: {infoscale: "yes"}}
                  network:
                    topology: Localnet
                    localnet: {role: Secondary, physicalNetworkName: physnet-llt1, ipam: {mode: Disabled}}
                """).FixedBy("Disabled}}", "Disabled}, mtu: 8990}"),
            Example.Warned("iSCSI at 1500: only if every level has it", at: "spec.config#/mtu", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: san0, namespace: erp-db, labels: {infoscale.internal/role: iscsi}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "san0", "type": "bridge", "bridge": "br-san0", "mtu": 1500}
                """),
            Example.Warned("a VLAN interface has its parent's", at: "spec.config#/mtu", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "vlan", "master": "bond0", "vlanId": 301}
                """),
            Example.Good("8990 over a node of 9000", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "localnet",
                     "physicalNetworkName": "physnet-llt1", "vlanID": 301, "mtu": 8990, "netAttachDefName": "erp-db/llt1"}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NetworkDefinition subject, RuleContext context)
    {
        // An mtu that is no number is nad-config-malformed.
        if (DefinedRole.Of(subject, context) is not DefinedRole role || subject.Link is not NetworkLink link
            || (link.Mtu.IsPresent && link.Mtu.Integer is null or < 0))
        {
            return [];
        }

        long? mtu = link.Mtu.Integer is long written and > 0 ? written : Default(link, context.Settings);
        if (mtu >= context.Settings.VmMtu)
        {
            return [];
        }

        NetworkPath path = context.Cluster.NodeNetworks.Below(subject, context);
        if (mtu is null && link.MtuDefault is MtuDefault.Parent or MtuDefault.Device && Followed(path) is (long followed, string place))
        {
            return followed >= context.Settings.VmMtu || (role.Role == NetworkRole.Iscsi && followed > KernelMtu)
                ? []
                : [Following(link, followed, place, role, context.Settings.VmMtu)];
        }

        bool isIscsi = role.Role == NetworkRole.Iscsi;
        long? below = isIscsi && path.Presence == NetworkPresence.Found && path.Paths.All(static nodes => nodes.Unknown.All(static hop => hop.Kind == HopKind.Switch))
            ? path.SmallestMtu
            : null;
        if (isIscsi && mtu > KernelMtu && below is not null)
        {
            // Every level has jumbo frames, or a smaller one is nad-mtu-exceeds-node.
            return [];
        }

        Finding finding = mtu is long bytes && link.Technology != LinkTechnology.Unknown
            ? below > KernelMtu ? Mixed(link, below.Value, role, context.Settings.VmMtu) : Small(subject, link, bytes, role, context.Settings)
            : Unseen(link, role, context.Settings.VmMtu);
        return [finding with { Evidence = $"{link.Type} {link.Mtu}", Shortfall = context.Settings.VmMtu - mtu, Mend = () => JumboMtu.FixOf(subject, role.Role, context) }];
    }

    // The smallest MTU of the master or device that the link takes over, and where; null where it is not known on every node.
    private static (long Mtu, string Place)? Followed(NetworkPath path)
    {
        (long Mtu, string Place)? smallest = null;
        bool isUnknown = path.Presence != NetworkPresence.Found;
        foreach (NodePath nodes in path.Paths)
        {
            if (nodes.Hops[0].Mtu is not long mtu)
            {
                isUnknown = true;
            }
            else if (smallest is null || mtu < smallest.Value.Mtu)
            {
                smallest = (mtu, nodes.Place);
            }
        }

        return isUnknown && !(smallest?.Mtu <= KernelMtu) ? null : smallest;
    }

    private Finding Following(NetworkLink link, long mtu, string place, DefinedRole role, int needed)
    {
        string on = place.Length > 0 ? $" on {place}" : "";
        FieldError error = link.Mtu.IsMissing && link.MtuDefault == MtuDefault.Parent
            ? FieldError.Required(link.Mtu.Path, $"absent is the MTU of {link.Parent}, {mtu}{on}; {role} needs {needed} or more")
            : FieldError.Invalid(link.Parent, $"the NIC has the MTU of this device, {mtu}{on}; {role} needs {needed} or more");
        string remedy = $"raise {link.Parent} to {needed} or more";
        return role.Role == NetworkRole.Llt ? Report(error, remedy) : Warn(error, remedy);
    }

    private Finding Mixed(NetworkLink link, long below, DefinedRole role, int needed)
    {
        string detail = $"{role} must have jumbo frames at all levels or at none, and all levels below have {below} or more";
        return Report(link.Mtu.IsMissing ? FieldError.Required(link.Mtu.Path, detail) : FieldError.Invalid(link.Mtu, detail), $"set mtu to {needed}");
    }

    // Absent is not jumbo: what the cluster network is not said to have, OVN-Kubernetes makes 1400.
    private static long? Default(NetworkLink link, RuleSettings settings) => link.MtuDefault switch
    {
        MtuDefault.Kernel => KernelMtu,
        MtuDefault.ClusterNetwork => settings.ClusterNetworkMtu ?? KernelMtu - TunnelHeader,
        MtuDefault.ClusterNetworkAndHeader => settings.ClusterNetworkMtu + TunnelHeader ?? KernelMtu,
        _ => null,
    };

    private Finding Small(NetworkDefinition subject, NetworkLink link, long mtu, DefinedRole role, RuleSettings settings)
    {
        int needed = settings.VmMtu;
        bool iscsi = role.Role == NetworkRole.Iscsi;
        string found = Absence(link, mtu, settings);
        string limit = !iscsi ? string.Create(CultureInfo.InvariantCulture, $"{role} needs {needed} or more, LLT supports jumbo frames only")
            : mtu <= KernelMtu ? $"{role} may have it only where NIC, bridge, network and VM all do"
            : $"{role} may have it only where all levels do, and the others were not seen";
        string detail = found.Length > 0 ? $"{found}; {limit}" : limit;
        FieldError error = link.Mtu.IsMissing ? FieldError.Required(link.Mtu.Path, detail) : FieldError.Invalid(link.Mtu, detail);
        string set = string.Create(CultureInfo.InvariantCulture, $"set mtu to {needed}");
        string remedy = iscsi ? $"{set}, or keep all levels at one MTU"
            : subject is UserDefinedNetwork ? $"{set}; in an existing network it cannot be changed"
            : $"{set} or the node's MTU";
        return role.Role switch
        {
            NetworkRole.Iscsi when mtu > KernelMtu => CannotVerify(error, remedy, Subject(subject)),
            NetworkRole.Llt => Report(error, remedy, Subject(subject)),
            _ => Warn(error, remedy, Subject(subject)),
        };
    }

    private Finding Unseen(NetworkLink link, DefinedRole role, int needed)
    {
        string limit = string.Create(
            CultureInfo.InvariantCulture,
            $"{role} needs {needed} or more{(role.Role == NetworkRole.Iscsi ? ", or one MTU at all levels" : "")}");
        return link.MtuDefault switch
        {
            MtuDefault.Parent => CannotVerify(
                FieldError.Required(
                    link.Mtu.Path,
                    $"absent is the MTU of {(link.Parent.Text is string parent ? $"\"{parent}\"" : "the parent interface")}, which was not looked up; {limit}"),
                "set mtu on both"),
            MtuDefault.Device => CannotVerify(
                FieldError.Invalid(link.Type, $"the NIC keeps the MTU of its device, which was not looked up; {limit}"),
                link.Technology == LinkTechnology.SrIov ? "set mtu in the SriovNetworkNodePolicy" : "set mtu on the device"),
            _ => CannotVerify(
                link.Mtu.IsMissing
                    ? FieldError.Required(link.Mtu.Path, $"the MTU of plugin {link.Type} is not known here; {limit}")
                    : FieldError.Invalid(link.Mtu, $"what plugin {link.Type} makes of it is not known here; {limit}"),
                string.Create(CultureInfo.InvariantCulture, $"set mtu to {needed} if the plugin reads it")),
        };
    }

    private static string Absence(NetworkLink link, long mtu, RuleSettings settings)
    {
        if (link.Mtu.Integer is > 0)
        {
            return "";
        }

        string word = link.Mtu.IsMissing ? "absent" : "0";
        string source = settings.ClusterNetworkMtu is null ? " by default" : "";
        return link.MtuDefault switch
        {
            MtuDefault.ClusterNetworkAndHeader => string.Create(
                CultureInfo.InvariantCulture, $"{word} is the cluster network's plus {TunnelHeader}, {mtu}{source}"),
            MtuDefault.ClusterNetwork => string.Create(CultureInfo.InvariantCulture, $"{word} is the cluster network's, {mtu}{source}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{word} is {mtu}"),
        };
    }

    // There is one MTU per network, whichever plugin of a chain sets it.
    private static string Subject(NetworkDefinition subject) => subject is UserDefinedNetwork ? "mtu of the network" : "mtu of the attachment";
}
