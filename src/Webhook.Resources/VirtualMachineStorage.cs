using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>The storage of a virtual machine: its volumes, what the guest sees of them, and the data volumes made with the VM.</summary>
public sealed class VirtualMachineStorage
{
    private readonly Dictionary<string, Disk> _diskByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DataVolume> _templateByName = new(StringComparer.Ordinal);

    internal VirtualMachineStorage(VirtualMachine machine)
    {
        Field devices = machine.InstanceSpec["domain"]["devices"];
        Volumes = [.. machine.InstanceSpec["volumes"].Items().Select(Volume.Of)];
        Disks = [.. devices["disks"].Items().Select(static disk => new Disk(disk))];
        foreach (Disk disk in Disks)
        {
            _diskByName.TryAdd(disk.Name, disk);
            if (BootDisk is null || (disk.BootOrder ?? long.MaxValue) < (BootDisk.BootOrder ?? long.MaxValue))
            {
                BootDisk = disk;
            }
        }

        foreach (Field template in machine.Machine["spec"]["dataVolumeTemplates"].Items())
        {
            var volume = new DataVolume(template);
            _templateByName.TryAdd(volume.Name, volume);
        }
    }

    /// <summary>
    /// The volumes in document order. One that no disk or filesystem names is a disk as well: KubeVirt adds it
    /// (kubevirt/kubevirt pkg/util/util.go, <c>SetDefaultVolumeDisk</c>).
    /// </summary>
    public IReadOnlyList<Volume> Volumes { get; }

    /// <summary>The disks in document order.</summary>
    public IReadOnlyList<Disk> Disks { get; }

    /// <summary>The disk with the lowest boot order, else the first; null where there is none.</summary>
    public Disk? BootDisk { get; }

    /// <summary>Whether the VM boots from that volume.</summary>
    public bool IsBootVolume(Volume volume) => BootDisk is null ? ReferenceEquals(Volumes[0], volume) : BootDisk.Name == volume.Name;

    /// <summary>The disk that shows a volume to the guest, or null.</summary>
    public Disk? DiskOf(Volume volume) => _diskByName.GetValueOrDefault(volume.Name);

    /// <summary>The data volume template of that name, or null.</summary>
    public DataVolume? Template(string name) => _templateByName.GetValueOrDefault(name);
}
