using Webhook.Resources;

namespace Webhook.Rules.Vm;

/// <summary>vm-fencing-disk-incomplete: a shared disk on which SCSI-3 fencing cannot work, or whose errors pause the VM.</summary>
public sealed class VmFencingDiskIncomplete : Rule<VirtualMachine>
{
    private const string SharedBlock =
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: erp-fence1
          namespace: erp-db
          annotations: {infoscale.internal/storage-protocol: iscsi}
        spec: {storageClassName: array-iscsi, accessModes: [ReadWriteMany], volumeMode: Block, resources: {requests: {storage: 1Gi}}}
        """;

    private const string OneNodeFiles =
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: erp-fence1
          namespace: erp-db
          annotations: {infoscale.internal/storage-protocol: iscsi}
        spec: {storageClassName: array-iscsi, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """;

    private const string Volumes =
        "[{name: root, containerDisk: {image: registry.example.com/vcs:9.0}}, {name: fence1, persistentVolumeClaim: {claimName: erp-fence1}}]";

    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-fencing-disk-incomplete",
        Title = "Shared disk is not fit for fencing",
        Severity = Severity.Warning,
        Rationale =
            "SCSI-3 fencing needs reservations that reach the array: a LUN on the scsi bus with reservation: true, on a block volume that all members " +
            "may write to (ReadWriteMany). On an I/O error the default errorPolicy stop pauses the whole VM (PausedIOError, low-level IO error " +
            "detected): its heartbeats stop and the peers evict it, where with report DMP and VxVM would have handled the error. LUNs that the " +
            "guest attaches by its own iSCSI initiator need none of this.",
        Remedy =
            "Give the disk lun with bus scsi and reservation true, errorPolicy report, and a claim with volumeMode Block and accessModes " +
            "ReadWriteMany.",
        Guide = [],
        Examples =
        [
            Example.Warned("a shared disk on virtio", at: "spec.template.spec.domain.devices.disks[1]",
                yaml: ExampleMachine.With(Volumes, disks: "[{name: root, disk: {bus: virtio}}, {name: fence1, shareable: true, disk: {bus: virtio}}]"),
                given: ExampleMachine.Given(SharedBlock)),
            Example.Warned("a LUN of one node's file system", at: "spec.template.spec.domain.devices.disks[1]",
                yaml: ExampleMachine.With(
                    Volumes, disks: "[{name: root, disk: {bus: virtio}}, {name: fence1, errorPolicy: report, lun: {bus: scsi, reservation: true}}]"),
                given: ExampleMachine.Given(OneNodeFiles)),
            Example.Good("all that fencing needs",
                yaml: ExampleMachine.With(
                    Volumes, disks: "[{name: root, disk: {bus: virtio}}, {name: fence1, errorPolicy: report, lun: {bus: scsi, reservation: true}}]"),
                given: ExampleMachine.Given(SharedBlock)),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        VirtualMachineStorage storage = subject.Storage;
        foreach (Volume volume in storage.Volumes)
        {
            if (!volume.IsClaimed || storage.DiskOf(volume) is not Disk disk || disk.Device == DiskDevice.Cdrom || storage.IsBootVolume(volume)
                || (disk.Device != DiskDevice.Lun && !disk.IsShareable))
            {
                continue;
            }

            ClaimSpec? claim = Claim(subject, volume, context);
            Lookup<Preference>? preference = disk.Bus.IsMissing ? MachineProfile.Preference(subject, context) : null;
            bool isBusOpen = disk.Device == DiskDevice.Lun && preference is { Found: null };
            string lacks = Lacks(disk, disk.Bus.Text ?? preference?.Found?.BusOf(disk.Device), isBusOpen, claim);
            if (lacks.Length > 0)
            {
                yield return Report(
                    FieldError.Invalid(disk.Root.Path, $"\"{disk.Name}\"", $"a shared disk for fencing lacks {lacks}"),
                    "complete it, or attach the LUN inside the guest",
                    disk.Name) with
                { Evidence = lacks };
            }
            else if (isBusOpen)
            {
                yield return CannotVerify(
                    FieldError.Required(disk.Bus.Path, "the bus comes from a preference that was not seen"), "write bus: scsi", disk.Name);
            }
            else if (claim is ClaimSpec open && (open.IsBlock is null || open.IsReadWriteMany is null))
            {
                yield return CannotVerify(
                    FieldError.Invalid(disk.Root.Path, $"\"{disk.Name}\"", "volumeMode or accessModes of its claim come from a StorageProfile that was not seen"),
                    "write volumeMode: Block and accessModes: [ReadWriteMany]",
                    disk.Name);
            }
        }
    }

    private static string Lacks(Disk disk, string? bus, bool isBusOpen, ClaimSpec? claim)
    {
        string lacks = "";
        if (disk.Device != DiskDevice.Lun)
        {
            lacks = ", lun with bus scsi and reservation";
        }
        else
        {
            lacks += bus == "scsi" || isBusOpen ? "" : ", bus scsi";
            lacks += disk.HasReservation ? "" : ", reservation";
        }

        lacks += claim?.IsBlock == false ? ", volumeMode Block" : "";
        lacks += claim?.IsReadWriteMany == false ? ", ReadWriteMany" : "";
        lacks += disk.ErrorPolicy.Is("report") ? "" : ", errorPolicy report";
        return lacks.Length == 0 ? "" : lacks[2..];
    }

    // A claim that cannot be seen is named once, by vm-storage-unverified.
    private static ClaimSpec? Claim(VirtualMachine machine, Volume volume, RuleContext context) =>
        volume.Reference.Text is not string name ? null
        : context.Cluster.PersistentVolumeClaim(machine.Namespace, name).Found is PersistentVolumeClaim found ? found.Claim
        : (machine.Storage.Template(name) ?? context.Cluster.DataVolume(machine.Namespace, name).Found)?.Claim;
}
