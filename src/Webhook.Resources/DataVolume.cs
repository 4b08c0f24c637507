using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A DataVolume (cdi.kubevirt.io), stand-alone or a data volume template of a VM: a claim of the same name that is filled from somewhere.
/// </summary>
/// <param name="root">The object or template.</param>
public sealed class DataVolume(Field root) : KubernetesObject(root)
{
    /// <summary>The claim it makes: section <c>pvc</c>, else <c>storage</c>.</summary>
    public ClaimSpec Claim => Spec["pvc"] is { IsPresent: true } claim ? new(claim, isFilledIn: false) : new(Spec["storage"], isFilledIn: true);

    /// <summary>
    /// Whether the volume holds files rather than a disk image; then the default class for virtual machines does not apply
    /// (kubevirt/containerized-data-importer pkg/controller/common/util.go, <c>getFallbackStorageClass</c>).
    /// </summary>
    public bool IsArchive => Spec["contentType"].Is("archive");
}
