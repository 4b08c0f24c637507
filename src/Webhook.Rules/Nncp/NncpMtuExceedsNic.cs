using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-mtu-exceeds-nic: an interface would send frames that its driver on some node does not take.</summary>
public sealed class NncpMtuExceedsNic : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-mtu-exceeds-nic",
        Title = "Interface has a larger MTU than its network card can have",
        Severity = Severity.Error,
        Rationale =
            "Each driver has a largest MTU, which NodeNetworkState reports as max-mtu: 1500 for some onboard and virtual cards, 9000 or more " +
            "for those that can have jumbo frames. nmstate refuses a larger value on the node and rolls the whole policy back, the InfoScale " +
            "networks in it included; a bond or bridge that is larger than its card drops frames.",
        Remedy = "Use a network card with jumbo frames on that node, or lower the mtu.",
        Guide = [GuideSentence.S11],
        Examples =
        [
            Example.Bad("the card of worker-1 cannot have jumbo frames", at: "spec.desiredState.interfaces[0].mtu", yaml: ExampleCard.Policy(),
                given: ExampleCard.State(1500)),
            Example.Good("the card can have more", yaml: ExampleCard.Policy(),
                given: ExampleCard.State(9702)),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        InterfaceRoles roles = NodeRoles.Of(subject, context);
        if (roles.Members.Count == 0 || NodeStates.Of(subject, context.Cluster).Seen is not { Count: > 0 } states)
        {
            yield break;
        }

        foreach (RoleInterface member in roles.Members)
        {
            if (member.Interface.MtuValue is long mtu && Judge(member.Name, mtu, member.Interface.Mtu, states) is Finding finding)
            {
                yield return finding;
            }
        }

        // A bond, VLAN or bridge hands its frames to cards that this policy does not declare.
        foreach (UndeclaredLink link in roles.Undeclared)
        {
            if (link.Upper.Interface.MtuValue is long mtu && Judge(link.Link.Name, mtu, link.Upper.Interface.Mtu, states) is Finding finding)
            {
                yield return finding;
            }
        }
    }

    private Finding? Judge(string name, long mtu, Field place, IReadOnlyList<NodeNetworkState> states)
    {
        long least = long.MaxValue;
        List<string>? nodes = null;
        foreach (NodeNetworkState state in states)
        {
            if (state.Find(name)?.MaxMtu is long most && most < mtu)
            {
                (nodes ??= []).Add(state.Name);
                least = Math.Min(least, most);
            }
        }

        return nodes is null ? null : Report(
            FieldError.Invalid(place, $"{Field.Quote(name)} on {Names.List(nodes)} takes {least} at most (max-mtu in NodeNetworkState)"),
            $"use a network card with jumbo frames, or lower the mtu to {least}",
            name) with { Evidence = $"{mtu} {least}", Shortfall = mtu - least };
    }
}
