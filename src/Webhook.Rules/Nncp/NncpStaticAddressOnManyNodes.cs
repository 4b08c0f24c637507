using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-static-address-on-many-nodes: one literal address for every node that a policy selects.</summary>
public sealed class NncpStaticAddressOnManyNodes : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-static-address-on-many-nodes",
        Title = "One static address would be set on several nodes",
        Severity = Severity.Error,
        Rationale =
            "A policy is applied as it stands to every node that its selector matches, so a literal address ends up on all of them: " +
            "duplicate addresses on the LLT or iSCSI network, broken sessions, links in trouble. OpenShift asks for one policy with a node " +
            "selector per node where addresses are static. A selector by node-role.kubernetes.io/worker matches every worker; how many that " +
            "are cannot be seen without looking at the Nodes.",
        Remedy = "Write one policy per node, each with nodeSelector kubernetes.io/hostname and its own address.",
        Guide = [GuideSentence.S13, GuideSentence.S16],
        Examples =
        [
            Example.Bad("two workers are selected", at: "spec.nodeSelector", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: llt-two-workers
                  labels: {infoscale.internal/role: llt}
                  annotations: {infoscale.internal/switch-mtu: "9216"}
                spec:
                  nodeSelector: {node-role.kubernetes.io/worker: ""}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - name: br-llt1
                      type: linux-bridge
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                      ipv6: {enabled: false}
                      bridge: {port: [{name: ens3f0}]}
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9000}
                """,
                given: """
                apiVersion: v1
                kind: Node
                metadata: {name: worker-1, labels: {node-role.kubernetes.io/worker: ""}}
                ---
                apiVersion: v1
                kind: Node
                metadata: {name: worker-2, labels: {node-role.kubernetes.io/worker: ""}}
                """),
            Example.Warned("how many workers there are cannot be seen", at: "spec.nodeSelector", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: llt-workers
                  labels: {infoscale.internal/role: llt}
                  annotations: {infoscale.internal/switch-mtu: "9216"}
                spec:
                  nodeSelector: {node-role.kubernetes.io/worker: ""}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - name: br-llt1
                      type: linux-bridge
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                      ipv6: {enabled: false}
                      bridge: {port: [{name: ens3f0}]}
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9000}
                """),
            Example.Good("the selector names the node", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: llt-worker-1
                  labels: {infoscale.internal/role: llt}
                  annotations: {infoscale.internal/switch-mtu: "9216"}
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-1}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - name: br-llt1
                      type: linux-bridge
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                      ipv6: {enabled: false}
                      bridge: {port: [{name: ens3f0}]}
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9000}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        LookupAll<Node> nodes = context.Cluster.NodesSelectedBy(subject);
        if (nodes.Unverified is null ? nodes.Found.Count == 1 : subject.SelectsOneNode)
        {
            yield break;
        }

        string? addresses = null;
        RoleInterface? first = null;
        foreach (RoleInterface member in NodeRoles.Of(subject, context).Members)
        {
            if (!member.IsShared)
            {
                foreach (NodeAddress address in member.Interface.Addresses())
                {
                    if (address.IsLiteral)
                    {
                        first ??= member;
                        addresses = addresses is null ? address.ToString() : $"{addresses} {address}";
                    }
                }
            }
        }

        if (first is null)
        {
            yield break;
        }

        string selector = Selector(subject);
        string found = $"{first} has {Several(addresses!)}";
        const string Remedy = "write one policy per node, selected by kubernetes.io/hostname";
        if (nodes.Unverified is string unseen)
        {
            yield return CannotVerify(
                FieldError.Invalid(subject.NodeSelector.Path, selector, $"{found}, and the selector may match several nodes ({unseen})"), Remedy)
                with { Evidence = $"{selector} {addresses}" };
        }
        else
        {
            Finding finding = Report(
                FieldError.Invalid(subject.NodeSelector.Path, selector, $"{found}, and the selector matches {(nodes.Found.Count == 0 ? "no node" : Names.List([.. nodes.Found.Select(static node => node.Name)]))}"), Remedy)
                with { Evidence = $"{selector} {addresses}" };
            yield return nodes.Found.Count == 0 ? finding with { Severity = Severity.Warning } : finding;
        }
    }

    private static string Selector(NodeNetworkConfigurationPolicy policy)
    {
        foreach (Field label in policy.NodeSelector.Members())
        {
            string first = $"{label.Name}={label.Text}";
            first = first.Length > 48 ? $"{first.AsSpan(0, 48)}..." : first;
            return policy.NodeSelector.Count > 1 ? $"{first} and {policy.NodeSelector.Count - 1} more" : first;
        }

        return "empty";
    }

    private static string Several(string addresses)
    {
        int blank = addresses.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? addresses : $"{addresses.AsSpan(0, blank)} and {addresses.AsSpan(blank).Count(' ')} more";
    }
}
