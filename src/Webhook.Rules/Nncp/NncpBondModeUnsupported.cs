using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-bond-mode-unsupported: a bond mode that does not work below a bridge of virtual machines.</summary>
public sealed class NncpBondModeUnsupported : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-bond-mode-unsupported",
        Title = "Bond mode does not work below a bridge",
        Severity = Severity.Warning,
        Rationale =
            "OpenShift Virtualization supports active-backup, balance-xor and 802.3ad below bridges of virtual machines. balance-rr reorders " +
            "packets and needs a switch set up for it; balance-tlb and balance-alb rewrite MAC addresses, so that traffic of bridged " +
            "virtual machines flaps between ports and is lost. The sample bond policy of kubernetes-nmstate has balance-rr.",
        Remedy = "Use active-backup, or 802.3ad where the switch speaks LACP.",
        Guide = [],
        Examples =
        [
            Example.Warned("balance-rr below the LLT bridge", at: "spec.desiredState.interfaces[1].link-aggregation.mode", yaml: """
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
                      bridge: {port: [{name: bond0}]}
                    - name: bond0
                      type: bond
                      state: up
                      mtu: 9000
                      link-aggregation: {mode: balance-rr, port: [ens3f0, ens3f1]}
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9000}
                    - {name: ens3f1, type: ethernet, state: up, mtu: 9000}
                """),
            Example.Good("LACP below the LLT bridge", yaml: """
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
                      bridge: {port: [{name: bond0}]}
                    - name: bond0
                      type: bond
                      state: up
                      mtu: 9000
                      link-aggregation: {mode: 802.3ad, port: [ens3f0, ens3f1]}
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9000}
                    - {name: ens3f1, type: ethernet, state: up, mtu: 9000}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        IReadOnlySet<RoleInterface>? below = null;
        InterfaceRoles roles = NodeRoles.Of(subject, context);
        foreach (RoleInterface bond in roles.Members)
        {
            if (bond.Interface.Type == NodeInterfaceType.Bond && bond.Interface.BondMode is "balance-rr" or "balance-tlb" or "balance-alb"
                && ((below ??= roles.Below(IsBridge)).Contains(bond) || CarriesNetworks(subject, bond, context)))
            {
                Field mode = bond.Interface.BondSection["mode"];
                yield return Report(
                    FieldError.NotSupported(mode, $"bond {bond.Interface} carries a bridge of virtual machines, whose frames are lost in this mode"),
                    "use active-backup, or 802.3ad where the switch speaks LACP",
                    bond.Name);
            }
        }
    }

    // Another policy may make the bridge.
    private static bool CarriesNetworks(NodeNetworkConfigurationPolicy subject, RoleInterface bond, RuleContext context)
    {
        foreach (NetworkDefinition network in context.Cluster.NodeNetworks.With(subject).NetworksAbove(subject, bond.Interface, context.Cluster).Found)
        {
            if (network.Link?.Technology is LinkTechnology.LinuxBridge or LinkTechnology.OvsBridge or LinkTechnology.Localnet)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBridge(RoleInterface member) =>
        member.Interface.Type is NodeInterfaceType.LinuxBridge or NodeInterfaceType.OvsBridge;
}
