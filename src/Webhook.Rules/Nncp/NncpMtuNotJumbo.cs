using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-mtu-not-jumbo: a level of an LLT or iSCSI network on the node that does not carry jumbo frames.</summary>
public sealed class NncpMtuNotJumbo : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-mtu-not-jumbo",
        Title = "Node interface of an InfoScale network has no jumbo MTU",
        Severity = Severity.Error,
        Rationale =
            "Only jumbo frames are supported for LLT, and they must be on at every level: switch, network card, bond, VLAN, bridge, virtual " +
            "machine. One level at 1500 drops what is larger: links look up, a joining node hangs at \"Getting snapshot\", and the log flaps " +
            "between \"in trouble\" and \"active\" (V-14-1-10205). An mtu that is left out keeps what the node has, by default 1500; neither " +
            "bond nor VLAN nor bridge can be relied on to take it over from below. A level at 8990 is below what the 10 bytes of Open vSwitch " +
            "need. iSCSI does not need jumbo frames: 1500 at every level is a warning, a mix is an error. For llt-lowpri all of this warns.",
        Remedy = "Set mtu: 9000 (mtu.node) on every network card, bond, VLAN, bridge and ovs-interface of the network.",
        Guide = [GuideSentence.S8, GuideSentence.S10, GuideSentence.S11],
        Fix = FixAvailability.Safe,
        WhyNotFixed = "the level is not declared here with a number, or may stay small if all levels do",
        Examples =
        [
            Example.Bad("the network card stays at its default", at: "spec.desiredState.interfaces[1].mtu", yaml: """
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
                    - {name: ens3f0, type: ethernet, state: up}
                """).FixedBy("ethernet, state: up}", "ethernet, state: up, mtu: 9000}"),
            Example.Bad("iSCSI with jumbo frames on the VLAN only", at: "spec.desiredState.interfaces[0].mtu", yaml: """
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
                    - {name: ens5f0, type: ethernet, state: up}
                    - name: ens5f0.601
                      type: vlan
                      state: up
                      mtu: 9000
                      vlan: {base-iface: ens5f0, id: 601}
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 10.60.1.21, prefix-length: 24}]}
                """).FixedBy("ethernet, state: up}", "ethernet, state: up, mtu: 9000}"),
            Example.Warned("iSCSI at 1500 on every level", at: "spec.desiredState.interfaces[0].mtu", yaml: """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata:
                  name: iscsi-worker-1
                  labels: {infoscale.internal/role: iscsi}
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-1}
                  maxUnavailable: 1
                  desiredState:
                    interfaces:
                    - name: ens5f0
                      type: ethernet
                      state: up
                      mtu: 1500
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 10.60.1.21, prefix-length: 24}]}
                """),
            Example.Warned("a port that another policy may declare", at: "spec.desiredState.interfaces[0].bridge.port[0].name", yaml: """
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
                """),
            Example.Good("9000 from the network card to the bridge", yaml: """
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
                      link-aggregation: {mode: active-backup, port: [ens3f0, ens3f1]}
                    - {name: ens3f0, type: ethernet, state: up, mtu: 9000}
                    - {name: ens3f1, type: ethernet, state: up, mtu: 9000}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        InterfaceRoles roles = NodeRoles.Of(subject, context);
        IscsiLevels iscsi = IscsiLevels.Read(roles);
        LookupAll<NodeNetworkConfigurationPolicy>? beside = null;
        LookupAll<NodeNetworkConfigurationPolicy> Beside() => beside ??= context.Cluster.PoliciesBeside(subject);
        foreach (RoleInterface member in roles.Members)
        {
            if (!NodeMtu.Counts(member.Interface))
            {
                continue;
            }

            Finding? finding = member.Role == NetworkRole.Iscsi ? OfIscsi(member, iscsi) : OfLlt(member, context.Settings.NodeMtu);
            if (finding is { Severity: Severity.Error })
            {
                finding = finding with { Mend = () => NodeMtuFix.Of(member, roles, Beside, context.Settings.NodeMtu) };
            }

            if (finding is null && context.IsMending && NodeMtuFix.OfFollower(member, roles, Beside, context.Settings.NodeMtu) is Fix fix)
            {
                finding = CannotVerify(
                    FieldError.Required(member.Interface.Mtu.Path, $"left out, {member} follows its uplinks only if no mtu was asked for on the node before"),
                    $"set mtu: {context.Settings.NodeMtu}",
                    member.Name) with { Mend = () => fix };
            }

            if (finding is not null)
            {
                yield return member.Role == NetworkRole.LltLowpri ? finding with { Severity = Severity.Warning } : finding;
            }
        }

        NodeStates? states = null;
        foreach (UndeclaredLink link in roles.Undeclared)
        {
            bool isIscsi = link.Upper.Role == NetworkRole.Iscsi;
            if (!isIscsi || iscsi.NeedsJumboBelow(link.Upper))
            {
                states ??= NodeStates.Of(subject, context.Cluster);
                if (OfUndeclared(link, Beside(), states.Value, isIscsi ? NodeMtu.Standard + 1 : context.Settings.NodeMtu) is Finding finding)
                {
                    yield return link.Upper.Role == NetworkRole.LltLowpri ? finding with { Severity = Severity.Warning } : finding;
                }
            }
        }
    }

    private Finding? OfUndeclared(UndeclaredLink link, LookupAll<NodeNetworkConfigurationPolicy> beside, NodeStates states, int needed)
    {
        bool isDeclared = false;
        foreach (NodeNetworkConfigurationPolicy policy in beside.Found)
        {
            if (policy.State.Find(link.Link.Name)?.MtuValue is long mtu)
            {
                isDeclared = true;
                if (mtu < needed)
                {
                    return Small(link, $"policy {policy.Name} gives it mtu {mtu}", $"set mtu: {needed} there", mtu, needed);
                }
            }
        }

        return isDeclared ? null : OnNodes(link, beside.Unverified, states, needed);
    }

    private Finding? OnNodes(UndeclaredLink link, string? policiesUnseen, NodeStates states, int needed)
    {
        string? unseen = states.Seen.Count == 0 ? policiesUnseen ?? states.Unverified ?? "the selector matches no node that was seen" : states.Unverified;
        foreach (NodeNetworkState state in states.Seen)
        {
            if (state.Find(link.Link.Name) is not { MtuValue: long mtu })
            {
                unseen = $"{state.Name} does not report it";
            }
            else if (mtu < needed)
            {
                // A bond hands its MTU down to its members when it is applied (torvalds/linux drivers/net/bonding/bond_main.c bond_change_mtu).
                if (link.Upper.Interface is not { Type: NodeInterfaceType.Bond, MtuValue: long wanted } || state.Find(link.Upper.Name)?.MtuValue >= wanted)
                {
                    return Small(link, $"{state.Name} has it at mtu {mtu}", $"declare it with mtu: {needed}", mtu, needed);
                }

                unseen = $"{state.Name} has it at {mtu} until the bond is applied";
            }
        }

        return unseen is null ? null : CannotVerify(
            FieldError.Invalid(link.Link.Field, $"its mtu under {link.Upper} is not declared here, and {unseen}"), "declare it with jumbo mtu", link.Link.Name);
    }

    private Finding Small(UndeclaredLink link, string found, string remedy, long mtu, int needed) => Report(
        FieldError.Invalid(link.Link.Field, $"{found}, and {link.Upper} needs {needed} or more below"), remedy, link.Link.Name) with
    { Evidence = $"{mtu}", Shortfall = needed - mtu };

    private Finding? OfLlt(RoleInterface member, int needed)
    {
        Field mtu = member.Interface.Mtu;
        if (member.Interface.MtuValue is long value)
        {
            return value >= needed ? null : Report(
                FieldError.Invalid(mtu, $"{member} needs {needed} or more: LLT runs on jumbo frames only, at every level"),
                $"set mtu: {needed}",
                member.Name) with { Evidence = $"{value}", Shortfall = needed - value };
        }

        return mtu.IsTemplate ? Template(member)
            : mtu.IsPresent ? null
            : member.Interface.Type == NodeInterfaceType.NotGiven
                ? CannotVerify(
                    FieldError.Required(mtu.Path, $"{member} has neither type nor mtu here, so its mtu cannot be seen"), $"set mtu: {needed}", member.Name)
            : !NodeMtu.IsNeeded(member.Interface) ? null
            : Report(
                FieldError.Required(mtu.Path, $"{member} needs {needed} or more; left out it keeps what the node has, 1500 by default"),
                $"set mtu: {needed}",
                member.Name);
    }

    private Finding? OfIscsi(RoleInterface member, IscsiLevels iscsi)
    {
        Field mtu = member.Interface.Mtu;
        if (mtu.IsTemplate)
        {
            return Template(member);
        }

        return iscsi.Of(member) switch
        {
            IscsiLevel.Mixed => Report(
                mtu.IsMissing
                    ? FieldError.Required(mtu.Path, $"{member} is left at the default of 1500 while other levels of its chain have jumbo frames")
                    : FieldError.Invalid(mtu, $"{member} is smaller than other levels of its chain, which have jumbo frames"),
                "use jumbo frames at every level, or at none",
                member.Name) with { Evidence = member.Interface.MtuValue is long value ? $"{value}" : "" },
            IscsiLevel.AllSmall => Warn(
                mtu.IsMissing
                    ? FieldError.Required(mtu.Path, $"{member} declares no jumbo frames, nor does a level below; allowed for iSCSI, but slower")
                    : FieldError.Invalid(mtu, $"{member} declares no jumbo frames, nor does a level below; allowed for iSCSI, but slower"),
                "use jumbo frames at every level, switch included, if storage offers them",
                member.Name),
            _ => null,
        };
    }

    private Finding Template(RoleInterface member) => CannotVerify(
        FieldError.Invalid(member.Interface.Mtu, $"the mtu of {member} cannot be seen in a template"), "write the number out", member.Name);
}
