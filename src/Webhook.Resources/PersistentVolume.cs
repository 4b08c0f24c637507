using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>A PersistentVolume (v1).</summary>
/// <param name="root">The object.</param>
public sealed class PersistentVolume(Field root) : KubernetesObject(root)
{
    /// <summary>The volume plugins of Kubernetes that are no driver of their own (kubernetes/api core/v1/types.go, PersistentVolumeSource).</summary>
    private static readonly string[] Sources =
    [
        "iscsi", "nfs", "rbd", "cephfs", "fc", "hostPath", "local", "glusterfs", "cinder", "vsphereVolume", "awsElasticBlockStore",
        "gcePersistentDisk", "azureDisk", "azureFile", "portworxVolume", "scaleIO", "storageos", "quobyte", "flocker", "photonPersistentDisk",
    ];

    /// <summary>The source that is built into Kubernetes (<c>spec.iscsi</c>, <c>spec.nfs</c> ...); absent where a driver serves the volume.</summary>
    public Field InTreeSource
    {
        get
        {
            Field spec = Spec;
            foreach (string name in Sources)
            {
                if (spec[name] is { IsPresent: true } source)
                {
                    return source;
                }
            }

            return Field.Absent;
        }
    }

    /// <summary>The CSI source: driver, volumeAttributes.</summary>
    public Field ContainerStorageInterface => Spec["csi"];

    /// <summary>The class, or null.</summary>
    public string? StorageClassName => Spec["storageClassName"].Text;

    /// <summary>What the annotation <c>storage-protocol</c> attests.</summary>
    public Field AttestedProtocol => Annotation(InfoScaleMetadata.StorageProtocol);
}
