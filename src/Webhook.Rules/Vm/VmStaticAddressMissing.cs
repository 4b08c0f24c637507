using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-static-address-missing: a role NIC that nothing is known to give a static address.</summary>
public sealed class VmStaticAddressMissing : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-static-address-missing",
        Title = "Role NIC without a static address",
        Severity = Severity.Error,
        Rationale =
            "A NIC that network data leaves out has no address, or the one that cloud-init's fallback gets by DHCP; addresses " +
            "must be set statically inside the VM and stay for its life. Image, Ansible, a Secret or a script in user-data may " +
            "do it unseen: then the annotation infoscale.internal/static-addresses says so, and the addresses take part in all " +
            "other checks.",
        Remedy =
            "Add static addresses for the NIC to the network data, matched by its macAddress, or declare them in " +
            "infoscale.internal/static-addresses.",
        Guide = [GuideSentence.S3, GuideSentence.S7, GuideSentence.S15],
        WhyNotFixed = "which static address is meant, only its author knows",
        Examples =
        [
            Example.Bad("network data leaves a NIC out", at: "spec.template.spec.domain.devices.interfaces[3]",
                yaml: ExampleGuest.With("{version: 2, ethernets: {llt1: " + ExampleGuest.Llt1 + ", llt2: " + ExampleGuest.Llt2 + ", iscsi1: " + ExampleGuest.Iscsi1 + "}}"),
                given: ExampleGuest.Given),
            Example.Bad("an entry without addresses", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt2/addresses",
                yaml: ExampleGuest.With(ExampleGuest.Data(llt2: """{match: {macaddress: "02:50:00:0e:02:11"}, mtu: 8990}""")),
                given: ExampleGuest.Given),
            Example.Warned("network data in a Secret", at: "spec.template.spec.domain.devices.interfaces[1]",
                yaml: ExampleGuest.WithVolumes(
                    "[{name: cloudinit, cloudInitNoCloud: {networkDataSecretRef: {name: vcs-node1-network}}}]",
                    annotations: """{infoscale.internal/static-addresses: '{"llt1": ["172.30.1.11/24"], "iscsi1": ["10.60.1.11/24"], "iscsi2": ["10.60.2.11/24"]}'}"""),
                given: ExampleGuest.Given),
            Example.Good("static addresses for all", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
            Example.Good("network data in a Secret, addresses declared",
                yaml: ExampleGuest.WithVolumes(
                    "[{name: cloudinit, cloudInitNoCloud: {networkDataSecretRef: {name: vcs-node1-network}}}]",
                    annotations: """{infoscale.internal/static-addresses: '{"llt1": ["172.30.1.11/24"], "llt2": ["172.30.2.11/24"], "iscsi1": ["10.60.1.11/24"], "iscsi2": ["10.60.2.11/24"]}'}"""),
                given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        foreach (Finding finding in Missing(subject, context))
        {
            // There is no value that could change; whether the network data can be read is what the finding rests on.
            yield return finding with { Evidence = subject.NetworkData.Unreadable ?? "" };
        }
    }

    private IEnumerable<Finding> Missing(VirtualMachine subject, RuleContext context)
    {
        CloudInitNetworkData data = subject.NetworkData;
        StaticAddresses declared = subject.StaticAddresses;
        if (data.State == NetworkDataState.Malformed || !declared.IsReadable)
        {
            yield break;
        }

        var nics = RoleNics.Of(subject, context);
        NameMatches? names = null;
        bool counted = false;
        foreach (RoleNic nic in nics.All)
        {
            NicConfiguration? configuration = subject.GuestNetwork.Of(nic.Nic);
            if (nic.IsUnfit || configuration?.HasAddress == true || configuration?.AsksForDhcp == true || declared.Of(nic.Name).Any())
            {
                continue;
            }

            if (data.Unreadable is string reason)
            {
                yield return CannotVerify(
                    FieldError.Required(nic.Nic.Interface.Path, $"{nic.Words} has no static address that can be seen: {reason}"),
                    $"declare it: annotation {InfoScaleMetadata.StaticAddresses}", nic.Name);
            }
            else if (configuration is not null)
            {
                Field entry = configuration.Entries[0].Entry;
                yield return Report(
                    FieldError.Required(entry.Path.Property(AddressKey(entry)), $"{nic.Words} gets no static address"), Remedy(nic), nic.Name);
            }
            else
            {
                names = counted ? names : NameMatches.Of(subject, nics);
                counted = true;
                if (names is { Static: > 0 })
                {
                    // With an entry for each NIC only the matching is open, and that is told where the entries stand.
                    if (!names.MayBeHarmless)
                    {
                        yield return CannotVerify(
                            FieldError.Required(nic.Nic.Interface.Path, $"{nic.Words} may have no static address: entries matched by name are too few"),
                            "match entries by macaddress, one for each role NIC", nic.Name);
                    }
                }
                else
                {
                    yield return Report(
                        FieldError.Required(nic.Nic.Interface.Path, $"{nic.Words} gets no static address from network data"), Remedy(nic), nic.Name);
                }
            }
        }
    }

    private static string AddressKey(Field entry) => entry["type"].IsPresent ? "subnets" : "addresses";

    private static string Remedy(RoleNic nic) => nic.Source == RoleSource.Unknown
        ? $"add static addresses to it, or set nic-roles \"{nic.Name}=none\" if it carries neither LLT nor iSCSI"
        : "add its static addresses to the network data, or declare them in the annotation static-addresses";
}
