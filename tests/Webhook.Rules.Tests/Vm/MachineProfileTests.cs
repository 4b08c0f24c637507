namespace Webhook.Rules.Tests.Vm;

/// <summary>A VM is judged with its instancetype and preference applied.</summary>
public sealed class MachineProfileTests
{
    private const string Network =
        "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db}, spec: {config: '{\"type\": \"bridge\", \"bridge\": \"a\", \"mtu\": 8990}'}}\n---\n";

    [Theory]
    [InlineData("{name: p}", "preferredInterfaceModel: e1000e", "dhcp4: false", "Error llt1")]
    [InlineData("{name: p}", "preferredInterfaceModel: e1000e", "mtu: 8990", "")]
    [InlineData("{name: p}", "preferredInterfaceModel: virtio", "dhcp4: false", "")]
    [InlineData("{name: p}", "preferredDiskBus: sata", "dhcp4: false", "")]
    [InlineData("{name: p, kind: virtualmachineclusterpreferences}", "preferredInterfaceModel: e1000e", "dhcp4: false", "Error llt1")]
    [InlineData("{name: p, kind: VirtualMachinePreference}", "preferredInterfaceModel: e1000e", "dhcp4: false", "Warning? llt1")]
    [InlineData("{name: other}", "preferredInterfaceModel: e1000e", "dhcp4: false", "Warning? llt1")]
    [InlineData("{name: other}", "preferredInterfaceModel: e1000e", "mtu: 8990", "")]
    [InlineData("{inferFromVolume: root}", "preferredInterfaceModel: e1000e", "dhcp4: false", "Warning? llt1")]
    public void The_model_of_a_NIC_comes_from_the_preference_where_the_VM_names_none(string reference, string devices, string entry, string expected)
    {
        string world = Network + $"{{apiVersion: instancetype.kubevirt.io/v1beta1, kind: VirtualMachineClusterPreference, metadata: {{name: p}}, spec: {{devices: {{{devices}}}}}}}";
        string machine = Machine("preference: " + reference, entry);
        var context = new RuleContext { Now = Catalog.Now, Cluster = Catalog.Given(world) };
        Assert.Equal(expected, GuestMachine.Judge("vm-mtu-not-jumbo", machine, context));
        Assert.Equal("", GuestMachine.Judge("vm-mtu-not-jumbo", machine.Replace("name: llt1, bridge", "name: llt1, model: virtio, bridge", StringComparison.Ordinal), context));
    }

    [Theory]
    [InlineData("{name: i}", "overcommitPercent: 50", "Warning instancetype")]
    [InlineData("{name: i}", "guest: 4Gi", "")]
    [InlineData("{name: other}", "guest: 4Gi", "Warning? instancetype")]
    [InlineData("{name: i, kind: VirtualMachine}", "overcommitPercent: 50", "Warning? instancetype")]
    [InlineData("{inferFromVolume: root}", "guest: 4Gi", "Warning? instancetype")]
    public void Memory_comes_from_the_instancetype(string reference, string memory, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge("vm-cpu-memory-overcommitted", Machine("instancetype: " + reference, "mtu: 8990"), new RuleContext
        {
            Now = Catalog.Now,
            Cluster = Catalog.Given($"{{apiVersion: instancetype.kubevirt.io/v1beta1, kind: VirtualMachineClusterInstancetype, metadata: {{name: i}}, spec: {{memory: {{{memory}}}}}}}"),
        }));

    [Theory]
    [InlineData("preferredLunBus: scsi", "")]
    [InlineData("preferredLunBus: sata", "Warning fence")]
    [InlineData("preferredDiskBus: scsi", "Warning fence")]
    public void The_bus_of_a_LUN_comes_from_the_preference(string devices, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(
            "vm-fencing-disk-incomplete",
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachine
            metadata: {name: a, namespace: erp-db}
            spec:
              preference: {name: p}
              template:
                spec:
                  domain: {devices: {disks: [{name: root}, {name: fence, errorPolicy: report, lun: {reservation: true}}]}}
                  volumes: [{name: root, containerDisk: {image: a}}, {name: fence, persistentVolumeClaim: {claimName: b}}]
            """,
            new RuleContext
            {
                Now = Catalog.Now,
                Cluster = Catalog.Given($"{{apiVersion: instancetype.kubevirt.io/v1beta1, kind: VirtualMachineClusterPreference, metadata: {{name: p}}, spec: {{devices: {{{devices}}}}}}}"),
            }));

    private static string Machine(string profile, string entry) =>
        GuestMachine.With($"x: {{match: {{macaddress: '02:50:00:0e:01:11'}}, {entry}}}", "llt1=llt,llt2=none,san0=none")
            .Replace("spec:\n  runStrategy", $"spec:\n  {profile}\n  runStrategy", StringComparison.Ordinal);
}
