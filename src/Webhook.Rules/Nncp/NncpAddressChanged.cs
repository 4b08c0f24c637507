using Webhook.Resources;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-address-changed: an update that takes a static address from a node network which InfoScale VMs use.</summary>
public sealed class NncpAddressChanged : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-address-changed",
        Title = "Static address of a node network in use is changed",
        Severity = Severity.Error,
        Rationale =
            "The guide warns of any change to these addresses: they are known outside the node, to the array by its access lists and portals, to " +
            "peers, firewalls and monitoring. nmstate replaces the list of addresses at once, sessions over the old one break, and VMs on the " +
            "node may lose storage or cluster communication. A changed prefix length changes which peers are in reach. A further address is fine.",
        Remedy = "Keep the address, and add the new one beside it; take the old one away when no VM uses the network any more.",
        Guide = [GuideSentence.S16],
        Examples =
        [
            Example.Bad("another address", at: "spec.desiredState.interfaces[0].ipv4.address",
                yaml: ExampleInUse.Policy(ExampleInUse.Address.Replace("1.21", "1.22", StringComparison.Ordinal)), old: ExampleInUse.Policy(),
                given: ExampleInUse.Given),
            Example.Good("one more address",
                yaml: ExampleInUse.Policy(ExampleInUse.Address.Replace("[", "[{ip: 172.30.1.22, prefix-length: 24}, ", StringComparison.Ordinal)),
                old: ExampleInUse.Policy(), given: ExampleInUse.Given),
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

        foreach (RoleInterface member in NodeRoles.Of(old, context).Members)
        {
            // An interface that is left out keeps its addresses; one that goes is nncp-role-interface-removed.
            if (!member.Interface.HoldsAddresses || (member.IsShared && !member.IsTop)
                || PolicyChange.Find(subject, member.Interface) is not { IsUp: true } now)
            {
                continue;
            }

            foreach ((IpSettings was, IpSettings settings) in new[] { (member.Interface.Ipv4, now.Ipv4), (member.Interface.Ipv6, now.Ipv6) })
            {
                foreach (NodeAddress address in was.Addresses())
                {
                    if (!address.IsLiteral || Keeps(settings, address) || IsElsewhere(subject, address))
                    {
                        continue;
                    }

                    NetworkUsers users = NetworkUsers.Of(old, member.Interface, context);
                    if (!users.IsNone)
                    {
                        FieldError error = FieldError.Invalid(
                            settings.Field.IsMap ? settings.Address.Path : settings.Field.Path, $"\"{address}\"", $"the address of {member} goes, and {users.Clause}");
                        const string Remedy = "keep it, and add the new one beside it";
                        yield return users.Names.Count > 0 && !settings.Field.IsTemplate && !settings.Address.IsTemplate
                            ? Report(error, Remedy, $"{member.Name} {address}")
                            : CannotVerify(error, Remedy, $"{member.Name} {address}");
                    }
                }
            }
        }
    }

    // nmstate keeps what is left out; a list replaces the node's.
    private static bool Keeps(IpSettings settings, NodeAddress address)
    {
        if (settings.Field.IsMissing || (settings.Field.IsMap && settings.Address.IsMissing && !settings.IsOff))
        {
            return true;
        }

        foreach (NodeAddress other in settings.Addresses())
        {
            if (AreEqual(other, address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsElsewhere(NodeNetworkConfigurationPolicy policy, NodeAddress address)
    {
        foreach (NodeInterface entry in policy.State.Interfaces)
        {
            if (entry.IsUp && entry.Addresses().Any(other => AreEqual(other, address)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AreEqual(NodeAddress one, NodeAddress other) =>
        one.IsSet && one.Address is InterfaceAddress address && address.Address.Equals(other.Address?.Address)
        && NmstateScalar.Integer(one.PrefixLength) == NmstateScalar.Integer(other.PrefixLength);
}
