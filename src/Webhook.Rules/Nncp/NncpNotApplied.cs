using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-not-applied: a policy that is not what the nodes have.</summary>
public sealed class NncpNotApplied : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-not-applied",
        Title = "Policy is not what the nodes have",
        Severity = Severity.Warning,
        IsAuditOnly = true,
        Rationale =
            "That a policy is accepted does not mean that it is applied: nmstate rolls back what takes the node away, a card may refuse the mtu, " +
            "and somebody may have changed the node by hand afterwards. The manifests then say 9000 from end to end while frames above 1500 are " +
            "dropped. This compares with the conditions of the policy and with the NodeNetworkState of each node; at admission it says nothing.",
        Remedy = "Look at the NodeNetworkConfigurationEnactment of the node (kubectl get nnce) for what nmstate said, mend it and apply the policy anew.",
        Guide = [GuideSentence.S11],
        Examples =
        [
            Example.Warned("the node has another mtu", at: "spec.desiredState.interfaces[0].mtu", yaml: Applied, given: State(1500)),
            Example.Good("the node has what the policy says", yaml: Applied, given: State(9000)),
        ],
    };

    private static readonly string Applied = ExampleCard.Policy() + """

        status:
          conditions: [{type: Available, status: "True", reason: SuccessfullyConfigured}, {type: Degraded, status: "False"}]
        """;

    private const string Remedy = "see kubectl get nnce for what nmstate said";

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        if (Condition(subject, "Available") is not Field available)
        {
            yield break;
        }

        if (available["status"].Text != "True")
        {
            // While it is being applied nothing is wrong yet.
            if (Condition(subject, "Progressing")?["status"].Text != "True")
            {
                yield return Report(FieldError.Invalid(available["status"], $"the policy is not Available: {Reason(subject, available)}"), Remedy, "Available");
            }

            yield break;
        }

        IReadOnlyList<NodeNetworkState> states = NodeStates.Of(subject, context.Cluster).Seen;
        foreach (RoleInterface member in states.Count == 0 ? [] : NodeRoles.Of(subject, context).Members)
        {
            foreach (Finding finding in Compare(member, states))
            {
                yield return finding;
            }
        }
    }

    private static string State(int mtu) => $$$$"""
        apiVersion: nmstate.io/v1beta1
        kind: NodeNetworkState
        metadata: {name: worker-1}
        status:
          lastSuccessfulUpdateTime: "2026-06-15T11:58:00Z"
          currentState:
            interfaces:
            - name: ens3f0
              type: ethernet
              state: up
              mtu: {{{{mtu}}}}
              ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
        """;

    private IEnumerable<Finding> Compare(RoleInterface member, IReadOnlyList<NodeNetworkState> states)
    {
        NodeInterface entry = member.Interface;
        // A profile that is bound to a hardware address has a name of its own, not the interface's.
        if (entry.Type == NodeInterfaceType.OvsBridge || entry.Field["name"].IsTemplate || entry.Field["identifier"].Text is not (null or "name"))
        {
            yield break;
        }

        foreach (NodeNetworkState state in states)
        {
            string node = state.Seen is string time ? $"{state.Name} (seen {time})" : state.Name;
            if (state.Find(member.Name) is not NodeInterface real)
            {
                yield return Report(FieldError.Invalid(entry.Field["name"], $"{node} does not have it"), Remedy, $"{member.Name} on {state.Name}");
                continue;
            }

            if (entry.MtuValue is long mtu && real.MtuValue is long has && has != mtu)
            {
                yield return Report(FieldError.Invalid(entry.Mtu, $"{node} has {has}"), Remedy, $"{member.Name} mtu on {state.Name}");
            }

            foreach (NodeAddress address in entry.Addresses())
            {
                if (address.IsLiteral && !real.Ipv4.Addresses().Concat(real.Ipv6.Addresses()).Any(other => other.Address?.Address.Equals(address.Address!.Value.Address) == true))
                {
                    yield return Report(FieldError.Invalid(address.Ip, $"{node} does not have the address"), Remedy, $"{member.Name} {address} on {state.Name}");
                }
            }
        }
    }

    // The condition Degraded tells why, where there is one.
    private static string Reason(NodeNetworkConfigurationPolicy policy, Field available)
    {
        Field told = Condition(policy, "Degraded") is { } degraded && degraded["status"].Is("True") ? degraded : available;
        return told["reason"].Text ?? told["message"].Text ?? "no reason is given";
    }

    private static Field? Condition(NodeNetworkConfigurationPolicy policy, string type)
    {
        foreach (Field condition in policy.Root["status"]["conditions"].Items())
        {
            if (condition["type"].Is(type))
            {
                return condition;
            }
        }

        return null;
    }
}
