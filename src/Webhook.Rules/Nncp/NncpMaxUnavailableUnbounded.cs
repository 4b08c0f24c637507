using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-max-unavailable-unbounded: a policy that may change InfoScale networks of several nodes at the same time.</summary>
public sealed class NncpMaxUnavailableUnbounded : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-max-unavailable-unbounded",
        Title = "Policy may change several nodes at once",
        Severity = Severity.Warning,
        Rationale =
            "Without maxUnavailable, nmstate changes half of the selected nodes at a time. Where the members of an InfoScale cluster run on " +
            "them, their LLT links go down together: jeopardy, then a split brain that fencing has to decide.",
        Remedy = "Set maxUnavailable: 1, or write one policy per node.",
        Guide = [],
        Examples =
        [
            Example.Warned("all workers, half of them at a time", at: "spec.maxUnavailable", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: llt-workers
                  labels: {infoscale.internal/role: llt}
                  annotations: {infoscale.internal/switch-mtu: "9216"}
                spec:
                  nodeSelector: {node-role.kubernetes.io/worker: ""}
                  capture:
                    llt-nic: interfaces.name == "ens3f0"
                  desiredState:
                    interfaces:
                    - name: ens3f0
                      type: ethernet
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: "{{ capture.llt-nic.interfaces.0.ipv4.address }}"}
                """),
            Example.Good("one policy per node", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: llt-worker-2
                  labels: {infoscale.internal/role: llt}
                  annotations: {infoscale.internal/switch-mtu: "9216"}
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-2}
                  desiredState:
                    interfaces:
                    - name: ens3f0
                      type: ethernet
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.22, prefix-length: 24}]}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        if (subject.SelectsOneNode || NmstateScalar.Integer(subject.MaxUnavailable) is 0 or 1
            || NodeRoles.Of(subject, context).Members.Count == 0)
        {
            yield break;
        }

        LookupAll<Node> nodes = context.Cluster.NodesSelectedBy(subject);
        if (nodes.Unverified is null && nodes.Found.Count <= 1)
        {
            yield break;
        }

        Field given = subject.MaxUnavailable;
        const string Remedy = "set maxUnavailable: 1";
        string how = nodes.Unverified is string unseen
            ? $"the selector may match many nodes ({unseen}), and links of several would go down together"
            : $"{nodes.Found.Count} nodes match the selector, and links of several would go down together";
        FieldError error = given.IsMissing
            ? FieldError.Required(given.Path, $"half of the nodes if left out: {how}")
            : FieldError.Invalid(given, how);
        yield return nodes.Unverified is null ? Report(error, Remedy) : CannotVerify(error, Remedy);
    }
}
