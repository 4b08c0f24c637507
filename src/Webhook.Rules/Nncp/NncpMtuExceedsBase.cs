using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-mtu-exceeds-base: an interface would send frames that what it stands on cannot carry.</summary>
public sealed class NncpMtuExceedsBase : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-mtu-exceeds-base",
        Title = "Interface has a larger MTU than what it stands on",
        Severity = Severity.Error,
        Rationale =
            "The smallest MTU below a VLAN, bond or bridge is the one that counts: larger frames are dropped, small ones pass. Heartbeats " +
            "are small, so LLT links look up while a joining node hangs at \"Getting snapshot\" and iSCSI stalls under load. nmstate does not " +
            "compare the values; the kernel refuses some of them on the node, lowers others, and drops frames for the rest.",
        Remedy = "Raise the lower interface first, or lower the upper one.",
        Guide = [GuideSentence.S11],
        Examples =
        [
            Example.Bad("the VLAN is larger than the bond", at: "spec.desiredState.interfaces[3].mtu", yaml: """
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
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9000}
                    - {name: ens3f1, type: ethernet, state: up, mtu: 9000}
                    - name: bond0
                      type: bond
                      state: up
                      mtu: 9000
                      link-aggregation: {mode: active-backup, port: [ens3f0, ens3f1]}
                    - name: bond0.301
                      type: vlan
                      state: up
                      mtu: 9100
                      vlan: {base-iface: bond0, id: 301}
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                      ipv6: {enabled: false}
                """),
            Example.Good("smaller towards the virtual machines", yaml: """
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
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9216}
                    - {name: ens3f1, type: ethernet, state: up, mtu: 9216}
                    - name: bond0
                      type: bond
                      state: up
                      mtu: 9216
                      link-aggregation: {mode: active-backup, port: [ens3f0, ens3f1]}
                    - name: bond0.301
                      type: vlan
                      state: up
                      mtu: 9000
                      vlan: {base-iface: bond0, id: 301}
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                      ipv6: {enabled: false}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        InterfaceRoles roles = NodeRoles.Of(subject, context);
        foreach (RoleInterface member in roles.Members)
        {
            if (member.Interface.MtuValue is long mtu && member.WeakestBelow is RoleInterface weakest
                && weakest.Interface.MtuValue is long limit && limit < mtu)
            {
                yield return Describe(member, mtu, weakest.Interface.ToString(), limit, "");
            }
        }

        // What another policy of the same nodes declares; one whose mtu is left out keeps what the node has.
        LookupAll<NodeNetworkConfigurationPolicy>? beside = null;
        foreach (UndeclaredLink link in roles.Undeclared)
        {
            if (link.Upper.Interface.MtuValue is not long mtu)
            {
                continue;
            }

            beside ??= context.Cluster.PoliciesBeside(subject);
            foreach (NodeNetworkConfigurationPolicy policy in beside.Value.Found)
            {
                if (policy.State.Find(link.Link.Name)?.MtuValue is long limit && limit < mtu)
                {
                    yield return Describe(link.Upper, mtu, Field.Quote(link.Link.Name), limit, $" by policy {policy.Name}");
                    break;
                }
            }
        }
    }

    private Finding Describe(RoleInterface upper, long mtu, string lower, long limit, string source) => Report(
        FieldError.Invalid(upper.Interface.Mtu, $"{upper} stands on {lower} with mtu {limit}{source}, which drops larger frames"),
        $"raise {lower} to {mtu}, or lower this one to {limit}",
        upper.Name) with
    { Evidence = $"{mtu} {limit}", Shortfall = mtu - limit };
}
