using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Enforcement;

/// <summary>Honours exemptions: a finding that a valid one covers stays, with its reason and end, and denies nothing.</summary>
internal static class Exemptions
{
    /// <summary>The findings, those that the object's exemption covers with severity <see cref="Severity.Exempt"/>.</summary>
    /// <param name="findings">Findings with their configured severity.</param>
    /// <param name="subject">The object that carries the annotations.</param>
    /// <param name="context">The moment of the review and how far exemptions may reach.</param>
    public static IEnumerable<Finding> Apply(IEnumerable<Finding> findings, KubernetesObject subject, RuleContext context)
    {
        if (Exemption.Of(subject) is not Exemption exemption || !exemption.IsValid(context))
        {
            return findings;
        }

        return findings.Select(finding =>
            exemption.Ids.Contains(finding.Rule, StringComparer.Ordinal)
                ? finding with { Severity = Severity.Exempt, Exemption = exemption.Words }
                : finding);
    }
}
