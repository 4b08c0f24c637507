using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nad;

/// <summary>nad-dynamic-ipam: a network that gives its VMs addresses, which then reach the guest by DHCP.</summary>
public sealed class NadDynamicIpam : Rule<NetworkDefinition>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nad-dynamic-ipam",
        Title = "Network gives out addresses that may change",
        Severity = Severity.Error,
        Rationale =
            "An address that the network assigns belongs to the virt-launcher pod, and KubeVirt hands it to the guest by DHCP: after a restart or " +
            "migration it may be another one. LLT over UDP has the addresses of its links written in /etc/llttab and loses the link, an iSCSI " +
            "session ends in \"detected conn error\". With OVN-Kubernetes subnets the guest cannot even set its own address: port security drops, " +
            "without any message, what comes from an address that OVN did not assign. OpenShift Virtualization supports no address management in " +
            "NetworkAttachmentDefinitions for VMs.",
        Remedy =
            "Leave address management out: no ipam section, no subnets, in a ClusterUserDefinedNetwork ipam.mode: Disabled. The guests set static " +
            "addresses, by cloud-init for example.",
        Guide = [GuideSentence.S3, GuideSentence.S7, GuideSentence.S15],
        WhyNotFixed = "which static addresses the guests get instead, only their author knows",
        Examples =
        [
            Example.Bad("addresses by whereabouts", at: "spec.config#/ipam/type", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": 9000,
                     "ipam": {"type": "whereabouts", "range": "172.30.1.0/24"}}
                """),
            Example.Bad("subnets of OVN-Kubernetes", at: "spec.config#/subnets", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: san0, namespace: erp-db, labels: {infoscale.internal/role: iscsi}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "san0", "type": "ovn-k8s-cni-overlay", "topology": "localnet",
                     "physicalNetworkName": "physnet-san0", "mtu": 8990, "subnets": "10.60.1.0/24", "netAttachDefName": "erp-db/san0"}
                """),
            Example.Warned("one address for every VM", at: "spec.config#/ipam/type", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": 9000,
                     "ipam": {"type": "static", "addresses": [{"address": "172.30.1.11/24"}]}}
                """),
            Example.Bad("address management is on by default", at: "spec.network.localnet.ipam.mode", yaml: """
                apiVersion: k8s.ovn.org/v1
                kind: ClusterUserDefinedNetwork
                metadata: {name: llt1, labels: {infoscale.internal/role: llt}}
                spec:
                  namespaceSelector: {matchLabels: {infoscale: "yes"}}
                  network:
                    topology: Localnet
                    localnet: {role: Secondary, physicalNetworkName: physnet-llt1, mtu: 8990, subnets: [172.30.1.0/24]}
                """),
            Example.Good("the guests set their own addresses", yaml: """
                apiVersion: k8s.ovn.org/v1
                kind: ClusterUserDefinedNetwork
                metadata: {name: llt1, labels: {infoscale.internal/role: llt}}
                spec:
                  namespaceSelector: {matchLabels: {infoscale: "yes"}}
                  network:
                    topology: Localnet
                    localnet: {role: Secondary, physicalNetworkName: physnet-llt1, mtu: 8990, ipam: {mode: Disabled}}
                """),
            Example.Good("an empty ipam section", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": 9000, "ipam": {}}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NetworkDefinition subject, RuleContext context)
    {
        DefinedRole? role = DefinedRole.Of(subject, context);

        // An unknown role word is a finding of its own; whatever it was to be, addresses must be static. Only a low-priority link in place of
        // the pod network may take what that network gives.
        if ((role is null && !subject.IsOptedIn) || (role?.Role == NetworkRole.LltLowpri && subject.IsPrimary))
        {
            yield break;
        }

        string needed = $"{(role is DefinedRole known ? known.ToString() : "InfoScale")} needs static ones in the guest";
        foreach (AddressAssignment assignment in subject.AddressAssignments)
        {
            Field at = assignment.At;
            (string detail, string remedy) = assignment.ByOvn
                ? ByOvn(subject, assignment, needed)
                : assignment.Kind switch
                {
                    AddressAssignmentKind.Fixed => ($"every VM of this network gets the same addresses, by DHCP from KubeVirt; {needed}", "remove ipam"),
                    AddressAssignmentKind.FromPod => ($"takes addresses from the pod's request, and KubeVirt requests none; {needed}", "remove ipam"),
                    _ => ($"its addresses may change with the pod{Reach(subject.Link)}; {needed}", "remove ipam"),
                };
            FieldError error = at.IsMissing ? FieldError.Required(at.Path, detail) : FieldError.Invalid(at, detail);
            Finding finding = assignment.Kind == AddressAssignmentKind.Pool ? Report(error, remedy) : Warn(error, remedy);
            yield return finding with { Evidence = $"{assignment.Kind} {at}" };
        }
    }

    // KubeVirt's DHCP server hands a pod's address on where it binds the pod's interface by a bridge, which it cannot do on all of them.
    private static string Reach(NetworkLink? link) => link?.Technology switch
    {
        LinkTechnology.LinuxBridge or LinkTechnology.OvsBridge or LinkTechnology.Vlan or LinkTechnology.Tap or LinkTechnology.PointToPoint
            or LinkTechnology.HostDevice => ", and reach the guest by DHCP",
        LinkTechnology.SrIov => ", and never reach a guest on SR-IOV",
        _ => "",
    };

    private static (string Detail, string Remedy) ByOvn(NetworkDefinition network, AddressAssignment assignment, string needed)
    {
        string changing = assignment.Kind == AddressAssignmentKind.Persistent ? "are stable but reach the guest by DHCP" : "may change and reach the guest by DHCP";
        string enabled = assignment.At.IsMissing && assignment.At.Name == "mode" ? "Enabled by default: " : "";
        string remedy = network switch
        {
            NetworkAttachmentDefinition => "remove subnets",
            _ when assignment.At.Name == "subnets" => "use a ClusterUserDefinedNetwork of topology Localnet",
            _ => "set ipam.mode: Disabled, without subnets",
        };
        return ($"{enabled}OVN's addresses {changing}, port security drops any other; {needed}", remedy);
    }
}
