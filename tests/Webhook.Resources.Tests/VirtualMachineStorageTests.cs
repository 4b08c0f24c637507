using Webhook.Resources.Manifests;

namespace Webhook.Resources.Tests;

public sealed class VirtualMachineStorageTests
{
    [Fact]
    public void Volumes_disks_and_templates_are_joined_by_name()
    {
        VirtualMachineStorage storage = Read(
            """
            dataVolumeTemplates:
            - {metadata: {name: made}, spec: {storage: {storageClassName: fast}}}
            template:
              spec:
                domain:
                  devices:
                    disks:
                    - {name: a, disk: {bus: virtio}, bootOrder: 2}
                    - {name: b, lun: {bus: scsi, reservation: true}, errorPolicy: report, shareable: true}
                    - {name: c, cdrom: {bus: sata}, bootOrder: 1}
                volumes:
                - {name: a, dataVolume: {name: made, hotpluggable: true}}
                - {name: b, persistentVolumeClaim: {claimName: claim}}
                - {name: c, ephemeral: {persistentVolumeClaim: {claimName: iso}}}
                - {name: d, memoryDump: {claimName: dump}}
            """);
        Assert.Equal(
            [VolumeSource.DataVolume, VolumeSource.PersistentVolumeClaim, VolumeSource.Ephemeral, VolumeSource.MemoryDump],
            storage.Volumes.Select(static volume => volume.Source));
        Assert.Equal(["made", "claim", "iso", "dump"], storage.Volumes.Select(static volume => volume.Reference.Text));
        Assert.Equal([true, false, false, false], storage.Volumes.Select(static volume => volume.IsHotpluggable));
        Assert.All(storage.Volumes, static volume => Assert.True(volume.IsClaimed));
        Assert.Equal("fast", storage.Template("made")!.Claim.StorageClassName.Text);
        Assert.Null(storage.Template("other"));
        Assert.Equal("c", storage.BootDisk!.Name);
        Assert.Null(storage.DiskOf(storage.Volumes[3]));
        Disk lun = storage.DiskOf(storage.Volumes[1])!;
        Assert.Equal((DiskDevice.Lun, "scsi", true, true, "report"), (lun.Device, lun.Bus.Text, lun.HasReservation, lun.IsShareable, lun.ErrorPolicy.Text));
    }

    [Theory]
    [InlineData("[]", null, false)]
    [InlineData("[{name: a}, {name: b}]", "a", true)]
    [InlineData("[{name: a}, {name: b, bootOrder: 5}]", "b", false)]
    [InlineData("[{name: a, bootOrder: 2}, {name: b, bootOrder: 1}]", "b", false)]
    [InlineData("[{name: a, bootOrder: one}, {name: b}]", "a", true)]
    public void The_VM_boots_from_the_lowest_boot_order_else_from_the_first_disk(string disks, string? boot, bool isBootVolume)
    {
        VirtualMachineStorage storage = Read($"template: {{spec: {{domain: {{devices: {{disks: {disks}}}}}, volumes: [{{name: x}}, {{name: a}}]}}}}");
        Assert.Equal(boot, storage.BootDisk?.Name);
        Assert.Equal(isBootVolume, storage.IsBootVolume(storage.Volumes[1]));
    }

    [Theory]
    [InlineData("{}", null, null)]
    [InlineData("{pvc: {}}", false, false)]
    [InlineData("{pvc: {volumeMode: Block, accessModes: [ReadWriteMany]}}", true, true)]
    [InlineData("{pvc: {volumeMode: Filesystem, accessModes: [ReadWriteOnce, ReadWriteMany]}}", false, true)]
    [InlineData("{storage: {}}", null, null)]
    [InlineData("{storage: {volumeMode: Block, accessModes: []}}", true, null)]
    [InlineData("{storage: {accessModes: [ReadWriteOnce]}}", null, false)]
    public void What_a_claim_leaves_out_is_the_default_of_Kubernetes_or_comes_from_the_StorageProfile(string spec, bool? isBlock, bool? isShared)
    {
        ClaimSpec claim = Read($"dataVolumeTemplates: [{{metadata: {{name: a}}, spec: {spec}}}]").Template("a")!.Claim;
        Assert.Equal((isBlock, isShared), (claim.IsBlock, claim.IsReadWriteMany));
    }

    private static VirtualMachineStorage Read(string spec) => Assert.IsType<VirtualMachine>(ResourceKinds.View(Assert.Single(ManifestReader.Read(
        $"apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {{name: vm, namespace: erp-db}}\nspec:\n  {spec.ReplaceLineEndings("\n  ")}\n")).Root)).Storage;
}
