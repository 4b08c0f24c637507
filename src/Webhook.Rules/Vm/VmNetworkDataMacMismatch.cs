using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-network-data-mac-mismatch: network data about NICs that the VM does not have, or that cannot be told.</summary>
public sealed class VmNetworkDataMacMismatch : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-network-data-mac-mismatch",
        Title = "Network data does not match the NICs of the VM",
        Severity = Severity.Error,
        Rationale =
            "cloud-init and netplan ignore an entry whose hardware address no NIC has, and the NIC stays without its static " +
            "address. An interface without macAddress gets one that the author of the network data cannot know. The name of a " +
            "device inside the guest (eth1, enp2s0) depends on image and slot; a NIC added later can shift it, and then LLT runs " +
            "on the iSCSI network (V-14-1-10498 cross links?).",
        Remedy =
            "Give each role NIC a macAddress, and match its entry by that address (match.macaddress, mac_address, " +
            "ethernet_mac_address).",
        Guide = [GuideSentence.S15],
        Examples =
        [
            Example.Bad("a typing error in the hardware address", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt2/match/macaddress",
                yaml: ExampleGuest.With(ExampleGuest.Data(llt2: """{match: {macaddress: "02:50:00:0e:02:12"}, mtu: 8990, addresses: [172.30.2.11/24]}""")),
                given: ExampleGuest.Given),
            Example.Bad("an interface without a hardware address", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/match/macaddress",
                yaml: ExampleGuest.With(interfaces: "[{name: llt1, bridge: {}}, " + ExampleGuest.Llt2Interface + ", " + ExampleGuest.Iscsi1Interface + ", " + ExampleGuest.Iscsi2Interface + "]"),
                given: ExampleGuest.Given),
            Example.Warned("matched by name", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/eth1",
                yaml: ExampleGuest.With(
                    "{version: 2, ethernets: {llt1: " + ExampleGuest.Llt1 + ", eth1: {mtu: 8990, addresses: [172.30.2.11/24]}, iscsi1: " +
                    ExampleGuest.Iscsi1 + ", iscsi2: " + ExampleGuest.Iscsi2 + "}}"),
                given: ExampleGuest.Given),
            Example.Good("matched by hardware address", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        if (subject.NetworkData.State != NetworkDataState.Read)
        {
            yield break;
        }

        var nics = RoleNics.Of(subject, context);
        if (nics.All.Length == 0)
        {
            yield break;
        }

        GuestInterface? told = null;
        foreach (RoleNic nic in nics.All)
        {
            if (subject.GuestNetwork.Of(nic.Nic) is { Match: GuestMatch.Name } configuration && !nic.IsUnfit && !configuration.AsksForDhcp
                && !ReferenceEquals(told, configuration.Entries[0]))
            {
                told = configuration.Entries[0];
                yield return ByName(told, nic);
            }
        }

        NameMatches? names = NameMatches.Of(subject, nics);
        foreach (UnmatchedEntry unmatched in subject.GuestNetwork.Unmatched)
        {
            GuestInterface entry = unmatched.Interface;
            if (entry.Mac.IsPresent)
            {
                if (!IsOfUnpluggedNic(subject, entry))
                {
                    yield return Unknown(subject, entry);
                }
            }
            else if (names is not null && NameMatches.Matters(unmatched) && (names.MayBeHarmless || entry.DhcpAsks.Count == 0))
            {
                yield return ByName(entry, names.Open[0]);
            }
        }
    }

    private static bool IsOfUnpluggedNic(VirtualMachine subject, GuestInterface entry)
    {
        foreach (VirtualMachineNic nic in subject.Nics)
        {
            if (nic.IsUnplugged && nic.MacAddress is MacAddress mac && MacAddress.Parse(entry.Mac) == mac)
            {
                return true;
            }
        }

        return false;
    }

    private Finding Unknown(VirtualMachine subject, GuestInterface entry)
    {
        foreach (VirtualMachineNic nic in subject.Nics)
        {
            if (!nic.IsUnplugged && nic.Interface["macAddress"].IsMissing && (nic.Name == entry.Name || nic.Name == entry.NewName))
            {
                return Report(
                    FieldError.Invalid(entry.Mac, $"interface \"{nic.Name}\" has no macAddress, so the guest ignores the entry"),
                    "set macAddress on the interface to this address", entry.Name);
            }
        }

        return Report(
            FieldError.Invalid(entry.Mac, "no interface of the VM has this address, so the guest ignores the entry"),
            "use the macAddress of the interface that is meant", entry.Name);
    }

    private Finding ByName(GuestInterface entry, RoleNic nic) => CannotVerify(
        FieldError.Invalid(entry.Entry.Path, $"\"{entry.Name}\"", $"matched by a name in the guest only: that it is {nic.Words} cannot be seen"),
        "match it by the macAddress of the interface", entry.Name);
}
