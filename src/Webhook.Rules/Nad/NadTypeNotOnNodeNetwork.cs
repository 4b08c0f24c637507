using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nad;

/// <summary>nad-type-not-on-node-network: a network that does not rest on what an NNCP configures on the nodes.</summary>
public sealed class NadTypeNotOnNodeNetwork : Rule<NetworkDefinition>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nad-type-not-on-node-network",
        Title = "Network does not rest on a node network",
        Severity = Severity.Error,
        Rationale =
            "LLT and iSCSI need a network whose NICs, bridge and addresses an NNCP configures on the nodes. The layer2 and layer3 topologies of " +
            "OVN-Kubernetes are tunnels over the cluster network: no path of their own, 100 bytes less, no way to an array. A ptp link is routed " +
            "and ends at the node. On macvlan and ipvlan KubeVirt's bridge binding does not work: the guest's own MAC address gets no frames. " +
            "SR-IOV works, but its NICs are set up by another operator, and are unplugged for the whole of a live migration: with all links on it " +
            "the member loses every heartbeat (V-14-1-10205, jeopardy).",
        Remedy =
            "Use a bridge that an NNCP configures: type bridge or cnv-bridge, or topology localnet with a physicalNetworkName that an NNCP maps to " +
            "its OVS bridge.",
        Guide = [GuideSentence.S13, GuideSentence.S14],
        Examples =
        [
            Example.Bad("an overlay of OVN-Kubernetes", at: "spec.config#/topology", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "layer2", "mtu": 8990,
                     "netAttachDefName": "erp-db/llt1"}
                """),
            Example.Bad("macvlan under a VM", at: "spec.config#/type", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "macvlan", "master": "ens3f0", "mtu": 9000}
                """),
            Example.Bad("a UserDefinedNetwork is an overlay", at: "spec.topology", yaml: """
                apiVersion: k8s.ovn.org/v1
                kind: UserDefinedNetwork
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  topology: Layer2
                  layer2: {role: Secondary, mtu: 8990, ipam: {mode: Disabled}}
                """),
            Example.Warned("SR-IOV", at: "spec.config#/plugins/0/type", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata:
                  name: llt1
                  namespace: erp-db
                  labels: {infoscale.internal/role: llt}
                  annotations: {k8s.v1.cni.cncf.io/resourceName: openshift.io/llt1}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "plugins": [{"type": "sriov", "vlan": 301}, {"type": "tuning", "mtu": 9000}]}
                """),
            Example.Good("a localnet", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "mtu": 8990,
                     "physicalNetworkName": "physnet-llt1", "netAttachDefName": "erp-db/llt1"}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NetworkDefinition subject, RuleContext context)
    {
        DefinedRole? role = DefinedRole.Of(subject, context);
        if ((role is null && !subject.IsOptedIn) || subject.Link is not NetworkLink link)
        {
            return [];
        }

        string needed = $"{(role is DefinedRole known ? known.ToString() : "InfoScale")} needs a network that an NNCP configures";
        Finding? finding = link.Technology switch
        {
            LinkTechnology.Overlay => Overlay(subject, link.Type, needed, role),
            LinkTechnology.PointToPoint => Wrong(link.Type, $"a routed link that ends at the node; {needed}"),
            LinkTechnology.Macvlan or LinkTechnology.Ipvlan => Wrong(
                link.Type, $"KubeVirt's bridge binding does not work on it; {needed} and VMs can use"),
            LinkTechnology.SrIov => Warn(
                FieldError.Invalid(
                    link.Type,
                    "its NICs are usually set up by an SriovNetworkNodePolicy, not an NNCP, and are unplugged during a live migration"
                    + (role?.IsAssumed == true ? $"; {role}" : "")),
                "keep another NIC on a bridge or localnet"),
            LinkTechnology.Unknown => Unknown(link.Type, needed),
            _ => null,
        };
        return finding is null ? [] : [finding];
    }

    private Finding Overlay(NetworkDefinition subject, Field topology, string needed, DefinedRole? role)
    {
        FieldError error = topology.IsMissing || topology.Text is ""
            ? FieldError.Required(topology.Path, $"without it the network is an overlay of OVN-Kubernetes; {needed}")
            : FieldError.Invalid(topology, $"an overlay of OVN-Kubernetes, on no network of its own; {needed}");
        string remedy = subject switch
        {
            UserDefinedNetwork { IsClusterScoped: true } => "use topology Localnet with a physicalNetworkName that an NNCP maps",
            UserDefinedNetwork => "use a ClusterUserDefinedNetwork with topology Localnet",
            _ => "use topology localnet with a physicalNetworkName that an NNCP maps",
        };
        return role?.Role == NetworkRole.LltLowpri && subject.IsPrimary ? Warn(error, remedy) : Report(error, remedy);
    }

    private Finding Wrong(Field type, string detail) =>
        Report(FieldError.Invalid(type, detail), "use type bridge or cnv-bridge, or an OVN localnet");

    // OVN-Kubernetes refuses a topology it does not know; of another plugin nothing is known here.
    private Finding Unknown(Field type, string needed) => type.Name is string name && name.Equals("topology", StringComparison.OrdinalIgnoreCase)
        ? Report(FieldError.NotSupported(type, $"must be localnet; {needed}"), "use topology localnet")
        : CannotVerify(
            FieldError.Invalid(type, $"a plugin not known here; {needed}, and that was not seen"),
            "use type bridge or cnv-bridge, or an OVN localnet");
}
