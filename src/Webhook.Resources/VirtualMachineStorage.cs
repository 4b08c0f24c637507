using System.Collections.Immutable;
using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>The storage of a virtual machine: its volumes, what the guest sees of them, and the data volumes made with the VM.</summary>
public sealed class VirtualMachineStorage
{
    private readonly Field _templates;
    private Dictionary<string, Disk>? _diskByName;
    private Dictionary<string, DataVolume>? _templateByName;

    internal VirtualMachineStorage(VirtualMachine machine)
    {
        Field devices = machine.InstanceSpec["domain"]["devices"];
        Field all = machine.InstanceSpec["volumes"], shown = devices["disks"];
        ImmutableArray<Volume>.Builder volumes = ImmutableArray.CreateBuilder<Volume>(all.Count);
        foreach (Field volume in all.Items())
        {
            volumes.Add(Volume.Of(volume));
        }

        ImmutableArray<Disk>.Builder disks = ImmutableArray.CreateBuilder<Disk>(shown.Count);
        foreach (Field root in shown.Items())
        {
            var disk = new Disk(root);
            disks.Add(disk);
            if (BootDisk is null || (disk.BootOrder ?? long.MaxValue) < (BootDisk.BootOrder ?? long.MaxValue))
            {
                BootDisk = disk;
            }
        }

        Volumes = volumes.DrainToImmutable();
        Disks = disks.DrainToImmutable();
        _templates = machine.Machine["spec"]["dataVolumeTemplates"];
    }

    /// <summary>
    /// The volumes in document order. One that no disk or filesystem names is a disk as well: KubeVirt adds it
    /// (kubevirt/kubevirt pkg/util/util.go, <c>SetDefaultVolumeDisk</c>).
    /// </summary>
    public ImmutableArray<Volume> Volumes { get; }

    /// <summary>The disks in document order.</summary>
    public ImmutableArray<Disk> Disks { get; }

    /// <summary>The disk with the lowest boot order, else the first; null where there is none.</summary>
    public Disk? BootDisk { get; }

    /// <summary>Whether the VM boots from that volume.</summary>
    public bool IsBootVolume(Volume volume) => BootDisk is null ? ReferenceEquals(Volumes[0], volume) : BootDisk.Name == volume.Name;

    /// <summary>The disk that shows a volume to the guest, or null.</summary>
    public Disk? DiskOf(Volume volume) =>
        (_diskByName ?? Memo.Keep(ref _diskByName, ByName(Disks.AsSpan(), static disk => disk.Name))).GetValueOrDefault(volume.Name);

    /// <summary>The data volume template of that name, or null.</summary>
    public DataVolume? Template(string name) => !_templates.IsList ? null
        : (_templateByName ?? Memo.Keep(ref _templateByName, ByName<DataVolume>(Templates(), static volume => volume.Name))).GetValueOrDefault(name);

    private DataVolume[] Templates()
    {
        var templates = new DataVolume[_templates.Count];
        int at = 0;
        foreach (Field root in _templates.Items())
        {
            templates[at++] = new DataVolume(root);
        }

        return templates;
    }

    // Of a repeated name the first counts.
    private static Dictionary<string, T> ByName<T>(ReadOnlySpan<T> all, Func<T, string> nameOf)
    {
        var byName = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (T one in all)
        {
            byName.TryAdd(nameOf(one), one);
        }

        return byName;
    }
}
