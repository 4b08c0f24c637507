using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-dynamic-address: a node interface of an InfoScale network takes its address from DHCP or router advertisements.</summary>
public sealed class NncpDynamicAddress : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-dynamic-address",
        Title = "Node interface of an InfoScale network asks for a dynamic address",
        Severity = Severity.Error,
        Rationale =
            "A leased address can change while LLT or iSCSI runs over it: sessions break, links go down, and data can be lost. The sample " +
            "policies of kubernetes-nmstate for linux-bridge, bond, VLAN and OVS interfaces all ship with dhcp: true, so a copy of them has " +
            "it too. nmstate merges a policy with what the node has: only an explicit dhcp: false (for IPv6 also autoconf: false) or " +
            "enabled: false proves that there is none. An uplink that carries the machine network as well may lease that network's address; " +
            "it is shown as a warning.",
        Remedy = "Set dhcp: false, for IPv6 also autoconf: false, and give the interface a static address; or set enabled: false.",
        Guide = [GuideSentence.S13],
        WhyNotFixed = "which static address is meant, only its author knows",
        Examples =
        [
            Example.Bad("the upstream sample with DHCP on the bridge", at: "spec.desiredState.interfaces[0].ipv4.dhcp", yaml: """
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
                      ipv4: {dhcp: true, enabled: true}
                      bridge: {port: [{name: ens3f0}]}
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9000}
                """),
            Example.Warned("dhcp left out beside a static address", at: "spec.desiredState.interfaces[0].ipv4.dhcp", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: iscsi-worker-1
                  labels: {infoscale.internal/role: iscsi}
                  annotations: {infoscale.internal/switch-mtu: "9216"}
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-1}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - name: ens5f0
                      type: ethernet
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, address: [{ip: 10.60.1.21, prefix-length: 24}]}
                """),
            Example.Warned("the uplink leases the address of the machine network", at: "spec.desiredState.interfaces[0].ipv4.dhcp", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: bond-worker-1
                  labels: {infoscale.internal/role: mixed}
                  annotations:
                    infoscale.internal/interface-roles: bond0.301=llt
                    infoscale.internal/switch-mtu: "9216"
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-1}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - name: bond0
                      type: bond
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: true}
                      link-aggregation: {mode: active-backup, port: [ens3f0, ens3f1]}
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9000}
                    - {name: ens3f1, type: ethernet, state: up, mtu: 9000}
                    - name: bond0.301
                      type: vlan
                      state: up
                      mtu: 9000
                      vlan: {base-iface: bond0, id: 301}
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                      ipv6: {enabled: false}
                """),
            Example.Good("a static address on the port of the OVS bridge", yaml: """
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
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9000, ipv4: {enabled: false}, ipv6: {enabled: false}}
                    - name: br-llt1
                      type: ovs-bridge
                      state: up
                      bridge:
                        allow-extra-patch-ports: true
                        port: [{name: ens3f0}, {name: br-llt1}]
                    - name: br-llt1
                      type: ovs-interface
                      state: up
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                      ipv6: {enabled: false}
                    ovn:
                      bridge-mappings: [{localnet: physnet-llt1, bridge: br-llt1, state: present}]
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        InterfaceRoles roles = NodeRoles.Of(subject, context);
        if (roles.IsUnknown)
        {
            yield return CannotVerify(
                FieldError.Required(
                    subject.InterfaceRolesAnnotation.Path,
                    "the role label is \"mixed\", so which interface carries LLT or iSCSI cannot be seen, nor its address and mtu"),
                "name them, as in br-llt1=llt,br-iscsi1=iscsi");
        }

        Field list = subject.State.InterfaceList;
        if (list.IsTemplate && (subject.Role ?? (subject.IsOptedIn ? null : context.AssumedRole)) is NetworkRole role)
        {
            yield return CannotVerify(
                FieldError.Invalid(list, $"addresses and mtus of {role.Word()} interfaces cannot be seen in a template"),
                "write the interfaces of InfoScale networks out");
        }

        foreach (RoleInterface member in roles.Members)
        {
            if (!member.Interface.HoldsAddresses)
            {
                continue;
            }

            foreach (Finding finding in OfFamily(member, member.Interface.Ipv4))
            {
                yield return finding;
            }

            foreach (Finding finding in OfFamily(member, member.Interface.Ipv6))
            {
                yield return finding;
            }
        }
    }

    private IEnumerable<Finding> OfFamily(RoleInterface member, IpSettings family)
    {
        bool isDynamic = false;
        foreach (Field key in family.DynamicKeys())
        {
            isDynamic = true;
            string subject = $"{member.Name} {family.Field.Name}.{key.Name}";
            (string how, string hint) = key.Name == "dhcp" ? ("DHCP", ", as the upstream sample policies do") : ("router advertisements", "");
            yield return member.IsShared
                ? Warn(
                    FieldError.Invalid(key, $"uplink {member.Interface} of {member.RoleWord} traffic takes an address by {how}"),
                    "make sure that it is the machine network's and no InfoScale traffic uses it",
                    subject)
                : Report(
                    FieldError.Invalid(key, $"{member} takes its address by {how}{hint}"),
                    $"set {key.Name}: false and give a static address",
                    subject);
        }

        if (!isDynamic && !member.IsShared && family.Undecided is Field undecided)
        {
            string subject = $"{member.Name} {family.Field.Name}";
            yield return undecided.IsTemplate
                ? CannotVerify(
                    FieldError.Invalid(undecided, $"whether {member} uses DHCP cannot be seen in a template"),
                    "write it out: enabled, dhcp: false, address",
                    subject)
                : CannotVerify(
                    FieldError.Required(undecided.Path, $"left out, {member} keeps what the node has, which may be true"),
                    $"set {undecided.Name}: false",
                    subject);
        }
    }
}
