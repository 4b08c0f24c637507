namespace Webhook.Rules.Tests.Vm;

public sealed class VmFencingDiskIncompleteTests
{
    private const string Claims =
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: shared, namespace: b}
        spec: {volumeMode: Block, accessModes: [ReadWriteOnce, ReadWriteMany]}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: plain, namespace: b}
        spec: {accessModes: [ReadWriteOnce]}
        ---
        apiVersion: cdi.kubevirt.io/v1beta1
        kind: DataVolume
        metadata: {name: profile, namespace: b}
        spec: {storage: {}}
        """;

    private const string Whole = "lun: {bus: scsi, reservation: true}, errorPolicy: report";

    [Theory]
    [InlineData("disk: {bus: virtio}", "plain", "")]
    [InlineData("disk: {bus: virtio}, shareable: false", "plain", "")]
    [InlineData("cdrom: {bus: sata}, shareable: true", "plain", "")]
    [InlineData(Whole, "shared", "")]
    [InlineData(Whole + ", shareable: true", "shared", "")]
    [InlineData(Whole, "plain", "volumeMode Block, ReadWriteMany")]
    [InlineData(Whole, "unseen", "")]
    [InlineData("lun: {bus: scsi, reservation: true}", "shared", "errorPolicy report")]
    [InlineData("lun: {bus: scsi, reservation: true}, errorPolicy: stop", "shared", "errorPolicy report")]
    [InlineData("lun: {bus: scsi, reservation: true}, errorPolicy: ignore", "shared", "errorPolicy report")]
    [InlineData("lun: {bus: scsi}, errorPolicy: report", "shared", "reservation")]
    [InlineData("lun: {bus: scsi, reservation: false}, errorPolicy: report", "shared", "reservation")]
    [InlineData("lun: {bus: virtio, reservation: true}, errorPolicy: report", "shared", "bus scsi")]
    [InlineData("lun: {reservation: true}, errorPolicy: report", "shared", "bus scsi")]
    [InlineData("lun: {}", "plain", "bus scsi, reservation, volumeMode Block, ReadWriteMany, errorPolicy report")]
    [InlineData("disk: {bus: virtio}, shareable: true", "shared", "lun with bus scsi and reservation, errorPolicy report")]
    [InlineData("disk: {bus: scsi}, shareable: true, errorPolicy: report", "shared", "lun with bus scsi and reservation")]
    [InlineData("shareable: true, errorPolicy: report", "shared", "lun with bus scsi and reservation")]
    public void Everything_that_a_shared_disk_lacks_is_named_at_once(string disk, string claim, string lacks)
    {
        IReadOnlyList<Finding> findings = Findings(disk, $"persistentVolumeClaim: {{claimName: {claim}}}");
        Assert.Equal(lacks, findings.Count == 0 ? "" : Assert.Single(findings).Evidence);
    }

    [Fact]
    public void A_boot_disk_does_not_count() =>
        Assert.Empty(Findings("lun: {}, bootOrder: 1", "persistentVolumeClaim: {claimName: plain}"));

    [Theory]
    [InlineData("containerDisk: {image: a}")]
    [InlineData("emptyDisk: {capacity: 1Gi}")]
    [InlineData("hostDisk: {path: /a}")]
    public void Only_a_disk_from_a_claim_can_be_fenced(string volume) => Assert.Empty(Findings("disk: {}, shareable: true", volume));

    [Fact]
    public void What_a_StorageProfile_or_a_preference_fills_in_was_not_seen()
    {
        Finding profile = Assert.Single(Findings(Whole, "dataVolume: {name: profile}"));
        Assert.True(profile.Unverified);
        Finding bus = Assert.Single(Findings("lun: {reservation: true}, errorPolicy: report", "persistentVolumeClaim: {claimName: shared}", "preference: {name: rhel.9}, "));
        Assert.True(bus.Unverified);
        Assert.Equal("spec.template.spec.domain.devices.disks[1].lun.bus", bus.Path.ToString());
    }

    [Theory]
    [InlineData("pvc: {accessModes: [ReadWriteMany], volumeMode: Block}", false, 0)]
    [InlineData("pvc: {accessModes: [ReadWriteMany]}", false, 1)]
    [InlineData("storage: {accessModes: [ReadWriteMany], volumeMode: Block}", false, 0)]
    [InlineData("storage: {accessModes: [ReadWriteMany]}", true, 1)]
    [InlineData("storage: {volumeMode: Block}", true, 1)]
    public void A_template_of_the_VM_tells_what_its_claim_will_be(string spec, bool unverified, int count)
    {
        IReadOnlyList<Finding> findings = Findings(Whole, "dataVolume: {name: made}", $"dataVolumeTemplates: [{{metadata: {{name: made}}, spec: {{{spec}}}}}], ");
        Assert.Equal(count, findings.Count);
        Assert.All(findings, finding => Assert.Equal(unverified, finding.Unverified));
    }

    private static IReadOnlyList<Finding> Findings(string disk, string volume, string spec = "") => Catalog.Findings(
        "vm-fencing-disk-incomplete",
        "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {name: a, namespace: b}\n" +
        $"spec: {{{spec}template: {{spec: {{domain: {{devices: {{disks: [{{name: root, disk: {{}}}}, {{name: d1, {disk}}}]}}}}, volumes: [{{name: root, containerDisk: {{image: a}}}}, {{name: d1, {volume}}}]}}}}}}\n",
        new RuleContext { Now = Catalog.Now, Cluster = Catalog.Given(Claims) });
}
