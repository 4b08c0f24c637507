using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>Where the bytes of a VM's volume come from (kubevirt/kubevirt staging/src/kubevirt.io/api/core/v1/schema.go, VolumeSource).</summary>
public enum VolumeSource
{
    /// <summary>No source is given.</summary>
    None,

    /// <summary>A claim, by name.</summary>
    PersistentVolumeClaim,

    /// <summary>A DataVolume, by name; its claim has the same name.</summary>
    DataVolume,

    /// <summary>A claim that is only read, with a throw-away layer on the node above it.</summary>
    Ephemeral,

    /// <summary>A claim that the memory of the VM is written to.</summary>
    MemoryDump,

    /// <summary>A file on one node.</summary>
    HostDisk,

    /// <summary>Made on the node from an image, another object or nothing: containerDisk, cloud-init, configMap, secret, emptyDisk ...</summary>
    Node,

    /// <summary>A source that this view does not know.</summary>
    Unknown,
}

/// <summary>One entry of a VM's <c>volumes</c>.</summary>
public sealed class Volume
{
    private Volume(Field root, VolumeSource source, Field reference)
    {
        Root = root;
        Source = source;
        Reference = reference;
        Name = root["name"].Text ?? "";
    }

    /// <summary>The entry.</summary>
    public Field Root { get; }

    /// <summary>The name, by which disks and filesystems refer to it; empty if there is none.</summary>
    public string Name { get; }

    /// <summary>Where its bytes come from.</summary>
    public VolumeSource Source { get; }

    /// <summary>What the source refers to: the claim's name, the DataVolume's name, the hostDisk; of other sources the source itself.</summary>
    public Field Reference { get; }

    /// <summary>Whether the volume stands outside the VM's node by its kind: it comes through a claim.</summary>
    public bool IsClaimed => Source is VolumeSource.PersistentVolumeClaim or VolumeSource.DataVolume or VolumeSource.Ephemeral or VolumeSource.MemoryDump;

    /// <summary>Whether it may be attached while the VM runs.</summary>
    public bool IsHotpluggable => Root["persistentVolumeClaim"]["hotpluggable"].Boolean == true || Root["dataVolume"]["hotpluggable"].Boolean == true;

    /// <summary>Reads an entry; of several sources, which KubeVirt refuses, one that stands outside the node counts first.</summary>
    internal static Volume Of(Field root)
    {
        var volume = new Volume(root, VolumeSource.None, root);
        foreach (Field member in root.Members())
        {
            if (member.IsMissing || Read(root, member) is not Volume read)
            {
                continue;
            }

            if (read.IsClaimed || read.Source == VolumeSource.HostDisk)
            {
                return read;
            }

            volume = volume.Source is VolumeSource.None or VolumeSource.Unknown ? read : volume;
        }

        return volume;
    }

    private static Volume? Read(Field root, Field member) => member.Name switch
    {
        "name" => null,
        "persistentVolumeClaim" => new(root, VolumeSource.PersistentVolumeClaim, member["claimName"]),
        "dataVolume" => new(root, VolumeSource.DataVolume, member["name"]),
        "ephemeral" => new(root, VolumeSource.Ephemeral, member["persistentVolumeClaim"]["claimName"]),
        "memoryDump" => new(root, VolumeSource.MemoryDump, member["claimName"]),
        "hostDisk" => new(root, VolumeSource.HostDisk, member),
        "containerDisk" or "registryDisk" or "containerPath" or "emptyDisk" or "cloudInitNoCloud" or "cloudInitConfigDrive" or "sysprep"
            or "configMap" or "secret" or "serviceAccount" or "downwardAPI" or "downwardMetrics" => new(root, VolumeSource.Node, member),
        _ => new(root, VolumeSource.Unknown, member),
    };
}
