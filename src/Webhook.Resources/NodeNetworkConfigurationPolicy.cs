using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;

namespace Webhook.Resources;

/// <summary>
/// A NodeNetworkConfigurationPolicy (nmstate.io v1, v1beta1, v1alpha1): what nmstate shall make of the networks of the selected nodes.
/// </summary>
/// <param name="root">The object.</param>
public sealed class NodeNetworkConfigurationPolicy(Field root) : KubernetesObject(root)
{
    /// <summary>The label that is unique to each node; its value is the host's name, mostly the Node's as well.</summary>
    public const string HostnameLabel = "kubernetes.io/hostname";

    private NetworkState? _state;
    private Dictionary<string, InfoScaleMetadata.RoleEntry>? _named;
    private Tuple<NetworkRole?, InterfaceRoles>? _roles;

    /// <summary>The desired state: free-form, so anything may stand there, templates included.</summary>
    public Field DesiredState => Spec["desiredState"];

    /// <summary>The desired state in nmstate's words.</summary>
    public NetworkState State => _state ?? Memo.Keep(ref _state, new NetworkState(DesiredState));

    /// <summary>The labels that a node must have, by equality; absent and empty select all nodes.</summary>
    public Field NodeSelector => Spec["nodeSelector"];

    /// <summary>Whether every node of the cluster is selected.</summary>
    public bool SelectsAllNodes => NodeSelector.Count == 0;

    /// <summary>Whether the selector names one node, by the label that is unique to it.</summary>
    public bool SelectsOneNode => NodeSelector[HostnameLabel].Text is { Length: > 0 };

    /// <summary>Whether the policy applies to a node: all labels of the selector are equal to the node's.</summary>
    public bool Selects(Node node)
    {
        foreach (Field label in NodeSelector.Members())
        {
            if (label.Text is null || node.Label(label.Name!).Text != label.Text)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether no node can match both selectors: one label, two values.</summary>
    public bool ContradictsSelectorOf(NodeNetworkConfigurationPolicy other)
    {
        foreach (Field label in NodeSelector.Members())
        {
            if (other.NodeSelector[label.Name!].Text is string value && value != label.Text)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many nodes may be changed at once, as number or percentage; absent is half of them.</summary>
    public Field MaxUnavailable => Spec["maxUnavailable"];

    /// <summary>The attested MTU of the physical switch ports.</summary>
    public Field SwitchMtu => Annotation(InfoScaleMetadata.SwitchMtu);

    /// <summary>The role of all interfaces by label, or null if there is none, <c>mixed</c> or an unknown word.</summary>
    public NetworkRole? Role => NetworkRoles.Parse(OptInLabel.Text);

    /// <summary>Whether the label says that interfaces differ in their role.</summary>
    public bool IsMixed => OptInLabel.Is("mixed");

    /// <summary>The annotation that gives roles to interfaces by name.</summary>
    public Field InterfaceRolesAnnotation => Annotation(InfoScaleMetadata.InterfaceRoles);

    /// <summary>Its entries by interface name; of a repeated name the last.</summary>
    public IReadOnlyDictionary<string, InfoScaleMetadata.RoleEntry> NamedInterfaceRoles => _named ?? Memo.Keep(ref _named, ReadNamed());

    /// <summary>Which interfaces carry InfoScale networks.</summary>
    /// <param name="assumed">The role that an unlabelled policy is taken to have, or null.</param>
    public InterfaceRoles RolesAs(NetworkRole? assumed)
    {
        Tuple<NetworkRole?, InterfaceRoles>? known = _roles;
        if (known is null || known.Item1 != assumed)
        {
            _roles = known = Tuple.Create(assumed, InterfaceRoles.Read(this, assumed, null));
        }

        return known.Item2;
    }

    /// <summary>The same, where a look at the networks tells what neither label nor annotation do.</summary>
    /// <param name="assumed">The role that an unlabelled policy is taken to have, or null.</param>
    /// <param name="standing">The roles of the networks that stand on an interface.</param>
    public InterfaceRoles RolesBy(NetworkRole? assumed, Func<NodeInterface, IEnumerable<NetworkRole>> standing) =>
        InterfaceRoles.Read(this, assumed, standing);

    private Dictionary<string, InfoScaleMetadata.RoleEntry> ReadNamed()
    {
        var named = new Dictionary<string, InfoScaleMetadata.RoleEntry>(StringComparer.Ordinal);
        if (InterfaceRolesAnnotation.Text is not null)
        {
            foreach ((string name, InfoScaleMetadata.RoleEntry entry) in InfoScaleMetadata.ParseRoles(InterfaceRolesAnnotation))
            {
                named[name] = entry;
            }
        }

        return named;
    }
}
