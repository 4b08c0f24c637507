using System.Net;
using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-address-duplicate: one address twice within a VM.</summary>
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
            "sees its partner under the wrong link (V-14-1-10498 cross links?). The usual cause is an entry that was copied and " +
            "not changed. On different networks it is a warning: it is right only where the guest keeps the networks apart.",
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
            Example.Good("four addresses", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        var nics = RoleNics.Of(subject, context);
        if (nics.All.Count == 0 || subject.NetworkData.State == NetworkDataState.Malformed)
        {
            yield break;
        }

        var first = new Dictionary<IPAddress, Use>();
        foreach (Use use in Uses(subject, nics))
        {
            IPAddress address = use.Address.Value.Address;
            if (address.IsIPv6LinkLocal || first.TryAdd(address, use))
            {
                continue;
            }

            Use other = first[address];
            if (!(use.HasRole || other.HasRole) || (use.Nic is not null && ReferenceEquals(use.Nic, other.Nic)))
            {
                continue;
            }

            bool sameNetwork = use.Nic?.Attachment(subject.Namespace) is { } attachment && attachment == other.Nic?.Attachment(subject.Namespace);
            FieldError error = FieldError.Duplicate(
                use.Address.Field,
                sameNetwork ? $"\"{other.Owner}\" on the same network has it already" : $"\"{other.Owner}\" has it already; whether both are on one network is not seen");
            const string remedy = "give each NIC an address of its own";
            yield return sameNetwork ? Report(error, remedy, use.Owner) : Warn(error, remedy, use.Owner);
        }
    }

    private static IEnumerable<Use> Uses(VirtualMachine subject, RoleNics nics)
    {
        GuestNetwork guest = subject.GuestNetwork;
        var seen = new HashSet<GuestInterface>(ReferenceEqualityComparer.Instance);
        foreach (VirtualMachineNic nic in subject.Nics)
        {
            bool hasRole = nics.Find(nic.Name) is not null;
            NicConfiguration? configuration = guest.Of(nic);
            foreach (GuestInterface entry in configuration?.Entries ?? [])
            {
                foreach (GuestAddress address in seen.Add(entry) ? entry.Addresses : [])
                {
                    yield return new Use(address, entry.Name, nic, hasRole);
                }
            }

            foreach (GuestAddress address in subject.StaticAddresses.Of(nic.Name))
            {
                if (configuration is null || !Has(configuration, address.Value.Address))
                {
                    yield return new Use(address, nic.Name, nic, hasRole);
                }
            }
        }

        bool mayHaveRole = NameMatches.Of(subject, nics) is not null;
        foreach (UnmatchedEntry unmatched in guest.Unmatched)
        {
            foreach (GuestAddress address in unmatched.IsByName ? unmatched.Interface.Addresses : [])
            {
                yield return new Use(address, unmatched.Interface.Name, null, mayHaveRole);
            }
        }
    }

    private static bool Has(NicConfiguration configuration, IPAddress address)
    {
        foreach (GuestInterface entry in configuration.Entries)
        {
            foreach (GuestAddress own in entry.Addresses)
            {
                if (own.Value.Address.Equals(address))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private readonly record struct Use(GuestAddress Address, string Owner, VirtualMachineNic? Nic, bool HasRole);
}
