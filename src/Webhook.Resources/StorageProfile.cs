using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A StorageProfile (cdi.kubevirt.io): what CDI fills into claims of the StorageClass of the same name
/// (kubevirt/containerized-data-importer staging/src/kubevirt.io/containerized-data-importer-api/pkg/apis/core/v1beta1/types.go).
/// </summary>
/// <param name="root">The object.</param>
public sealed class StorageProfile(Field root) : KubernetesObject(root)
{
    /// <summary>The access modes and volume modes that are filled in, the preferred first: <c>status.claimPropertySets</c>.</summary>
    public Field ClaimPropertySets => Root["status"]["claimPropertySets"];
}
