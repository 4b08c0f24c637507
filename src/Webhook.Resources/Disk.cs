using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>As what the guest sees a volume.</summary>
public enum DiskDevice
{
    /// <summary>A disk; also where no device is given.</summary>
    Disk,

    /// <summary>A SCSI LUN, passed through.</summary>
    Lun,

    /// <summary>A CD-ROM.</summary>
    Cdrom,
}

/// <summary>One entry of a VM's <c>domain.devices.disks</c>.</summary>
/// <param name="root">The entry.</param>
public sealed class Disk(Field root)
{
    /// <summary>The entry.</summary>
    public Field Root { get; } = root;

    /// <summary>The name, which is the name of its volume; empty if there is none.</summary>
    public string Name { get; } = root["name"].Text ?? "";

    /// <summary>As what the guest sees it.</summary>
    public DiskDevice Device { get; } =
        root["lun"].IsPresent ? DiskDevice.Lun : root["cdrom"].IsPresent ? DiskDevice.Cdrom : DiskDevice.Disk;

    /// <summary>The bus, <c>virtio</c>, <c>sata</c>, <c>scsi</c> or <c>usb</c>; absent is what the preference says, else KubeVirt's default.</summary>
    public Field Bus => Root[Device switch { DiskDevice.Lun => "lun", DiskDevice.Cdrom => "cdrom", _ => "disk" }]["bus"];

    /// <summary>The place in the order of booting, from 1; null where there is none.</summary>
    public long? BootOrder => Root["bootOrder"].Integer;

    /// <summary>Whether several VMs may write to it.</summary>
    public bool IsShareable => Root["shareable"].Boolean == true;

    /// <summary>Whether SCSI-3 persistent reservations of the guest reach the storage; only a LUN can have them.</summary>
    public bool HasReservation => Device == DiskDevice.Lun && Root["lun"]["reservation"].Boolean == true;

    /// <summary>What happens to the VM on an I/O error: <c>stop</c> (also if absent), <c>report</c>, <c>ignore</c>, <c>enospace</c>.</summary>
    public Field ErrorPolicy => Root["errorPolicy"];
}
