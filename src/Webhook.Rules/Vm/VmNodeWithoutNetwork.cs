using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-node-without-network: a node that can host the VM and lacks one of its networks, or has it smaller.</summary>
public sealed class VmNodeWithoutNetwork : Rule<VirtualMachine>
{
    // What is left of a warning for the chain, behind a usual path and before the remedy.
    private const int ChainRoom = 100;

    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-node-without-network",
        Title = "A node that can host the VM lacks one of its networks",
        Severity = Severity.Warning,
        Rationale =
            "A node drain, a failed node or the next start can put the VM on any node that its nodeSelector, affinity and tolerations allow. " +
            "Where no NodeNetworkConfigurationPolicy makes the bridge, the pod fails there (failed to find OVN bridge-mapping for network), and " +
            "where a level of the path is smaller, small pings work while LLT hangs at Getting snapshot and iSCSI stalls.",
        Remedy =
            "Let a NodeNetworkConfigurationPolicy make the network on every node that can host the VM, with the same mtu, or keep the VM off " +
            "such nodes by nodeSelector or affinity.",
        Guide = [],
        Examples =
        [
            Example.Warned("no policy for one worker", at: "spec.template.spec.networks[0].multus.networkName",
                yaml: ExampleGuest.With(), given: ExampleGuest.Given + Nodes + Policy("llt1", "worker-1", 9000) + OthersOn("worker-1") + OthersOn("worker-2")),
            Example.Warned("a smaller mtu on one worker", at: "spec.template.spec.networks[0].multus.networkName",
                yaml: ExampleGuest.With(),
                given: ExampleGuest.Given + Nodes + Policy("llt1", "worker-1", 9000) + Policy("llt1", "worker-2", 1500) + OthersOn("worker-1") + OthersOn("worker-2")),
            Example.Good("every worker has every network",
                yaml: ExampleGuest.With(),
                given: ExampleGuest.Given + Nodes + Policy("llt1", "worker-1", 9000) + Policy("llt1", "worker-2", 9000) + OthersOn("worker-1") + OthersOn("worker-2")),
        ],
    };

    private const string Nodes =
        "---\n{apiVersion: v1, kind: Node, metadata: {name: worker-1, labels: {kubernetes.io/hostname: worker-1}}}\n" +
        "---\n{apiVersion: v1, kind: Node, metadata: {name: worker-2, labels: {kubernetes.io/hostname: worker-2}}}\n";

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        foreach (RoleNic nic in RoleNics.Of(subject, context).All)
        {
            if (nic.IsUnfit || nic.Attachment.Found is not NetworkDefinition definition || nic.PathIn(context) is not NetworkPath path)
            {
                continue;
            }

            if (path.MissingOn.Count > 0 && Hosting(subject, path.MissingOn, context) is { Count: > 0 } missing)
            {
                yield return Report(
                    FieldError.Invalid(
                        nic.Nic.NetworkName,
                        $"no policy makes {definition.Link?.Parent} of {nic.Words} on {Names.List(missing)}, which can host the VM"),
                    "make it there, or keep the VM off the node",
                    $"{nic.Name} nodes") with { Evidence = string.Join(',', missing) };
            }

            if (JudgeMtu(subject, nic, definition, path, context) is Finding small)
            {
                yield return small;
            }
        }
    }

    // A network that is too large for all nodes is the network's own finding.
    private Finding? JudgeMtu(VirtualMachine subject, RoleNic nic, NetworkDefinition definition, NetworkPath path, RuleContext context)
    {
        if (NicMtu.Of(subject, nic.Nic, definition).Guest is not long guest)
        {
            return null;
        }

        NodePath? weak = null;
        bool fits = false;
        foreach (NodePath below in path.Paths)
        {
            if (below.Nodes.Count == 0 || below.WeakestProven?.Mtu is not long mtu || mtu >= guest)
            {
                fits = true;
            }
            else if (weak is null || mtu < weak.WeakestProven!.Mtu)
            {
                weak = Hosting(subject, below.Nodes, context).Count > 0 ? below : weak;
            }
        }

        if (weak is null || !fits)
        {
            return null;
        }

        Hop at = weak.WeakestProven!;
        return Report(
            FieldError.Invalid(nic.Nic.NetworkName, $"can be hosted where {path.Chain(weak, at, ChainRoom, new Hop { Kind = HopKind.Guest, Name = "guest", Mtu = guest, Origin = MtuOrigin.Guest })}"),
            "raise it, or keep the VM off the node",
            $"{nic.Name} mtu") with { Evidence = $"{guest} {at.Mtu}", Shortfall = guest - at.Mtu };
    }

    // Asked only about nodes that lack something, for a cluster may have many.
    private static List<string> Hosting(VirtualMachine subject, IReadOnlyList<string> nodes, RuleContext context)
    {
        var hosting = new List<string>();
        foreach (Node node in context.Cluster.Nodes().Found)
        {
            if (nodes.Contains(node.Name) && Scheduling.CanHost(node, subject))
            {
                hosting.Add(node.Name);
            }
        }

        return hosting;
    }

    private static string OthersOn(string node) => Policy("llt2", node, 9000) + Policy("iscsi1", node, 9000) + Policy("iscsi2", node, 9000);

    private static string Policy(string network, string node, int mtu) =>
        $$$"""
        ---
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: {{{network}}}-{{{node}}}}
        spec:
          nodeSelector: {kubernetes.io/hostname: {{{node}}}}
          desiredState:
            interfaces:
            - {name: to-{{{network}}}, type: ethernet, mtu: {{{mtu}}}}
            - name: br-{{{network}}}
              type: linux-bridge
              mtu: {{{mtu}}}
              bridge: {port: [{name: to-{{{network}}}}]}

        """;
}
