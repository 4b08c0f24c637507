using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>
/// A UserDefinedNetwork or ClusterUserDefinedNetwork (k8s.ovn.org/v1), from which OVN-Kubernetes generates NetworkAttachmentDefinitions
/// (ovn-kubernetes/ovn-kubernetes go-controller/pkg/crd/userdefinednetwork/v1).
/// </summary>
/// <param name="root">The object.</param>
public sealed class UserDefinedNetwork(Field root) : NetworkDefinition(root)
{
    private NetworkLink? _link;
    private IReadOnlyList<AddressAssignment>? _assignments;

    /// <summary>Whether it is the cluster-scoped kind.</summary>
    public bool IsClusterScoped => Kind == "ClusterUserDefinedNetwork";

    /// <summary>The network's definition: <c>spec.network</c> of the cluster-scoped kind, else <c>spec</c>.</summary>
    public Field Network => IsClusterScoped ? Spec["network"] : Spec;

    /// <summary>The label selector of the namespaces in which the cluster-scoped kind generates its NetworkAttachmentDefinition.</summary>
    public Field NamespaceSelector => Spec["namespaceSelector"];

    /// <summary>The topology: <c>Layer2</c>, <c>Layer3</c>, and in the cluster-scoped kind <c>Localnet</c>.</summary>
    public Field Topology => Network["topology"];

    /// <summary>The section that belongs to the topology; absent for an unknown one.</summary>
    public Field Section => Topology.Text switch
    {
        "Layer2" => Network["layer2"],
        "Layer3" => Network["layer3"],
        "Localnet" when IsClusterScoped => Network["localnet"],
        _ => default,
    };

    /// <inheritdoc/>
    public override NetworkLink? Link => _link ??= !Section.IsMap ? null
        : Topology.Is("Localnet")
            ? new(
                LinkTechnology.Localnet, Topology, Section["mtu"], MtuDefault.ClusterNetworkAndHeader, Section["physicalNetworkName"],
                Section["vlan"]["access"]["id"])
            : new(LinkTechnology.Overlay, Topology, Section["mtu"], MtuDefault.ClusterNetwork, default, default);

    /// <inheritdoc/>
    /// <remarks>
    /// Layer3 always has subnets. In the others <c>ipam.mode</c> is Enabled by default, and only <c>Disabled</c> leaves the addresses to the
    /// guests; <c>ipam.lifecycle: Persistent</c> keeps an address for the life of the VM.
    /// </remarks>
    public override IReadOnlyList<AddressAssignment> AddressAssignments => _assignments ??= ReadAssignments();

    /// <inheritdoc/>
    public override bool IsPrimary => Section["role"].Is("Primary");

    private IReadOnlyList<AddressAssignment> ReadAssignments()
    {
        if (!Section.IsMap)
        {
            return [];
        }

        if (Topology.Is("Layer3"))
        {
            return [new AddressAssignment(Section["subnets"], AddressAssignmentKind.Pool, ByOvn: true)];
        }

        Field ipam = Section["ipam"];
        if (ipam["mode"].Is("Disabled"))
        {
            return [];
        }

        return ipam["lifecycle"].Is("Persistent")
            ? [new AddressAssignment(ipam["lifecycle"], AddressAssignmentKind.Persistent, ByOvn: true)]
            : [new AddressAssignment(ipam["mode"], AddressAssignmentKind.Pool, ByOvn: true)];
    }
}
