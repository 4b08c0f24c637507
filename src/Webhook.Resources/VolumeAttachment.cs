using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>A VolumeAttachment (storage.k8s.io): a PersistentVolume attached to a Node, with what its driver published about it.</summary>
/// <param name="root">The object.</param>
public sealed class VolumeAttachment(Field root) : KubernetesObject(root)
{
    /// <summary>The PersistentVolume, or null for an inline volume.</summary>
    public string? PersistentVolumeName => Spec["source"]["persistentVolumeName"].Text;

    /// <summary>The driver (<c>spec.attacher</c>).</summary>
    public string Attacher => Spec["attacher"].Text ?? "";

    /// <summary>What the driver published, a map of strings (kubernetes/api storage/v1/types.go <c>AttachmentMetadata</c>).</summary>
    public Field AttachmentMetadata => Root["status"]["attachmentMetadata"];
}
