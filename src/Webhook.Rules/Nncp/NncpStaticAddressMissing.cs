using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-static-address-missing: no interface of an InfoScale network has a static address on the node.</summary>
public sealed class NncpStaticAddressMissing : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-static-address-missing",
        Title = "InfoScale network has no static address on the node",
        Severity = Severity.Error,
        Rationale =
            "The guide asks for static IP assignments at the node level for LLT and iSCSI networks. One address is enough for a chain of " +
            "bridge, VLAN, bond and network cards; it stands on the bridge, on the VLAN or, for Open vSwitch, on the ovs-interface in the " +
            "bridge. Another policy for the same nodes may hold it, so it is proven missing only where the interface switches both IPv4 " +
            "and IPv6 off or where the other policies can be seen. Sites that run bridges of virtual machines without a node address set " +
            "addresses.nodeStatic: optional, which makes this a warning.",
        Remedy = "Give the bridge, VLAN or ovs-interface of the network an address with enabled: true and dhcp: false.",
        Guide = [GuideSentence.S13],
        WhyNotFixed = "which static address is meant, only its author knows",
        Examples =
        [
            Example.Bad("a bridge for virtual machines without IP", at: "spec.desiredState.interfaces[0].ipv4.address", yaml: """
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
                      ipv4: {enabled: false}
                      ipv6: {enabled: false}
                      bridge: {port: [{name: ens3f0}]}
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9000}
                """),
            Example.Warned("an OVS bridge without a port for the node", at: "spec.desiredState.interfaces[1]", yaml: """
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
                    - {name: ens5f0, type: ethernet, state: up, mtu: 9000}
                    - name: br-iscsi1
                      type: ovs-bridge
                      state: up
                      bridge:
                        allow-extra-patch-ports: true
                        port: [{name: ens5f0}]
                """),
            Example.Good("the address stands on the VLAN, once for the chain", yaml: """
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
                    - name: ens3f0.301
                      type: vlan
                      state: up
                      mtu: 9000
                      vlan: {base-iface: ens3f0, id: 301}
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}
                      ipv6: {enabled: false}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        InterfaceRoles roles = NodeRoles.Of(subject, context);
        IReadOnlySet<RoleInterface> answered = roles.Above(IsAnswered);
        string? unseen = null;
        IReadOnlySet<RoleInterface>? elsewhere = null;
        foreach (RoleInterface top in roles.Members)
        {
            if (!top.IsTop || answered.Contains(top))
            {
                continue;
            }

            if (elsewhere is null)
            {
                LookupAll<NodeNetworkConfigurationPolicy> beside = context.Cluster.PoliciesBeside(subject);
                unseen = beside.Unverified;
                HashSet<string> names = NamesWithAddress(beside.Found);
                elsewhere = roles.Above(member => !member.IsShared && names.Contains(member.Name));
            }

            if (elsewhere.Contains(top))
            {
                continue;
            }

            RoleInterface holder = Holder(top);
            Field place = holder.Interface.HoldsAddresses ? holder.Interface.Ipv4.Address : holder.Interface.Field;
            string remedy = holder.Interface.HoldsAddresses
                ? "give it one with enabled: true and dhcp: false"
                : $"add an ovs-interface to {holder.Interface} with a static address";
            if (unseen is not null && !IsProven(holder))
            {
                yield return CannotVerify(
                    FieldError.Required(place.Path, $"{top} has no static address on the node here, and {unseen}"), remedy, top.Name);
            }
            else
            {
                Finding finding = Report(FieldError.Required(place.Path, $"{top} needs a static address on the node"), remedy, top.Name);
                yield return context.Settings.NodeAddressRequired ? finding : finding with { Severity = Severity.Warning };
            }
        }
    }

    // Dynamic addresses, and what cannot be seen of them, are the finding of nncp-dynamic-address; what cannot be read is that of
    // nncp-desired-state-malformed.
    private static bool IsAnswered(RoleInterface member)
    {
        NodeInterface entry = member.Interface;
        return (!member.IsShared || member.IsTop)
            && (entry.HasStaticAddress || (entry.HoldsAddresses && (IsAnotherFinding(entry.Ipv4) || IsAnotherFinding(entry.Ipv6))));
    }

    private static bool IsAnotherFinding(IpSettings family) =>
        family.DynamicKeys().Any() || family.Undecided is { IsTemplate: true } || family.HasUnreadableAddress;

    private static HashSet<string> NamesWithAddress(IReadOnlyList<NodeNetworkConfigurationPolicy> policies)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (NodeNetworkConfigurationPolicy policy in policies)
        {
            foreach (NodeInterface entry in policy.State.Interfaces)
            {
                if (entry.IsUp && entry.HasStaticAddress)
                {
                    names.Add(entry.Name);
                }
            }
        }

        return names;
    }

    // Where the address belongs: the top itself, for an OVS bridge its own port.
    private static RoleInterface Holder(RoleInterface top)
    {
        if (!top.Interface.HoldsAddresses)
        {
            foreach (RoleInterface member in top.Lower)
            {
                if (member.Interface.Type == NodeInterfaceType.OvsInterface)
                {
                    return member;
                }
            }
        }

        return top;
    }

    // A network card or bond without addresses may be the port of a bridge that another policy makes; a bridge or VLAN is what it is.
    private static bool IsProven(RoleInterface holder) =>
        holder.Interface.Type is NodeInterfaceType.LinuxBridge or NodeInterfaceType.OvsInterface or NodeInterfaceType.Vlan
        && holder.Interface.Ipv4.IsProvenWithoutAddress && holder.Interface.Ipv6.IsProvenWithoutAddress;
}
