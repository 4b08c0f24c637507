using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nad;

/// <summary>nad-node-network-missing: a network on a bridge or physical network that no policy makes.</summary>
public sealed class NadNodeNetworkMissing : Rule<NetworkDefinition>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nad-node-network-missing",
        Title = "Network stands on nothing that an NNCP configures",
        Severity = Severity.Error,
        Rationale =
            "The guide wants networks for LLT and iSCSI to refer to what an NNCP has set up. A localnet without its bridge mapping fails when a " +
            "pod starts (\"failed to find OVN bridge-mapping for network\"), the VM stays in Scheduling. The bridge plugin is worse: it makes the " +
            "bridge that it does not find, with no network card in it, and the VMs of one node talk to each other and to nobody else. A " +
            "mistyped name is the usual cause, so the message offers the names that are near. The node's own br-ex is a warning.",
        Remedy = "Correct the name, or add bridge or bridge mapping to a NodeNetworkConfigurationPolicy first.",
        Guide = [GuideSentence.S14],
        Examples =
        [
            Example.Bad("a name with a typo", at: "spec.config#/physicalNetworkName", yaml: ExampleNode.Localnet(8990, "physnet-ltl1"), given: ExampleNode.Given()),
            Example.Warned("the network of the nodes themselves", at: "spec.config#/physicalNetworkName", yaml: ExampleNode.Localnet(8990, "physnet"),
                given: ExampleNode.Given()),
            Example.Good("a mapping that an NNCP makes", yaml: ExampleNode.Localnet(8990), given: ExampleNode.Given()),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NetworkDefinition subject, RuleContext context)
    {
        if ((DefinedRole.Of(subject, context) is null && !subject.IsOptedIn) || subject.Link is not { Parent.Text.Length: > 0 } link
            || What(link.Technology) is not string what)
        {
            yield break;
        }

        LookupAll<NodeNetworkConfigurationPolicy> policies = context.Cluster.Policies();
        if (policies.Unverified is not null)
        {
            yield break;
        }

        NetworkPath path = context.Cluster.NodeNetworks.Below(subject, context);
        switch (path.Presence)
        {
            case NetworkPresence.NotSeen:
                yield return CannotVerify(
                    FieldError.NotFound(link.Parent, $"whether an NNCP configures this {what} is not known: {path.Unseen}"), "make sure that one does");
                break;
            case NetworkPresence.Unselected:
                yield return Warn(
                    FieldError.NotFound(link.Parent, $"an NNCP configures this {what}, but none of the nodes that were seen has it"),
                    "select the nodes of the VMs in that NNCP");
                break;
            case NetworkPresence.Missing:
                yield return Missing(link, what, path, policies.Found.Count, context.Cluster.NodeNetworks.NearestTo(subject));
                break;
            case NetworkPresence.Found when !path.Paths.Any(static nodes => nodes.Hops[0].Policies.Count > 0):
                yield return Missing(link, what, path, policies.Found.Count, context.Cluster.NodeNetworks.NearestTo(subject));
                break;
        }
    }

    private static string? What(LinkTechnology technology) => technology switch
    {
        LinkTechnology.Localnet => "bridge mapping",
        LinkTechnology.OvsBridge => "OVS bridge",
        LinkTechnology.LinuxBridge or LinkTechnology.Tap => "bridge",
        _ => null,
    };

    private Finding Missing(NetworkLink link, string what, NetworkPath path, int policies, IReadOnlyList<string> nearest)
    {
        if (link.Parent.Text is NetworkState.MachineBridge || path.Paths.Any(static nodes => nodes.Hops.Any(IsMachine)))
        {
            return Warn(
                FieldError.NotFound(link.Parent, $"no NNCP configures this {what}: it is the network of the nodes themselves, which InfoScale would share"),
                "put it on a bridge of its own, which an NNCP configures");
        }

        string found = path.Presence == NetworkPresence.Found ? $"no NNCP configures this {what}, though {path.Paths[0].Place} has it" : $"no NNCP configures this {what}";
        FieldError error = FieldError.NotFound(link.Parent, policies == 0 ? $"there is no NNCP, so nothing configures this {what}" : found);
        string remedy = nearest.Count > 0 ? $"write {string.Join(" or ", nearest.Select(Field.Quote))}, or add it to an NNCP" : "add it to an NNCP first";
        return policies == 0 ? Warn(error, remedy) : Report(error, remedy);
    }

    private static bool IsMachine(Hop hop) => hop is { Kind: HopKind.OvsBridge, Name: NetworkState.MachineBridge };
}
