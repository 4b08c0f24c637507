using Webhook.Resources;
using Webhook.Rules.Storage;

namespace Webhook.Rules.Vm;

/// <summary>vm-storage-not-iscsi: a disk on external storage that is reached by another protocol.</summary>
public sealed class VmStorageNotIscsi : Rule<VirtualMachine>
{
    private const string RbdClass =
        """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: ocs-rbd-virt}
        provisioner: openshift-storage.rbd.csi.ceph.com
        """;

    private const string IscsiClass =
        """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: array-iscsi}
        provisioner: csi.hpe.com
        parameters: {accessProtocol: iscsi}
        """;

    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-storage-not-iscsi",
        Title = "Disk on external storage that is not iSCSI",
        Severity = Severity.Error,
        Rationale =
            "InfoScale supports iSCSI only for storage outside the VM in OpenShift Virtualization; fencing, DMP and the tests of the vendor " +
            "rest on it. Each volume is followed to its claim, PersistentVolume and StorageClass, and the driver and its parameters tell the " +
            "protocol; what the admin attests with infoscale.internal/storage-protocol goes before the driver, and an in-tree source of a " +
            "PersistentVolume before that. A hostDisk is a file on one node, which no other member reaches. Disks made on the node " +
            "(containerDisk, cloud-init, emptyDisk and the like) are no external storage, and an initiator inside the guest is not visible " +
            "here and is fine.",
        Remedy =
            "Use a StorageClass that serves iSCSI, or attach the LUN by the iSCSI initiator of the guest. For boot disks storage.bootDisk in " +
            "the configuration relaxes the rule; storage.classes and storage.drivers tell protocols that the built-in table does not know.",
        Guide = [GuideSentence.S2],
        Examples =
        [
            Example.Bad("a data volume of a Ceph RBD class", at: "spec.dataVolumeTemplates[0].spec.storage.storageClassName",
                yaml: ExampleMachine.With(
                    templates: "[{metadata: {name: vcs-node1-data}, spec: {storage: {storageClassName: ocs-rbd-virt}}}]",
                    volumes: "[{name: data, dataVolume: {name: vcs-node1-data}}]"),
                given: ExampleMachine.Given(RbdClass)),
            Example.Bad("a file on one node", at: "spec.template.spec.volumes[0].hostDisk",
                yaml: ExampleMachine.With(volumes: "[{name: data, hostDisk: {path: /var/vm/data.img, type: DiskOrCreate}}]"), given: ExampleMachine.Networks),
            Example.Good("a data volume of an iSCSI class",
                yaml: ExampleMachine.With(
                    templates: "[{metadata: {name: vcs-node1-data}, spec: {storage: {storageClassName: array-iscsi}}}]",
                    volumes: "[{name: data, dataVolume: {name: vcs-node1-data}}]"),
                given: ExampleMachine.Given(IscsiClass)),
            Example.Good("disks that are made on the node; the guest attaches its LUNs itself",
                yaml: ExampleMachine.With(volumes: "[{name: root, containerDisk: {image: registry.example.com/vcs:9.0}}, {name: scratch, emptyDisk: {capacity: 8Gi}}]"), given: ExampleMachine.Networks),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        BootDiskPolicy bootDisk = context.Settings.BootDisk;
        foreach (Volume volume in subject.Storage.Volumes)
        {
            VolumeProtocol protocol = VolumeProtocol.Of(subject, volume, context);
            bool relaxed = bootDisk != BootDiskPolicy.Enforce && subject.Storage.IsBootVolume(volume);
            if (protocol.Verdict != StorageVerdict.OtherProtocol || (relaxed && bootDisk == BootDiskPolicy.Ignore))
            {
                continue;
            }

            FieldError error = volume.Source == VolumeSource.HostDisk
                ? FieldError.Forbidden(protocol.At.Path, "hostDisk is a file on one node, and only iscsi is supported for the storage of a VM")
                : VmStorageUnverified.Describe(protocol, $"serves {protocol.Protocol} ({protocol.Because}), only iscsi is supported");
            Finding finding = Report(error, "use an iscsi StorageClass, or iSCSI inside the guest", volume.Name);
            yield return finding with
            {
                Severity = relaxed ? Severity.Warning : finding.Severity,
                Evidence = $"{finding.Evidence} {protocol.Protocol}",
            };
        }
    }
}
