using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// What is claimed: the spec of a PersistentVolumeClaim, or the <c>pvc</c> or <c>storage</c> section of a DataVolume, which share their
/// field names.
/// </summary>
/// <param name="root">The spec.</param>
/// <param name="isFilledIn">
/// Whether the Containerized Data Importer fills in what is absent, from the StorageProfile and the default class for virtual machines
/// (<c>storage</c>), rather than handing the section on as it is (kubevirt/containerized-data-importer pkg/controller/datavolume/util.go).
/// </param>
public readonly struct ClaimSpec(Field root, bool isFilledIn)
{
    /// <summary>The spec.</summary>
    public Field Root { get; } = root;

    /// <summary>Whether absent values come from the StorageProfile, which another object holds.</summary>
    public bool IsFilledIn { get; } = isFilledIn;

    /// <summary>The class: absent is the default class, the empty string is no class (an existing volume without class is bound).</summary>
    public Field StorageClassName => Root["storageClassName"];

    /// <summary>The PersistentVolume that is bound, or shall be; absent where the class makes one.</summary>
    public Field VolumeName => Root["volumeName"];

    /// <summary>Whether the volume is a block device; null where the StorageProfile decides. Absent in a claim is <c>Filesystem</c>.</summary>
    public bool? IsBlock => Root["volumeMode"].Text is string mode ? mode == "Block" : IsFilledIn ? null : false;

    /// <summary>Whether nodes may share the volume for writing; null where the StorageProfile decides.</summary>
    public bool? IsReadWriteMany
    {
        get
        {
            Field modes = Root["accessModes"];
            if (modes.Count == 0 && IsFilledIn)
            {
                return null;
            }

            foreach (Field mode in modes.Items())
            {
                if (mode.Is("ReadWriteMany"))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
