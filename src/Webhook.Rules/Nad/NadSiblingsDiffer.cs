using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Nad;

/// <summary>nad-siblings-differ: two definitions of one OVN network that do not say the same.</summary>
public sealed class NadSiblingsDiffer : Rule<NetworkDefinition>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nad-siblings-differ",
        Title = "Definitions of one OVN network differ",
        Severity = Severity.Warning,
        Rationale =
            "OVN-Kubernetes knows a network by the name in its configuration, whichever namespaces define it, and refuses a definition that " +
            "does not agree with those it has. Which one it saw first is chance: after the next restart another one may count. Members of one " +
            "LLT link then have unlike MTUs (V-14-1-10205 \"in trouble\" and \"active\" in turns) or are in unlike VLANs.",
        Remedy = "Write the same mtu, vlanID and topology into all definitions of the name, or give the other network another name.",
        Guide = [GuideSentence.S11],
        Examples =
        [
            Example.Warned("the same name with another mtu", at: "spec.config#/mtu", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "localnet",
                     "physicalNetworkName": "physnet-llt1", "vlanID": 301, "mtu": 9000, "netAttachDefName": "erp-db/llt1"}
                """,
                given: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: crm-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "localnet",
                     "physicalNetworkName": "physnet-llt1", "vlanID": 301, "mtu": 8990, "netAttachDefName": "crm-db/llt1"}
                """),
            Example.Good("the same in two namespaces", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "localnet",
                     "physicalNetworkName": "physnet-llt1", "vlanID": 301, "mtu": 8990, "netAttachDefName": "erp-db/llt1"}
                """,
                given: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: crm-db, labels: {infoscale.internal/role: llt}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "localnet",
                     "physicalNetworkName": "physnet-llt1", "vlanID": 301, "mtu": 8990, "netAttachDefName": "crm-db/llt1"}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NetworkDefinition subject, RuleContext context)
    {
        if (subject is not NetworkAttachmentDefinition { OvnNetworkName: string name, Link: NetworkLink link })
        {
            yield break;
        }

        foreach (NetworkDefinition sibling in context.Cluster.NetworksNamed(name).Found)
        {
            if (!sibling.IsSameObjectAs(subject) && sibling.Link is NetworkLink other && Difference(link, other) is (Field mine, Field others, string key))
            {
                string detail = $"{sibling.Namespace}/{sibling.Name} defines OVN network {Field.Quote(name)} with {key} {others}";
                yield return Report(
                    mine.IsMissing ? FieldError.Required(mine.Path, detail) : FieldError.Invalid(mine, detail),
                    "write the same in all definitions of that name",
                    $"{key} of the network") with { Evidence = $"{mine} {others}" };
                yield break;
            }
        }
    }

    private static (Field Mine, Field Others, string Key)? Difference(NetworkLink link, NetworkLink other) =>
        !string.Equals(link.Type.Text ?? "", other.Type.Text ?? "", StringComparison.OrdinalIgnoreCase) ? (link.Type, other.Type, "topology")
        : link.VlanId != other.VlanId ? (link.Vlan, other.Vlan, "vlanID")
        : link.Mtu.Integer.GetValueOrDefault() != other.Mtu.Integer.GetValueOrDefault() ? (link.Mtu, other.Mtu, "mtu")
        : null;
}
