using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Rules;

namespace Webhook.Enforcement;

/// <summary>One entry of <c>exemptions.granted</c>: which objects, and on which terms.</summary>
/// <param name="Terms">Rule, reason and end.</param>
/// <param name="Kind">The kind, or null for any.</param>
/// <param name="Namespace">A glob for the namespace, or null for any and none.</param>
/// <param name="Name">A glob for the name, or null for any.</param>
public sealed record ConfiguredExemption(Exemption Terms, string? Kind, string? Namespace, string? Name)
{
    /// <summary>Whether the entry is about that object.</summary>
    public bool Matches(KubernetesObject subject) =>
        (Kind is null || Kind == subject.Kind)
        && (Namespace is null || Glob.Matches(Namespace, subject.Namespace))
        && (Name is null || Glob.Matches(Name, subject.Name));
}
