using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-mtu-not-jumbo: an LLT NIC whose MTU in the guest is not jumbo.</summary>
public sealed class VmMtuNotJumbo : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-mtu-not-jumbo",
        Title = "LLT NIC of the guest has no jumbo MTU",
        Severity = Severity.Error,
        Rationale =
            "Only jumbo frames are supported for LLT, and LLT runs all its links at the smallest MTU among them. The guest's MTU " +
            "is the smaller of the network's and what network data sets. The network's reaches the guest through virtio only: " +
            "any other model, of the VM or of its preference, leaves the NIC at 1500 unless network data sets mtu. Members with unlike MTU look connected and " +
            "hang at Getting snapshot (V-14-1-10205 in trouble, then active).",
        Remedy =
            "Set mtu: 8990 for the NIC in the network data, use model virtio, and give the NetworkAttachmentDefinition the same " +
            "mtu.",
        Guide = [GuideSentence.S8, GuideSentence.S11],
        Fix = FixAvailability.Safe,
        WhyNotFixed = "the network gives too little, or no single entry of readable network data is about this NIC alone",
        Examples =
        [
            Example.Bad("network data sets 1500", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/mtu",
                yaml: ExampleGuest.With(ExampleGuest.Data(llt1: """{match: {macaddress: "02:50:00:0e:01:11"}, mtu: 1500, addresses: [172.30.1.11/24]}""")),
                given: ExampleGuest.Given).FixedBy("1500", "8990"),
            Example.Bad("e1000e and no mtu in network data", at: "spec.template.spec.domain.devices.interfaces[1].model",
                yaml: ExampleGuest.With(
                    ExampleGuest.Data(llt2: """{match: {macaddress: "02:50:00:0e:02:11"}, addresses: [172.30.2.11/24]}"""),
                    interfaces: ExampleGuest.Interfaces.Replace("name: llt2,", "name: llt2, model: e1000e,", StringComparison.Ordinal)),
                given: ExampleGuest.Given).FixedBy("[172.30.2.11/24]", "[172.30.2.11/24], mtu: 8990"),
            Example.Bad("e1000e by preference", at: "spec.preference.name",
                yaml: ExampleGuest.With(ExampleGuest.Data(llt2: """{match: {macaddress: "02:50:00:0e:02:11"}, addresses: [172.30.2.11/24]}"""))
                    .Replace("spec:\n  runStrategy", "spec:\n  preference: {name: legacy}\n  runStrategy", StringComparison.Ordinal),
                given: ExampleGuest.Given +
                    "---\n{apiVersion: instancetype.kubevirt.io/v1beta1, kind: VirtualMachineClusterPreference, metadata: {name: legacy}, " +
                    "spec: {devices: {preferredInterfaceModel: e1000e}}}").FixedBy("[172.30.2.11/24]", "[172.30.2.11/24], mtu: 8990"),
            Example.Warned("a network that cannot be seen", at: "spec.template.spec.networks[1].multus.networkName",
                yaml: ExampleGuest.With(networks: ExampleGuest.Networks.Replace("networkName: llt2", "networkName: llt/llt2", StringComparison.Ordinal)),
                given: ExampleGuest.Given + "---\n{apiVersion: k8s.ovn.org/v1, kind: ClusterUserDefinedNetwork, metadata: {name: llt2}}"),
            Example.Good("8990 in the guest and in the network", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        if (subject.NetworkData.State == NetworkDataState.Malformed)
        {
            yield break;
        }

        Lookup<Preference>? preference = MachineProfile.Preference(subject, context);
        foreach (RoleNic nic in RoleNics.Of(subject, context).All)
        {
            if (!nic.IsIscsi && !nic.IsUnfit && Judge(subject, nic, preference, context.Settings.VmMtu) is Finding finding)
            {
                yield return finding with
                {
                    Mend = () => GuestMtuFix.Of(subject, nic, nic.Nic.Model ?? preference?.Found?.InterfaceModel, context.Settings.VmMtu),
                };
            }
        }
    }

    private Finding? Judge(VirtualMachine subject, RoleNic nic, Lookup<Preference>? preference, int needed)
    {
        NicConfiguration? configuration = subject.GuestNetwork.Of(nic.Nic);
        if (configuration?.SmallestMtu is GuestInterface set)
        {
            if (set.Mtu < needed)
            {
                return Weigh(
                    nic, FieldError.Invalid(set.MtuField, $"{nic.Words} must have {needed} or more: LLT runs at its smallest MTU"),
                    $"set mtu: {needed}", needed - set.Mtu.Value);
            }
        }
        else if (nic.Nic.Binding != "sriov" && (nic.Nic.Model ?? preference?.Found?.InterfaceModel) is string model && !IsVirtio(model))
        {
            Field field = nic.Nic.Model is null ? MachineProfile.NameOf(subject.PreferenceReference) : nic.Nic.Interface["model"];
            string stays = $"{nic.Words} {(nic.Nic.Model is null ? $"is {model} and " : "")}stays at 1500";
            return subject.NetworkData.Unreadable is null && !MayBeSetByName(subject, configuration)
                ? Weigh(nic, FieldError.Invalid(field, $"{stays}: only virtio learns the network's MTU"), $"use virtio, or set mtu: {needed} in network data", needed - 1500)
                : CannotVerify(
                    FieldError.Invalid(field, $"{stays} unless the guest sets {needed}, which is not seen"),
                    $"use model virtio, or set mtu: {needed} in network data", nic.Name);
        }
        else if (nic.Nic.Binding != "sriov" && nic.Nic.Model is null && preference is { Found: null } unseen && JudgeNetwork(subject, nic, needed) is null)
        {
            return CannotVerify(
                FieldError.Invalid(
                    MachineProfile.NameOf(subject.PreferenceReference),
                    $"the model of {nic.Words} comes from a preference that is not known ({unseen.Unverified ?? "it does not exist"}), and only virtio learns the MTU"),
                "write model: virtio", nic.Name);
        }

        return JudgeNetwork(subject, nic, needed);
    }

    private static bool IsVirtio(string model) => model.StartsWith("virtio", StringComparison.Ordinal);

    private static bool MayBeSetByName(VirtualMachine subject, NicConfiguration? configuration)
    {
        if (configuration is null)
        {
            foreach (UnmatchedEntry entry in subject.GuestNetwork.Unmatched)
            {
                if (entry.Interface.Mtu is not null)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private Finding? JudgeNetwork(VirtualMachine subject, RoleNic nic, int needed)
    {
        if (!nic.Nic.IsMultus || nic.Attachment.IsAbsent)
        {
            return null;
        }

        Field name = nic.Nic.NetworkName;
        NicMtu mtu = NicMtu.Of(subject, nic.Nic, nic.Attachment.Found);
        if (mtu.Network is long bytes)
        {
            return bytes >= needed
                ? null
                : Weigh(
                    nic, FieldError.Invalid(name, $"{nic.Words} gets {bytes} bytes from this network{(mtu.IsDefault ? ", which sets no mtu" : "")}; {needed} or more is needed"),
                    $"set mtu: {needed} in the network", needed - bytes);
        }

        return CannotVerify(
            FieldError.Invalid(name, $"{nic.Words} {(nic.Role is null ? "needs" : "must have")} {needed} or more{(nic.Role is null ? " if it carries LLT" : "")}: the mtu of its network is not seen"),
            $"make sure that the network has mtu: {needed} or more", nic.Name);
    }

    private Finding Weigh(RoleNic nic, FieldError error, string remedy, long shortfall)
    {
        Finding finding = nic.Role switch
        {
            null => CannotVerify(error, remedy + ", or name the NIC in nic-roles", nic.Name),
            NetworkRole.LltLowpri => Warn(error, remedy, nic.Name),
            _ => Report(error, remedy, nic.Name),
        };
        return finding with { Shortfall = shortfall };
    }
}
