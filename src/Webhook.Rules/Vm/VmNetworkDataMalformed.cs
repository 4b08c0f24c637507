using Webhook.Resources;
using Webhook.Resources.CloudInit;

namespace Webhook.Rules.Vm;

/// <summary>vm-network-data-malformed: network data that cloud-init cannot use.</summary>
public sealed class VmNetworkDataMalformed : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-network-data-malformed",
        Title = "Network data that cloud-init cannot read",
        Severity = Severity.Error,
        Rationale =
            "cloud-init drops network data that it cannot read, or stops at it, and falls back to DHCP on the first NIC: the " +
            "guest comes up without the addresses that LLT and iSCSI need. cloudInitNoCloud takes version 1 or 2, " +
            "cloudInitConfigDrive OpenStack's network_data.json, and neither takes the other's. An unquoted hardware address of " +
            "digits only is a number in YAML 1.1.",
        Remedy =
            "Correct the text at the given place; cloud-init schema --schema-type network-config checks it inside a guest.",
        Guide = [GuideSentence.S15],
        Examples =
        [
            Example.Bad("an address that is none", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/addresses/0",
                yaml: ExampleGuest.With(ExampleGuest.Data(llt1: """{match: {macaddress: "02:50:00:0e:01:11"}, mtu: 8990, addresses: [172.30.1.300/24]}""")),
                given: ExampleGuest.Given),
            Example.Bad("no version", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/version",
                yaml: ExampleGuest.With("{ethernets: {llt1: {addresses: [172.30.1.11/24]}}}"), given: ExampleGuest.Given),
            Example.Bad("a hardware address that YAML reads as a number", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/match/macaddress",
                yaml: ExampleGuest.With(ExampleGuest.Data(llt1: "{match: {macaddress: 52:54:00:10:01:11}, mtu: 8990, addresses: [172.30.1.11/24]}")),
                given: ExampleGuest.Given),
            Example.Good("version 2, matched by hardware address", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        CloudInitNetworkData data = subject.NetworkData;
        if (data.State != NetworkDataState.Malformed)
        {
            yield break;
        }

        foreach (NetworkDataDefect defect in data.Defects)
        {
            // What is no document has no values to compare: there the reason and its place tell whether an update left it alone.
            Finding finding = Report(Describe(data, defect), "correct it: the guest may come up with DHCP otherwise");
            yield return finding with { Evidence = $"{finding.Evidence} {defect.Detail}" };
        }
    }

    // The text as a whole is never shown, whatever stands in it; of an embedded field the value is, and Field keeps it short.
    private static FieldError Describe(CloudInitNetworkData data, NetworkDataDefect defect) =>
        defect.At.IsMissing ? FieldError.Required(defect.At.Path, defect.Detail)
        : defect.At == data.Source ? FieldError.Invalid(defect.At.Path, "network data", defect.Detail)
        : FieldError.Invalid(defect.At, defect.Detail);
}
