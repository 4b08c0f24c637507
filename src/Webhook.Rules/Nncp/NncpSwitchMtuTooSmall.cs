using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-switch-mtu-too-small: the physical switch carries smaller frames than the node sends, or nobody says what it carries.</summary>
public sealed class NncpSwitchMtuTooSmall : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-switch-mtu-too-small",
        Title = "Physical switch carries smaller frames than the node sends",
        Severity = Severity.Error,
        Rationale =
            "The switch is the first of the guide's four levels and the one Kubernetes cannot see. A switch left at 1500 below jumbo " +
            "network cards lets heartbeats pass and drops the rest: HAD runs on one node only, vxfen does not start on a second. The " +
            "annotation infoscale.internal/switch-mtu states what the network team has set on the ports, usually 9216.",
        Remedy = "Raise the MTU of the switch ports, then attest it: infoscale.internal/switch-mtu: \"9216\".",
        Guide = [GuideSentence.S11],
        Examples =
        [
            Example.Bad("the switch is attested at 1500", at: "metadata.annotations[infoscale.internal/switch-mtu]", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: llt-worker-1
                  labels: {infoscale.internal/role: llt}
                  annotations: {infoscale.internal/switch-mtu: "1500"}
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-1}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - name: ens3f0
                      type: ethernet
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                """),
            Example.Warned("nobody says what the switch carries", at: "metadata.annotations[infoscale.internal/switch-mtu]", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: llt-worker-1
                  labels: {infoscale.internal/role: llt}
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-1}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - name: ens3f0
                      type: ethernet
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                """),
            Example.Good("the switch is attested at 9216", yaml: """
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
                    - name: ens3f0
                      type: ethernet
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        RoleInterface? largest = null;
        foreach (RoleInterface member in subject.RolesAs(context.AssumedRole).Members)
        {
            if (NodeMtu.Counts(member.Interface) && member.Interface.MtuValue is long mtu && mtu > (largest?.Interface.MtuValue ?? 0))
            {
                largest = member;
            }
        }

        if (largest?.Interface.MtuValue is not long needed)
        {
            yield break;
        }

        Field attested = subject.SwitchMtu;
        if (NmstateScalar.Integer(attested) is > 0 and long given)
        {
            if (given < needed)
            {
                Finding finding = Report(
                    FieldError.Invalid(attested, $"the switch ports must carry the {needed} bytes of {largest}"),
                    "raise the MTU of the switch ports, then attest it",
                    InfoScaleMetadata.SwitchMtu) with { Evidence = $"{given} {needed}", Shortfall = needed - given };
                yield return largest.Role == NetworkRole.LltLowpri ? finding with { Severity = Severity.Warning } : finding;
            }
        }
        else if (attested.IsMissing && needed > NodeMtu.Standard)
        {
            yield return CannotVerify(
                FieldError.Required(attested.Path, $"physical switch not verified: its ports must carry the {needed} bytes of {largest}"),
                "let the network team check, then attest it as in \"9216\"",
                InfoScaleMetadata.SwitchMtu);
        }
    }
}
