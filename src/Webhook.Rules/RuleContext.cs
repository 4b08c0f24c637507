using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules;

/// <summary>What surrounds the object under review.</summary>
public sealed record RuleContext
{
    /// <summary>What happens to the object.</summary>
    public Operation Operation { get; init; } = Operation.Create;

    /// <summary>The object before the update; null unless <see cref="Operation"/> is Update.</summary>
    public KubernetesObject? Old { get; init; }

    /// <summary>Whether the object is judged while the API server waits, and not as part of a cluster that is looked over.</summary>
    public bool AtAdmission { get; init; }

    /// <summary>
    /// Whether findings are asked for to apply their fixes. What a check is silent about, since it may be left out, is then reported too where
    /// it is better said: as unverified, so that it breaks nothing.
    /// </summary>
    public bool IsMending { get; init; }

    /// <summary>The configured numbers and choices.</summary>
    public RuleSettings Settings { get; init; } = RuleSettings.Default;

    /// <summary>The cluster around the object.</summary>
    public ClusterView Cluster { get; init; } = ClusterView.Unseen;

    /// <summary>The moment of the review: rules read no clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>
    /// The role that unlabelled networks and NICs are taken to have (<c>check --as</c>), or null. Findings that rest on it say so.
    /// </summary>
    public NetworkRole? AssumedRole { get; init; }

    /// <summary>The role NICs of the object under review, once a rule has asked: see <see cref="Network.RoleNics.Of"/>.</summary>
    internal RoleNics? RoleNics { get; set; }

    /// <summary>The same of <see cref="Old"/>.</summary>
    internal RoleNics? OldRoleNics { get; set; }

    /// <summary>What the interfaces of a policy carry, once a rule has asked: see <see cref="Network.NodeRoles.Of"/>.</summary>
    internal NodeRoles.Answer? NodeRoles { get; set; }

    /// <summary>The same of <see cref="Old"/>.</summary>
    internal NodeRoles.Answer? OldNodeRoles { get; set; }
}
