using Webhook.Resources;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-mtu-lowered-in-use: an update that makes a node network smaller under the InfoScale VMs that run over it.</summary>
public sealed class NncpMtuLoweredInUse : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-mtu-lowered-in-use",
        Title = "MTU is lowered below InfoScale VMs that use it",
        Severity = Severity.Error,
        Rationale =
            "VMs go on sending frames of the size that they started with; from the moment the node is smaller, the large ones are dropped and " +
            "small ones pass. Heartbeats are small, so the links stay up while GAB and CFS traffic and iSCSI stall: V-14-1-10205 \"in trouble\" " +
            "and \"active\" in turns, and a node that restarts hangs at \"Getting snapshot\". nmstate applies a policy at once, not at the next " +
            "restart of the VMs.",
        Remedy =
            "Lower from the top: VMs, then the network, then bridge, VLAN, bond and network card, the switch last. To raise an MTU go the other " +
            "way, the switch first.",
        Guide = [GuideSentence.S11],
        Examples =
        [
            Example.Bad("the bridge goes from 9216 to 9000 under a VM", at: "spec.desiredState.interfaces[0].mtu",
                yaml: ExampleInUse.Policy(mtu: 9000), old: ExampleInUse.Policy(mtu: 9216), given: ExampleInUse.Given),
            Example.Good("the mtu is raised", yaml: ExampleInUse.Policy(mtu: 9216), old: ExampleInUse.Policy(mtu: 9000), given: ExampleInUse.Given),
        ],
    };

    /// <inheritdoc/>
    public override bool AppliesTo(Operation operation) => operation == Operation.Update;

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        if (context.Old is not NodeNetworkConfigurationPolicy old)
        {
            yield break;
        }

        NodeNetworks? before = null;
        NodeStates? states = null;
        foreach (NodeInterface entry in subject.State.Interfaces)
        {
            if (!entry.IsUp || !NodeMtu.Counts(entry) || entry.MtuValue is not long mtu)
            {
                continue;
            }

            NodeInterface? older = PolicyChange.Find(old, entry);
            long? was = older is { IsUp: true } ? older.MtuValue : null;
            was ??= Real(entry.Name, states ??= NodeStates.Of(subject, context.Cluster));
            if (was is not long larger || mtu >= larger)
            {
                continue;
            }

            before ??= context.Cluster.NodeNetworks.With(old);
            NetworkUsers users = NetworkUsers.Of(old, entry, context);
            if (users.IsNone)
            {
                continue;
            }

            LookupAll<NetworkDefinition> networks = before.NetworksAbove(old, entry, context.Cluster);
            bool isProven = IsLowered(networks, entry.Name, mtu, before, context);
            if (isProven || networks.Unverified is not null)
            {
                const string Remedy = "lower VMs first, then NAD, bridge, NIC, switch last; raise in reverse";
                yield return users.Names.Count > 0 && isProven
                    ? Report(
                        FieldError.Invalid(entry.Mtu, $"was {larger}, and {users.Clause}; what VMs send above {mtu} is dropped at once (V-14-1-10205)"),
                        Remedy, entry.Name)
                    : CannotVerify(FieldError.Invalid(entry.Mtu, $"was {larger}, and {users.Clause}"), Remedy, entry.Name);
            }
        }
    }

    private static long? Real(string name, NodeStates states)
    {
        long? most = null;
        foreach (NodeNetworkState state in states.Seen)
        {
            if (state.Find(name)?.MtuValue is long mtu && !(mtu <= most))
            {
                most = mtu;
            }
        }

        return most;
    }

    // Where another level of the chain is at most as large already, on the same nodes, nothing goes down.
    private static bool IsLowered(LookupAll<NetworkDefinition> networks, string name, long mtu, NodeNetworks nodes, RuleContext context)
    {
        bool isSeen = false;
        foreach (NetworkDefinition network in networks.Found)
        {
            foreach (NodePath path in nodes.Below(network, context).Paths)
            {
                if (path.Hops.Any(hop => hop.Name == name && hop.Kind != HopKind.OvsBridge))
                {
                    isSeen = true;
                    if (path.Weakest?.Mtu is not long smallest || smallest > mtu)
                    {
                        return true;
                    }
                }
            }
        }

        return !isSeen;
    }
}
