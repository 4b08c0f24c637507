using Webhook.Resources;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;
using Webhook.Rules.Vm;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-address-duplicate: an address of a node network that another node or a VM has there too.</summary>
public sealed class NncpAddressDuplicate : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-address-duplicate",
        Title = "Address of a node network is used elsewhere on it",
        Severity = Severity.Error,
        Rationale =
            "Two machines with one address on one network answer for each other: ARP flaps, iSCSI sessions break and come back on the wrong " +
            "machine, LLT over UDP sees its peer under another node. The usual cause is a policy that was copied for the next node and kept its " +
            "address. Whether interfaces of unlike names are one network cannot be seen, nor does an address in another VLAN collide: both warn.",
        Remedy = "Give each node and each VM of the network an address of its own.",
        Guide = [GuideSentence.S16],
        Examples =
        [
            Example.Bad("a policy copied from another node", at: "spec.desiredState.interfaces[0].ipv4.address[0].ip", yaml: ExampleInUse.Policy(),
                given: ExampleInUse.Policy().Replace("worker-1", "worker-2", StringComparison.Ordinal)),
            Example.Good("each node its own", yaml: ExampleInUse.Policy(),
                given: ExampleInUse.Policy(ExampleInUse.Address.Replace("1.21", "1.22", StringComparison.Ordinal))
                    .Replace("worker-1", "worker-2", StringComparison.Ordinal)),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        foreach (RoleInterface member in NodeRoles.Of(subject, context).Members)
        {
            if (member.IsShared && !member.IsTop)
            {
                continue;
            }

            foreach (NodeAddress address in member.Interface.Addresses())
            {
                if (address.IsLiteral
                    && (OnNode(subject, member, address, context) ?? OnMachine(subject, member, address, context)) is Finding finding)
                {
                    yield return finding;
                }
            }
        }
    }

    private Finding? OnNode(NodeNetworkConfigurationPolicy subject, RoleInterface member, NodeAddress address, RuleContext context)
    {
        Finding? likely = null;
        foreach (NodeNetworkConfigurationPolicy other in context.Cluster.PoliciesWith(address.Address!.Value.Address).Found)
        {
            if (other.IsSameObjectAs(subject) || !AreOnDifferentNodes(subject, other, context.Cluster))
            {
                continue;
            }

            foreach (NodeInterface entry in other.State.Interfaces)
            {
                if (!entry.IsUp || !entry.Gets(address.Address!.Value.Address))
                {
                    continue;
                }

                NetworkRole? role = NodeRoles.Of(other, context).Of(entry)?.Role;
                if (role is not null && role != member.Role)
                {
                    continue;
                }

                if (entry.Name == member.Name)
                {
                    return Report(
                        FieldError.Duplicate(address.Ip, $"policy {other.Name} gives it to {entry} on another node"), "give each node its own address", Subject(member, address));
                }

                likely ??= role is null ? null : Warn(
                    FieldError.Duplicate(address.Ip, $"policy {other.Name} gives it to {entry} on another node, and whether both are one network is not seen"),
                    "give each node its own address", Subject(member, address));
            }
        }

        return likely;
    }

    private Finding? OnMachine(NodeNetworkConfigurationPolicy subject, RoleInterface member, NodeAddress address, RuleContext context)
    {
        Finding? likely = null;
        foreach (VirtualMachine machine in context.Cluster.MachinesWith(address.Address!.Value.Address).Found)
        {
            foreach (VirtualMachineNic nic in AddressUse.NicsWith(machine, address.Address!.Value.Address))
            {
                if (nic.Attachment(machine.Namespace) is not (string space, string name)
                    || context.Cluster.Network(space, name).Found is not NetworkDefinition network || IsOneWire(subject, member, network, context) is not bool isOneVlan)
                {
                    continue;
                }

                bool isHalted = Halted.Is(machine, context);
                string detail = $"VM {machine.Namespace}/{machine.Name} has it on network {network.Name}"
                    + (!isOneVlan ? ", in another VLAN of the same wire" : isHalted ? ", which is halted" : "");
                var error = FieldError.Duplicate(address.Ip, detail);
                const string Remedy = "give node and VM an address each";
                if (isOneVlan && !isHalted)
                {
                    return Report(error, Remedy, Subject(member, address));
                }

                likely ??= Warn(error, Remedy, Subject(member, address));
            }
        }

        return likely;
    }

    // Whether a network is on the interface's wire: true in the same VLAN, false in another, null where it is elsewhere.
    private static bool? IsOneWire(NodeNetworkConfigurationPolicy subject, RoleInterface member, NetworkDefinition network, RuleContext context)
    {
        long? vlan = network.Link?.VlanId;
        if (IsAbove(member.Interface))
        {
            return vlan is null;
        }

        foreach (RoleInterface bridge in member.Interface.Type == NodeInterfaceType.OvsInterface ? member.Upper : [])
        {
            if (IsAbove(bridge.Interface))
            {
                return vlan is null;
            }
        }

        // A tagged network on the base, and the interface that the node has for the same tag.
        foreach (RoleInterface lower in member.Interface.Type == NodeInterfaceType.Vlan && vlan is not null ? member.Lower : [])
        {
            if (NmstateScalar.Integer(member.Interface.Field["vlan"]["id"]) == vlan && IsAbove(lower.Interface))
            {
                return true;
            }
        }

        return null;

        bool IsAbove(NodeInterface entry) =>
            context.Cluster.NodeNetworks.With(subject).NetworksAbove(subject, entry, context.Cluster).Found.Any(network.IsSameObjectAs);
    }

    private static bool AreOnDifferentNodes(NodeNetworkConfigurationPolicy one, NodeNetworkConfigurationPolicy other, ClusterView cluster)
    {
        LookupAll<Node> mine = cluster.NodesSelectedBy(one);
        LookupAll<Node> others = cluster.NodesSelectedBy(other);
        if (mine.Unverified is not null || others.Unverified is not null)
        {
            return one.ContradictsSelectorOf(other);
        }

        return mine.Found.Count > 0 && others.Found.Count > 0
            && (mine.Found.Count > 1 || others.Found.Count > 1 || mine.Found[0].Name != others.Found[0].Name);
    }

    private static string Subject(RoleInterface member, NodeAddress address) => $"{member.Name} {address}";
}
