using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-cluster-mtu-differs: a member whose LLT links are unlike those of another member of its cluster.</summary>
public sealed class VmClusterMtuDiffers : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-cluster-mtu-differs",
        Title = "LLT links differ between members of a cluster",
        Severity = Severity.Warning,
        Rationale =
            "LLT links must have the same MTU on all cluster nodes. Where they differ, links look up and heartbeats pass, but large messages are " +
            "lost: LLT INFO V-14-1-10205 link in trouble and V-14-1-10024 active alternate, and the joining member hangs at V-16-1-10465 Getting " +
            "snapshot. A member with fewer links, or with a link in a subnet in which no other member has one, has no redundancy where the others " +
            "count on it.",
        Remedy =
            "Give all members the same number of LLT links on the same networks, with one MTU and one subnet for each link. To change the MTU of a " +
            "running cluster, stop all members together.",
        Guide = [],
        Examples =
        [
            Example.Warned("another member has a larger MTU", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/mtu",
                yaml: ExampleGuest.With(), given: Networks + Member(9000, 9000, "172.30.2.12/24")),
            Example.Warned("another member has one link less", at: "spec.template.spec.domain.devices.interfaces",
                yaml: ExampleGuest.With(), given: Networks + Member(8990, 8990, "172.30.2.12/24")
                    .Replace("{name: llt2, bridge: {}", "{name: llt2, state: absent, bridge: {}", StringComparison.Ordinal)),
            Example.Warned("no other member has a link in the subnet", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt2/addresses/0",
                yaml: ExampleGuest.With(), given: Networks + Member(8990, 8990, "172.30.9.12/24")),
            Example.Good("two members alike", yaml: ExampleGuest.With(), given: Networks + Member(8990, 8990, "172.30.2.12/24")),
        ],
    };

    private const string Remedy = "make the LLT links of all members alike";

    private static string Networks { get; } = string.Join(
        "---\n",
        ExampleGuest.Definition("llt1", "llt", 9000),
        ExampleGuest.Definition("llt2", "llt", 9000),
        ExampleGuest.Definition("iscsi1", "iscsi"),
        ExampleGuest.Definition("iscsi2", "iscsi")) + "---\n";

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        if (subject.Cluster is not { Length: > 0 } cluster)
        {
            yield break;
        }

        LltLinks? own = null;
        bool isCountTold = false, isMtuTold = false, isSubnetTold = false;
        foreach (VirtualMachine member in context.Cluster.MembersOf(subject.Namespace, cluster).Found)
        {
            MemberLinks other = context.Cluster.LinksOfMembers.Of(member, context);
            if (other.Count == 0 || AddressRival.IsItself(subject, member))
            {
                continue;
            }

            own ??= new LltLinks(subject, RoleNics.Of(subject, context));
            if (!own.IsComplete || own.Count == 0)
            {
                yield break;
            }

            if (!isCountTold && own.Count != other.Count)
            {
                isCountTold = true;
                yield return Report(
                    FieldError.Invalid(subject.InstanceSpec["domain"]["devices"]["interfaces"].Path, $"{own.Count} LLT links", $"member {member.Name} has {other.Count}"),
                    Remedy, "link count");
            }

            if (!isMtuTold && own.SmallestMtu is long mtu && other.SmallestMtu is long others && mtu != others)
            {
                isMtuTold = true;
                yield return Report(
                    FieldError.Invalid(own.SmallestAt, $"LLT of this member runs at {mtu}, of member {member.Name} at {others}: a joiner hangs at Getting snapshot"),
                    Remedy, "mtu") with { Evidence = $"{mtu} {others}" };
            }

            // A link less is a subnet less.
            if (!isSubnetTold && own.Count == other.Count && FirstAlone(own, other) is GuestAddress alone)
            {
                isSubnetTold = true;
                yield return Report(FieldError.Invalid(alone.Field, $"no LLT link of member {member.Name} is in that subnet"), Remedy, "subnet");
            }
        }
    }

    private static GuestAddress? FirstAlone(LltLinks own, MemberLinks other)
    {
        foreach (GuestAddress address in own.Addresses)
        {
            if (address.Value.PrefixLength is not null && !address.Value.Address.IsIPv6LinkLocal && other.HasAddresses && !other.HasSubnetOf(address.Value))
            {
                return address;
            }
        }

        return null;
    }

    private static string Member(int mtu1, int mtu2, string llt2) =>
        ExampleGuest.With(
            ExampleGuest.Data(
                $$$"""{match: {macaddress: "02:50:00:0e:01:11"}, mtu: {{{mtu1}}}, addresses: [172.30.1.12/24]}""",
                $$$"""{match: {macaddress: "02:50:00:0e:02:11"}, mtu: {{{mtu2}}}, addresses: [{{{llt2}}}]}""",
                """{match: {macaddress: "02:50:00:0e:03:11"}, mtu: 8990, addresses: [10.60.1.12/24]}""",
                """{match: {macaddress: "02:50:00:0e:04:11"}, mtu: 8990, addresses: [10.60.2.12/24]}"""))
            .Replace("name: vcs-node1", "name: vcs-node2", StringComparison.Ordinal);
}
