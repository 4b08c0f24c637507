using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nad;

/// <summary>nad-mtu-exceeds-node: a network that lets VMs send frames which some level of some node drops.</summary>
public sealed class NadMtuExceedsNode : Rule<NetworkDefinition>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nad-mtu-exceeds-node",
        Title = "Network has a larger MTU than a level below it on a node",
        Severity = Severity.Error,
        Rationale =
            "The smallest MTU on the way decides: bridge, VLAN, bond, network card and switch port of every node that the VMs may run on. What " +
            "is larger is dropped without a word, what is small passes. Links look up, a joining node hangs at \"Getting snapshot\", the log " +
            "goes from \"in trouble\" to \"active\" and back (V-14-1-10205), HAD runs on one node only; and it may show no sooner than when a VM " +
            "migrates to the one node that is different. The message shows the chain from the network down and marks the weakest level.",
        Remedy = "Raise the marked level first, then what stands on it up to the network; or lower the network's mtu to it.",
        Guide = [GuideSentence.S11],
        Examples =
        [
            Example.Bad("one card of one node is at 1500", at: "spec.config#/mtu", yaml: ExampleNode.Localnet(8990), given: ExampleNode.Given(card: 1500)),
            Example.Good("every level carries it, and the 10 bytes of Open vSwitch", yaml: ExampleNode.Localnet(8990), given: ExampleNode.Given()),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NetworkDefinition subject, RuleContext context)
    {
        if ((DefinedRole.Of(subject, context) is null && !subject.IsOptedIn) || subject.Link is not NetworkLink link)
        {
            yield break;
        }

        NetworkPath path = context.Cluster.NodeNetworks.Below(subject, context);
        if (path.Hop.Mtu is not long mtu)
        {
            yield break;
        }

        (NodePath Path, Hop Hop)? proven = null, likely = null;
        foreach (NodePath nodes in path.Paths)
        {
            proven = Weaker(proven, nodes, nodes.WeakestProven);
            likely = Weaker(likely, nodes, nodes.Weakest);
        }

        if (proven is { Hop.Mtu: long limit } known && limit < mtu)
        {
            yield return Describe(path, known.Path, known.Hop, mtu, limit, link);
        }
        else if (likely is { Hop.Mtu: long announced } other && announced < mtu)
        {
            yield return Describe(path, other.Path, other.Hop, mtu, announced, link) with { Severity = Severity.Warning };
        }
    }

    private static (NodePath Path, Hop Hop)? Weaker((NodePath Path, Hop Hop)? known, NodePath path, Hop? hop) =>
        hop is not null && (known is null || hop.Mtu < known.Value.Hop.Mtu) ? (path, hop) : known;

    private Finding Describe(NetworkPath network, NodePath path, Hop weakest, long mtu, long limit, NetworkLink link)
    {
        string remedy = weakest.Kind == HopKind.Overlay ? $"set mtu: {limit} or less" : $"raise {weakest.Name} to {mtu} first";
        string chain = network.Chain(path, weakest, Room(link.Mtu, remedy));
        FieldError error = link.Mtu.IsMissing ? FieldError.Required(link.Mtu.Path, chain) : FieldError.Invalid(link.Mtu, chain);
        return Report(error, remedy, "mtu of the network") with { Evidence = $"{mtu} {limit}", Shortfall = mtu - limit };
    }

    // What the line has left for the chain beside place, words and remedy.
    private static int Room(Field mtu, string remedy) => Finding.MaxLength - $"{mtu.Path}: Invalid value: {mtu}: ; {remedy}".Length;
}
