using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>A StorageClass (storage.k8s.io): which driver makes the volumes of claims that name it, and with which parameters.</summary>
/// <param name="root">The object.</param>
public sealed class StorageClass(Field root) : KubernetesObject(root)
{
    /// <summary>The driver.</summary>
    public string Provisioner => Root["provisioner"].Text ?? "";

    /// <summary>The parameters: a map of strings, whose meaning is the driver's.</summary>
    public Field Parameters => Root["parameters"];

    /// <summary>Whether claims that name no class get this one (kubernetes/api storage/v1; annotation with the value <c>true</c>).</summary>
    public bool IsDefault =>
        Annotation("storageclass.kubernetes.io/is-default-class").Is("true")
        || Annotation("storageclass.beta.kubernetes.io/is-default-class").Is("true");

    /// <summary>
    /// Whether disk images of virtual machines that name no class get this one, before the default of the cluster
    /// (kubevirt/containerized-data-importer pkg/controller/common/util.go, <c>GetStorageClassByNameWithVirtFallback</c>).
    /// </summary>
    public bool IsVirtualizationDefault => Annotation("storageclass.kubevirt.io/is-default-virt-class").Is("true");

    /// <summary>What the annotation <c>storage-protocol</c> attests.</summary>
    public Field AttestedProtocol => Annotation(InfoScaleMetadata.StorageProtocol);
}
