using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>A NetworkAttachmentDefinition (k8s.cni.cncf.io/v1): a CNI configuration in a string.</summary>
/// <param name="root">The object.</param>
public sealed class NetworkAttachmentDefinition(Field root) : NetworkDefinition(root)
{
    private CniConfiguration? _configuration;
    private NetworkLink? _link;
    private IReadOnlyList<AddressAssignment>? _assignments;

    /// <summary>The configuration in <c>spec.config</c>, parsed at the first question.</summary>
    public CniConfiguration Configuration => _configuration ?? Memo.Keep(ref _configuration, CniConfiguration.Read(Spec["config"]));

    /// <summary>
    /// The name by which OVN-Kubernetes knows the network, in all namespaces, or null where the link is not its; without <c>name</c> multus takes
    /// that of the object (k8snetworkplumbingwg/network-attachment-definition-client pkg/utils/cniconfig.go).
    /// </summary>
    public string? OvnNetworkName =>
        Configuration.Link is not { IsOvnKubernetes: true } ? null
        : Configuration.Root.Find("name").Text is { Length: > 0 } name ? name
        : Name;

    /// <inheritdoc/>
    public override NetworkLink? Link => _link ??= Configuration.Link is { Type.Text.Length: > 0 } plugin
        ? new NetworkLink(
            plugin.Technology,
            plugin.IsOvnKubernetes ? plugin.Topology : plugin.Type,
            Configuration.Mtu,
            plugin.MtuDefault,
            plugin.Parent,
            plugin.Vlan)
        : null;

    /// <inheritdoc/>
    public override IReadOnlyList<AddressAssignment> AddressAssignments
    {
        get
        {
            if (_assignments is null)
            {
                var assignments = new List<AddressAssignment>();
                foreach (CniPlugin plugin in Configuration.Plugins)
                {
                    plugin.AddAssignments(assignments);
                }

                _assignments = assignments;
            }

            return _assignments;
        }
    }

    /// <inheritdoc/>
    public override bool IsPrimary => Configuration.Link is { IsOvnKubernetes: true } plugin && plugin.Root.Find("role").Is("primary");
}
