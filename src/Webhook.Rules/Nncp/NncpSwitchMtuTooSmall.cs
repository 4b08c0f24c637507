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
            "annotation infoscale.internal/switch-mtu states what the network team has set on the ports, usually 9216. Switches that announce " +
            "the largest frame of a port by LLDP (lldp: {enabled: true} on the network card, seen in NodeNetworkState) are believed too; a port " +
            "that is too small then is a warning that names it, whatever is attested.",
        Remedy = "Raise the MTU of the switch ports, then attest it: infoscale.internal/switch-mtu: \"9216\".",
        Guide = [GuideSentence.S11],
        Examples =
        [
            Example.Bad("the switch is attested at 1500", at: "metadata.annotations[infoscale.internal/switch-mtu]", yaml: ExampleCard.Policy(attested: 1500)),
            Example.Warned("nobody says what the switch carries", at: "metadata.annotations[infoscale.internal/switch-mtu]", yaml: ExampleCard.Policy(attested: null)),
            Example.Warned("the switch says by LLDP that its port is at 1500", at: "spec.desiredState.interfaces[0].mtu", yaml: ExampleCard.Policy(attested: null, more: "lldp: {enabled: true}"),
                given: Neighbor(1522)),
            Example.Good("the switch is attested at 9216", yaml: ExampleCard.Policy()),
            Example.Good("the switch says by LLDP that its port carries 9216 bytes", yaml: ExampleCard.Policy(attested: null, more: "lldp: {enabled: true}"),
                given: Neighbor(9216)),
        ],
    };

    private static string Neighbor(int frame) => $$"""
        apiVersion: nmstate.io/v1beta1
        kind: NodeNetworkState
        metadata: {name: worker-1}
        status:
          currentState:
            interfaces:
            - name: ens3f0
              type: ethernet
              state: up
              mtu: 9000
              lldp:
                enabled: true
                neighbors:
                - - {type: 5, system-name: leaf-12}
                  - {type: 2, port-id: Ethernet1/7, port-id-type: 5}
                  - {type: 127, oui: "00:12:0f", subtype: 4, ieee-802-3-max-frame-size: {{frame}}}
        """;

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        RoleInterface? largest = null;
        InterfaceRoles roles = NodeRoles.Of(subject, context);
        foreach (RoleInterface member in roles.Members)
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
        if (NmstateScalar.Integer(attested) is > 0 and long given && given < needed)
        {
            Finding finding = Report(
                FieldError.Invalid(attested, $"the switch ports must carry the {needed} bytes of {largest}"),
                "raise the MTU of the switch ports, then attest it",
                InfoScaleMetadata.SwitchMtu) with { Evidence = $"{given} {needed}", Shortfall = needed - given };
            yield return largest.Role == NetworkRole.LltLowpri ? finding with { Severity = Severity.Warning } : finding;
            yield break;
        }

        if (needed <= NodeMtu.Standard)
        {
            yield break;
        }

        NodeStates states = NodeStates.Of(subject, context.Cluster);
        bool isKnown = states.Unverified is null && states.Seen.Count > 0;
        bool hasCards = false;
        foreach ((string name, long mtu, Field place) in Cards(roles))
        {
            hasCards = true;
            Finding? finding = ByLldp(name, mtu, place, states.Seen, ref isKnown);
            if (finding is not null)
            {
                yield return finding;
            }
        }

        if (!(isKnown && hasCards) && attested.IsMissing)
        {
            yield return CannotVerify(
                FieldError.Required(attested.Path, $"physical switch not verified: its ports must carry the {needed} bytes of {largest}"),
                "let the network team check, then attest it as in \"9216\"",
                InfoScaleMetadata.SwitchMtu);
        }
    }

    // The interfaces that a cable may be plugged into, with what they send: those declared as network cards, and what is not declared here.
    private static IEnumerable<(string Name, long Mtu, Field Place)> Cards(InterfaceRoles roles)
    {
        foreach (RoleInterface member in roles.Members)
        {
            if (member.Interface.Type is NodeInterfaceType.Ethernet or NodeInterfaceType.NotGiven && member.Lower.Count == 0)
            {
                yield return (member.Name, member.Interface.MtuValue ?? 0, member.Interface.Mtu);
            }
        }

        foreach (UndeclaredLink link in roles.Undeclared)
        {
            yield return (link.Link.Name, link.Upper.Interface.MtuValue ?? 0, link.Link.Field);
        }
    }

    private Finding? ByLldp(string name, long mtu, Field place, IReadOnlyList<NodeNetworkState> states, ref bool isKnown)
    {
        LldpNeighbor weakest = default;
        long least = long.MaxValue;
        var nodes = new List<string>();
        foreach (NodeNetworkState state in states)
        {
            bool isSaid = false;
            foreach (LldpNeighbor neighbor in state.Find(name)?.LldpNeighbors ?? [])
            {
                if (neighbor.MaxFrameSize is long size)
                {
                    isSaid = true;
                    weakest = size < least ? neighbor : weakest;
                    least = Math.Min(size, least);
                    if (mtu > NodeMtu.Standard && size < mtu + LldpNeighbor.FrameOverhead && (nodes.Count == 0 || nodes[^1] != state.Name))
                    {
                        nodes.Add(state.Name);
                    }
                }
            }

            isKnown &= isSaid;
        }

        return nodes.Count == 0 ? null : Warn(
            FieldError.Invalid(
                place,
                $"switch {weakest} at {name} of {Names.List(nodes)} takes frames of {least} bytes (LLDP), not {mtu + LldpNeighbor.FrameOverhead}"),
            "raise the MTU of the switch port",
            name) with { Evidence = $"{least} {mtu}", Shortfall = mtu + LldpNeighbor.FrameOverhead - least };
    }
}
