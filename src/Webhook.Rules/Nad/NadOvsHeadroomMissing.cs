using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nad;

/// <summary>nad-ovs-headroom-missing: a network on Open vSwitch that leaves nothing of the node's MTU for it.</summary>
public sealed class NadOvsHeadroomMissing : Rule<NetworkDefinition>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nad-ovs-headroom-missing",
        Title = "Network leaves no room for the overhead of Open vSwitch",
        Severity = Severity.Warning,
        Rationale =
            "The guide counts about 10 bytes of each packet for Open vSwitch, so that 9000 on the node leaves 8990 to a VM. Others set both to " +
            "the same number, and for untagged packets on a localnet that holds; where it does not, the largest packets are dropped and all " +
            "others pass, which looks like a cluster that is sound until it is loaded. How much to leave is mtu.ovsOverhead in the configuration.",
        Remedy = "Set the network's mtu to the node's less 10, or raise the node by 10 bytes or more.",
        Guide = [GuideSentence.S9],
        Examples =
        [
            Example.Warned("9000 over a node of 9000", at: "spec.config#/mtu", yaml: ExampleNode.Localnet(9000), given: ExampleNode.Given()),
            Example.Good("8990 over a node of 9000", yaml: ExampleNode.Localnet(8990), given: ExampleNode.Given()),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NetworkDefinition subject, RuleContext context)
    {
        if ((DefinedRole.Of(subject, context) is null && !subject.IsOptedIn)
            || subject.Link is not { Technology: LinkTechnology.Localnet or LinkTechnology.OvsBridge } link)
        {
            yield break;
        }

        NetworkPath path = context.Cluster.NodeNetworks.Below(subject, context);
        if (path.Hop.Mtu is not long mtu || path.Weakest is not { Mtu: long smallest } weakest)
        {
            yield break;
        }

        // Less than nothing left is nad-mtu-exceeds-node.
        long left = smallest - mtu;
        int overhead = context.Settings.OvsOverhead;
        if (left >= 0 && left < overhead)
        {
            string detail = $"{weakest.Name} below has {smallest}, which leaves {left} of the {overhead} bytes that Open vSwitch uses";
            yield return Report(
                link.Mtu.IsMissing ? FieldError.Required(link.Mtu.Path, detail) : FieldError.Invalid(link.Mtu, detail),
                $"set mtu to {smallest - overhead}, or raise the node to {mtu + overhead}",
                "mtu of the network") with { Evidence = $"{mtu} {smallest}", Shortfall = overhead - left };
        }
    }
}
