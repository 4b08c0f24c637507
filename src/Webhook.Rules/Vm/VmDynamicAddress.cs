using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-dynamic-address: DHCP on a role NIC inside the guest.</summary>
public sealed class VmDynamicAddress : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-dynamic-address",
        Title = "Role NIC gets its address by DHCP",
        Severity = Severity.Error,
        Rationale =
            "LLT over UDP carries addresses in /etc/llttab, and an iSCSI session is bound to the address it was opened with; " +
            "arrays mask LUNs by initiator address too. When a lease changes, LLT stays bound to an address that is gone and a " +
            "session breaks. A static address beside DHCP does not help: the lease comes on top. A NIC counts while nobody says " +
            "that it has no role.",
        Remedy =
            "Set dhcp4 and dhcp6 to false (subnet type static in version 1) and give static addresses; nic-roles takes a NIC out " +
            "that carries neither LLT nor iSCSI.",
        Guide = [GuideSentence.S3, GuideSentence.S4, GuideSentence.S7],
        WhyNotFixed = "which static address is meant, only its author knows",
        Examples =
        [
            Example.Bad("DHCP beside a static address", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/dhcp4",
                yaml: ExampleGuest.With(ExampleGuest.Data(llt1: """{match: {macaddress: "02:50:00:0e:01:11"}, mtu: 8990, dhcp4: true, addresses: [172.30.1.11/24]}""")),
                given: ExampleGuest.Given),
            Example.Bad("a glob that takes the NIC without an entry of its own", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/rest/dhcp4",
                yaml: ExampleGuest.With(
                    "{version: 2, ethernets: {llt1: " + ExampleGuest.Llt1 + ", llt2: " + ExampleGuest.Llt2 + ", iscsi1: " + ExampleGuest.Iscsi1 +
                    """, rest: {match: {name: "e*"}, dhcp4: true}}}"""),
                given: ExampleGuest.Given),
            Example.Good("static addresses only", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
            Example.Good("DHCP on the pod network",
                yaml: ExampleGuest.With(
                    "{version: 2, ethernets: {pod: {dhcp4: true}, llt1: " + ExampleGuest.Llt1 + ", llt2: " + ExampleGuest.Llt2 +
                    ", iscsi1: " + ExampleGuest.Iscsi1 + ", iscsi2: " + ExampleGuest.Iscsi2 + "}}",
                    interfaces: "[{name: pod, masquerade: {}}, " + ExampleGuest.Interfaces[1..],
                    networks: "[{name: pod, pod: {}}, " + ExampleGuest.Networks[1..]),
                given: ExampleGuest.Given),
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
        foreach (RoleNic nic in nics.All)
        {
            if (nic.IsUnfit || subject.GuestNetwork.Of(nic.Nic) is not NicConfiguration configuration)
            {
                continue;
            }

            foreach (GuestInterface entry in configuration.Entries)
            {
                foreach (Field ask in entry.DhcpAsks)
                {
                    string glob = configuration.Pattern is string pattern ? $" (matched by glob \"{pattern}\")" : "";
                    string key = ask.IsString ? "" : ask.Name + " ";
                    yield return Report(
                        FieldError.Invalid(ask, $"{key}asks for DHCP on {nic.Words}{glob}, whose addresses must stay fixed"),
                        Remedy(nic), $"{nic.Name} {ask.Name}");
                }
            }
        }

        foreach (Finding finding in CheckNames(subject, nics))
        {
            yield return finding;
        }
    }

    private static string Remedy(RoleNic nic) => nic.Source == RoleSource.Unknown
        ? $"give static addresses only, or set nic-roles \"{nic.Name}=none\" if it carries neither LLT nor iSCSI"
        : "switch DHCP off and give static addresses only";

    // Which NIC a name in the guest is cannot be seen: where the names leave a role NIC no harmless reading, that is said.
    private IEnumerable<Finding> CheckNames(VirtualMachine subject, RoleNics nics)
    {
        if (NameMatches.Of(subject, nics) is not { MayBeHarmless: false } names)
        {
            yield break;
        }

        foreach (UnmatchedEntry unmatched in subject.GuestNetwork.Unmatched)
        {
            GuestInterface entry = unmatched.Interface;
            if (unmatched.IsByName && entry.DhcpAsks.Count > 0)
            {
                Field ask = entry.DhcpAsks[0];
                string glob = GuestNetwork.IsGlob(entry.NamePattern.Text) ? $"by glob {entry.NamePattern}" : "by name only";
                yield return CannotVerify(
                    FieldError.Invalid(ask, $"asks for DHCP, is matched {glob}, and may be {names.Open[0].Words}"),
                    "match entries by macaddress, and give role NICs static addresses", $"{entry.Name} {ask.Name}");
            }
        }
    }
}
