using Webhook.Resources;
using Webhook.Resources.Editing;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-mtu-on-ovs-bridge: an MTU where nmstate ignores it.</summary>
public sealed class NncpMtuOnOvsBridge : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-mtu-on-ovs-bridge",
        Title = "MTU on an OVS bridge has no effect",
        Severity = Severity.Warning,
        Rationale =
            "An OVS bridge exists only in the database of Open vSwitch and holds no MTU: nmstate logs that it \"could not hold 'mtu' " +
            "configuration as it only exists in OVS database, ignoring\" (nmstate/nmstate rust/src/lib/ifaces/ovs.rs). What counts is the " +
            "MTU of the bridge's uplinks and of the ovs-interface in it.",
        Remedy = "Remove mtu from the OVS bridge; set it on its uplinks and on its ovs-interface.",
        Guide = [GuideSentence.S11],
        Fix = FixAvailability.Safe,
        Examples =
        [
            Example.Warned("the MTU stands on the bridge", at: "spec.desiredState.interfaces[1].mtu", yaml: """
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
                    - name: br-llt1
                      type: ovs-bridge
                      state: up
                      mtu: 9000
                      bridge: {port: [{name: ens3f0}, {name: br-llt1}]}
                    - name: br-llt1
                      type: ovs-interface
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                      ipv6: {enabled: false}
                """).FixedBy("      mtu: 9000\n      bridge:", "      bridge:"),
            Example.Warned("the MTU stands on the bridge in place of its ovs-interface", at: "spec.desiredState.interfaces[1].mtu", yaml: """
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
                    - {name: br-llt1, type: ovs-bridge, state: up, mtu: 9000, bridge: {port: [{name: ens3f0}, {name: br-llt1}]}}
                    - name: br-llt1
                      type: ovs-interface
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                      ipv6: {enabled: false}
                """).FixedBy("mtu: 9000, bridge", "bridge").FixedBy("ovs-interface\n", "ovs-interface\n      mtu: 9000\n"),
            Example.Good("the MTU stands on the uplink and the ovs-interface", yaml: """
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
                    - name: br-llt1
                      type: ovs-bridge
                      state: up
                      bridge: {port: [{name: ens3f0}, {name: br-llt1}]}
                    - name: br-llt1
                      type: ovs-interface
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                      ipv6: {enabled: false}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        foreach (NodeInterface entry in subject.State.Interfaces)
        {
            if (entry.IsUp && entry.Type == NodeInterfaceType.OvsBridge && entry.Mtu.IsPresent)
            {
                yield return Report(
                    FieldError.Invalid(entry.Mtu, $"nmstate ignores mtu on OVS bridge {entry}"),
                    "set it on the bridge's uplinks and ovs-interface instead",
                    entry.Name) with { Mend = () => Move(entry, subject.State.Interfaces) };
            }
        }
    }

    private static Fix? Move(NodeInterface bridge, IReadOnlyList<NodeInterface> all)
    {
        if (NmstateScalar.Integer(bridge.Mtu) is not (> 0 and long mtu))
        {
            return null;
        }

        var changes = new List<FieldChange> { FieldChange.Remove(bridge.Mtu.Path) };
        var names = new List<string>();
        foreach (NodeInterface port in all)
        {
            if (port.IsUp && port.Mtu.IsMissing && NodeMtu.Counts(port) && port.Type != NodeInterfaceType.NotGiven
                && (port.Name == bridge.Name || bridge.Lower.Any(link => link.Name == port.Name)))
            {
                changes.Add(FieldChange.Set(port.Mtu.Path, mtu));
                names.Add(port.Name);
            }
        }

        return new Fix
        {
            Title = names.Count > 0 ? $"move mtu to {string.Join(" and ", names)}" : "remove mtu, the bridge's uplinks and ovs-interface have one or stand elsewhere",
            Applicability = FixAvailability.Safe,
            Changes = changes,
        };
    }
}
