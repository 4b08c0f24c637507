using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>A PersistentVolumeClaim (v1).</summary>
/// <param name="root">The object.</param>
public sealed class PersistentVolumeClaim(Field root) : KubernetesObject(root)
{
    /// <summary>What is claimed.</summary>
    public ClaimSpec Claim => new(Spec, isFilledIn: false);

    /// <summary>What the annotation <c>storage-protocol</c> attests.</summary>
    public Field AttestedProtocol => Annotation(InfoScaleMetadata.StorageProtocol);
}
