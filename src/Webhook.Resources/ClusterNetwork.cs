using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>The Network (config.openshift.io) named <c>cluster</c>: what the pod network of an OpenShift cluster is.</summary>
/// <param name="root">The object.</param>
public sealed class ClusterNetwork(Field root) : KubernetesObject(root)
{
    /// <summary>The MTU of the pod network in bytes (openshift/api config/v1/types_network.go <c>NetworkStatus.ClusterNetworkMTU</c>).</summary>
    public long? Mtu => Root["status"]["clusterNetworkMTU"].Integer is > 0 and long mtu ? mtu : null;
}
