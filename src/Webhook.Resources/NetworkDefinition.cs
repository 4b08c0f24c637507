using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A network that virtual machines attach to, whichever way it is written: a NetworkAttachmentDefinition, or the
/// (Cluster)UserDefinedNetwork from which OVN-Kubernetes generates some. Rules that judge networks judge this.
/// </summary>
/// <param name="root">The object.</param>
public abstract class NetworkDefinition(Field root) : KubernetesObject(root)
{
    /// <summary>The role by label, or null if there is none or an unknown word.</summary>
    public NetworkRole? Role => NetworkRoles.Parse(OptInLabel.Text);

    /// <summary>What makes the NIC of a pod on this network, or null where the definition does not say so readably.</summary>
    public abstract NetworkLink? Link { get; }

    /// <summary>Who gives addresses to the pods of this network, in document order; empty where the guests set their own.</summary>
    public abstract IReadOnlyList<AddressAssignment> AddressAssignments { get; }

    /// <summary>
    /// Whether the network takes the place of the pod network in its namespaces, so that VMs reach it without naming it
    /// (ovn-kubernetes/ovn-kubernetes go-controller/pkg/types/const.go <c>NetworkRolePrimary</c>).
    /// </summary>
    public abstract bool IsPrimary { get; }
}
