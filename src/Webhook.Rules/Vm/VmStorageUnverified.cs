using Webhook.Resources;
using Webhook.Rules.Storage;

namespace Webhook.Rules.Vm;

/// <summary>vm-storage-unverified: a disk whose storage protocol could not be seen, or that lies on disks of one node.</summary>
public sealed class VmStorageUnverified : Rule<VirtualMachine>
{
    private const string Attested =
        """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata:
          name: powerstore-block
          annotations: {infoscale.internal/storage-protocol: iscsi}
        provisioner: csi-powerstore.dellemc.com
        """;

    private const string NotAttested =
        """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: powerstore-block}
        provisioner: csi-powerstore.dellemc.com
        """;

    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-storage-unverified",
        Title = "Storage protocol of a disk is not proven",
        Severity = Severity.Warning,
        Rationale =
            "Many drivers serve several protocols and keep the choice in a backend or Secret (Trident, PowerStore, PowerMax, IBM, Pure, " +
            "Huawei), so a StorageClass alone often does not prove iSCSI; a claim or class may be missing or not be visible at all. Local " +
            "storage (local volumes, LVM, TopoLVM, hostpath) is not external, but no other node reaches it: the VM cannot migrate, and other " +
            "members cannot take the disk over.",
        Remedy =
            "Attest the protocol by the annotation infoscale.internal/storage-protocol: iscsi on the StorageClass, PersistentVolume or claim, " +
            "or name it under storage.classes or storage.drivers in the configuration. storage.unknown: error denies what is not proven, " +
            "storage.local decides about local disks.",
        Guide = [GuideSentence.S2],
        Examples =
        [
            Example.Warned("a driver that serves several protocols", at: "spec.dataVolumeTemplates[0].spec.storage.storageClassName",
                yaml: ExampleMachine.With(
                    templates: "[{metadata: {name: vcs-node1-data}, spec: {storage: {storageClassName: powerstore-block}}}]",
                    volumes: "[{name: data, dataVolume: {name: vcs-node1-data}}]"),
                given: ExampleMachine.Given(NotAttested)),
            Example.Warned("a claim that cannot be looked up", at: "spec.template.spec.volumes[0].persistentVolumeClaim.claimName",
                yaml: ExampleMachine.With(volumes: "[{name: data, persistentVolumeClaim: {claimName: vcs-node1-data}}]"), given: ExampleMachine.Networks),
            Example.Good("the same driver, attested",
                yaml: ExampleMachine.With(
                    templates: "[{metadata: {name: vcs-node1-data}, spec: {storage: {storageClassName: powerstore-block}}}]",
                    volumes: "[{name: data, dataVolume: {name: vcs-node1-data}}]"),
                given: ExampleMachine.Given(Attested)),
        ],
    };

    /// <summary>A field error about the place of a volume's protocol, which may be absent (the default class).</summary>
    internal static FieldError Describe(VolumeProtocol protocol, string detail) =>
        protocol.At.IsMissing ? FieldError.Required(protocol.At.Path, detail)
        : protocol.IsMissing ? FieldError.NotFound(protocol.At, detail)
        : FieldError.Invalid(protocol.At, detail);

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        RuleSettings settings = context.Settings;
        foreach (Volume volume in subject.Storage.Volumes)
        {
            VolumeProtocol protocol = VolumeProtocol.Of(subject, volume, context);
            Severity severity = protocol.Verdict switch
            {
                StorageVerdict.Unknown => settings.UnknownStorage,
                StorageVerdict.Local => settings.LocalStorage,
                _ => Severity.Off,
            };
            if (severity == Severity.Off)
            {
                continue;
            }

            if (settings.BootDisk != BootDiskPolicy.Enforce && subject.Storage.IsBootVolume(volume))
            {
                if (settings.BootDisk == BootDiskPolicy.Ignore)
                {
                    continue;
                }

                severity = Severity.Warning;
            }

            Finding finding = protocol.Verdict == StorageVerdict.Local
                ? Warn(
                    Describe(protocol, $"is local storage of one node ({protocol.Because})"),
                    "use an iscsi StorageClass, or iSCSI inside the guest",
                    volume.Name)
                : CannotVerify(Describe(protocol, protocol.Because), protocol.Remedy, volume.Name);
            yield return finding with { Severity = severity, Evidence = $"{finding.Evidence} {protocol.Protocol}" };
        }
    }
}
