using System.Runtime.CompilerServices;
using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>The private LLT links of a member as the other members of its cluster are compared with them: values alone, so that much can be kept.</summary>
internal sealed class MemberLinks
{
    private static readonly MemberLinks None = new(0, null, []);

    private readonly InterfaceAddress[] _addresses;

    private MemberLinks(int count, long? smallestMtu, InterfaceAddress[] addresses)
    {
        Count = count;
        SmallestMtu = smallestMtu;
        _addresses = addresses;
    }

    /// <summary>How many links there are; 0 as well where the member is about to go, or the role of one of its NICs is not known.</summary>
    public int Count { get; }

    /// <summary>The smallest MTU among them, in bytes, at which LLT runs all; null where one is not known.</summary>
    public long? SmallestMtu { get; }

    /// <summary>Whether they have static addresses.</summary>
    public bool HasAddresses => _addresses.Length > 0;

    /// <summary>Whether an address of the links is in the subnet of a given one; true as well where prefixes do not tell.</summary>
    public bool HasSubnetOf(InterfaceAddress address)
    {
        foreach (InterfaceAddress own in _addresses)
        {
            if (own.IsIPv6 == address.IsIPv6 && (own.PrefixLength is null || own.SharesSubnetWith(address)))
            {
                return true;
            }
        }

        return false;
    }

    private static MemberLinks Read(VirtualMachine member, RuleContext context)
    {
        if (member.IsBeingDeleted)
        {
            return None;
        }

        // Through a view of its own: what that remembers would be kept with the member.
        var reader = new VirtualMachine(member.Root);
        var links = new LltLinks(reader, RoleNics.OfOther(reader, context));
        if (!links.IsComplete || links.Count == 0)
        {
            return None;
        }

        var addresses = new InterfaceAddress[links.Addresses.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = links.Addresses[i].Value;
        }

        return new MemberLinks(links.Count, links.SmallestMtu, addresses);
    }

    /// <summary>
    /// The links of the members that reviews asked for, each read once. They follow from the member and its networks: to be kept for as long as
    /// no network and no Namespace changes. A member that changes is another object; what is known of one that is gone goes with it.
    /// </summary>
    internal sealed class Known
    {
        private readonly ConditionalWeakTable<VirtualMachine, MemberLinks> _byMember = [];

        /// <summary>The links of a member as the cluster holds it.</summary>
        public MemberLinks Of(VirtualMachine member, RuleContext context)
        {
            if (context.AssumedRole is not null)
            {
                return Read(member, context);
            }

            if (!_byMember.TryGetValue(member, out MemberLinks? links))
            {
                links = Read(member, context);
                _byMember.TryAdd(member, links);
            }

            return links;
        }
    }
}
