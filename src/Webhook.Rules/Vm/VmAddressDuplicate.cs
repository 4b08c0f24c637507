using System.Net;
using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-address-duplicate: one address twice, within a VM or on another VM or node of its network.</summary>
public sealed class VmAddressDuplicate : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-address-duplicate",
        Title = "Address used twice",
        Severity = Severity.Error,
        Rationale =
            "Two NICs with one address on one network answer for each other: LLT links flap, iSCSI sessions break, and the peer " +
            "sees its partner under the wrong link (V-14-1-10498 cross links?). The usual cause is a VM or an entry that was copied and " +
            "not changed. Other VMs count by network data and declared addresses, nodes by the addresses of policies; one network is the same " +
            "NetworkAttachmentDefinition, or the same bridge or physical network and VLAN. On different networks, and while one of the two is " +
            "halted, it is a warning. The VM's own instance, restart and migration are never its duplicate.",
        Remedy =
            "Give each NIC an address of its own.",
        Guide = [GuideSentence.S16],
        Examples =
        [
            Example.Bad("two NICs on one network with one address", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/pub2/addresses/0",
                yaml: ExampleGuest.With(
                    ExampleGuest.Data()[..^2] +
                    """, pub1: {match: {macaddress: "02:50:00:0e:05:11"}, mtu: 8990, addresses: [10.70.1.11/24]}""" +
                    """, pub2: {match: {macaddress: "02:50:00:0e:06:11"}, mtu: 8990, addresses: [10.70.1.11/24]}}}""",
                    interfaces: ExampleGuest.Interfaces[..^1] +
                    """, {name: pub1, bridge: {}, macAddress: "02:50:00:0e:05:11"}, {name: pub2, bridge: {}, macAddress: "02:50:00:0e:06:11"}]""",
                    networks: ExampleGuest.Networks[..^1] +
                    ", {name: pub1, multus: {networkName: public}}, {name: pub2, multus: {networkName: public}}]"),
                given: ExampleGuest.Given + "---\n" + ExampleGuest.Definition("public", "llt-lowpri")),
            Example.Warned("two networks", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/pub1/addresses/0",
                yaml: ExampleGuest.With(
                    ExampleGuest.Data()[..^2] +
                    """, pub1: {match: {macaddress: "02:50:00:0e:05:11"}, mtu: 8990, addresses: [10.60.1.11/24]}}}""",
                    interfaces: ExampleGuest.Interfaces[..^1] + """, {name: pub1, bridge: {}, macAddress: "02:50:00:0e:05:11"}]""",
                    networks: ExampleGuest.Networks[..^1] + ", {name: pub1, multus: {networkName: public}}]"),
                given: ExampleGuest.Given + "---\n" + ExampleGuest.Definition("public", "llt-lowpri")),
            Example.Bad("another VM on the network has it", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/addresses/0",
                yaml: ExampleGuest.With(), given: ExampleGuest.Given + "---\n" + Neighbour("172.30.1.11/24")),
            Example.Warned("a halted VM on the network has it", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/addresses/0",
                yaml: ExampleGuest.With(), given: ExampleGuest.Given + "---\n" + Neighbour("172.30.1.11/24", "Halted")),
            Example.Bad("a node has it on the bridge of the network", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/addresses/0",
                yaml: ExampleGuest.With(), given: ExampleGuest.Given + "---\n" +
                """
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata: {name: llt-worker-1}
                spec:
                  nodeSelector: {kubernetes.io/hostname: worker-1}
                  desiredState:
                    interfaces:
                    - name: ens3f0
                      type: ethernet
                      mtu: 9000
                    - name: br-llt1
                      type: linux-bridge
                      mtu: 9000
                      ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.11, prefix-length: 24}]}
                      bridge: {port: [{name: ens3f0}]}
                """),
            Example.Good("four addresses that no other VM has", yaml: ExampleGuest.With(), given: ExampleGuest.Given + "---\n" + Neighbour("172.30.1.12/24")),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        var nics = RoleNics.Of(subject, context);
        if (nics.All.Length == 0 || subject.NetworkData.State == NetworkDataState.Malformed)
        {
            yield break;
        }

        var first = new Dictionary<IPAddress, AddressUse>();
        foreach (AddressUse use in AddressUse.Of(subject, nics))
        {
            IPAddress address = use.Address.Value.Address;
            if (address.IsIPv6LinkLocal)
            {
                continue;
            }

            if (first.TryAdd(address, use))
            {
                if (use.HasRole && AddressRival.Heaviest(subject, use.Nic, address, context) is AddressRival rival)
                {
                    yield return Judge(use, rival);
                }

                continue;
            }

            AddressUse other = first[address];
            if ((use.HasRole || other.HasRole) && (use.Nic is null || !ReferenceEquals(use.Nic, other.Nic)))
            {
                bool? same = use.Nic is null || other.Nic is null ? null : Segment.AreOne(subject, use.Nic, subject, other.Nic, context);
                yield return Judge(use, new AddressRival($"\"{other.Owner}\" of this VM", same, IsApart: false)) with { Unverified = false };
            }
        }
    }

    private Finding Judge(AddressUse use, AddressRival rival)
    {
        const string remedy = "give each NIC an address of its own";
        string detail = (rival.IsOnSameNetwork, rival.IsApart) switch
        {
            (true, false) => "has it on the same network",
            (true, true) => "has it on the same network, and one of both is halted",
            (false, _) => "has it on another network",
            _ => "has it, and whether both are on one network is not seen",
        };
        FieldError error = FieldError.Duplicate(use.Address.Field, $"{rival.Words} {detail}");
        return rival.IsProven ? Report(error, remedy, use.Owner)
            : rival.IsOnSameNetwork is null ? CannotVerify(error, remedy, use.Owner)
            : Warn(error, remedy, use.Owner);
    }

    private static string Neighbour(string llt1, string strategy = "Always") =>
        ExampleGuest.With(
            ExampleGuest.Data(
                llt1: $$$"""{match: {macaddress: "02:50:00:0e:01:11"}, mtu: 8990, addresses: [{{{llt1}}}]}""",
                llt2: """{match: {macaddress: "02:50:00:0e:02:11"}, mtu: 8990, addresses: [172.30.2.12/24]}""",
                iscsi1: """{match: {macaddress: "02:50:00:0e:03:11"}, mtu: 8990, addresses: [10.60.1.12/24]}""",
                iscsi2: """{match: {macaddress: "02:50:00:0e:04:11"}, mtu: 8990, addresses: [10.60.2.12/24]}"""),
            strategy: strategy).Replace("name: vcs-node1", "name: vcs-node2", StringComparison.Ordinal);
}
