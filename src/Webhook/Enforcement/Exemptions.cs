using System.Globalization;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Enforcement;

/// <summary>
/// Honours exemptions, those of the object's annotations and those of the configuration: a finding that a valid one covers stays, with its
/// reason and end, and denies nothing. One that would cover a finding and has ended, or reaches too far, exempts nothing and says so.
/// </summary>
internal static class Exemptions
{
    /// <summary>The rule that tells of exemptions that do not count.</summary>
    public const string InvalidRule = "exemption-invalid";

    /// <summary>Gives the findings that an exemption covers the severity <see cref="Severity.Exempt"/>.</summary>
    /// <param name="findings">Findings with their configured severity.</param>
    /// <param name="subject">The object.</param>
    /// <param name="context">The moment of the review and how far exemptions may reach.</param>
    /// <param name="configured">The exemptions of the configuration.</param>
    public static void Apply(
        List<Finding> findings, KubernetesObject subject, RuleContext context, IReadOnlyList<ConfiguredExemption> configured)
    {
        if (findings.Count == 0)
        {
            return;
        }

        Exemption? own = Exemption.Of(subject) is Exemption asked && asked.IsValid(context) ? asked : null;
        if (own is not null)
        {
            Cover(findings, own, "", context);
        }

        foreach (ConfiguredExemption entry in configured)
        {
            if (!entry.Matches(subject) || !findings.Exists(finding => IsCovered(finding, entry.Terms)))
            {
                continue;
            }

            if (entry.Terms.IsValid(context))
            {
                Cover(findings, entry.Terms, "by configuration ", context);
            }
            else
            {
                findings.Add(Ignored(entry.Terms, subject, context));
            }
        }
    }

    private static bool IsCovered(Finding finding, Exemption terms) =>
        finding.Severity != Severity.Exempt && terms.Ids.Contains(finding.Rule, StringComparer.Ordinal);

    private static void Cover(List<Finding> findings, Exemption terms, string source, RuleContext context)
    {
        for (int i = 0; i < findings.Count; i++)
        {
            if (IsCovered(findings[i], terms))
            {
                findings[i] = findings[i] with { Severity = Severity.Exempt, Exemption = source + terms.Words(context.Now) };
            }
        }
    }

    private static Finding Ignored(Exemption terms, KubernetesObject subject, RuleContext context)
    {
        string why = terms.IsExpired(context.Now) ? "has passed"
            : string.Create(CultureInfo.InvariantCulture, $"is more than {context.Settings.ExemptionHorizonDays} days ahead");
        FieldError error = FieldError.Forbidden(
            subject.Metadata["name"].Path, $"the end {terms.Until.Text} of its exemption by configuration from {terms.Ids[0]} {why}, so it is ignored");
        return new Finding
        {
            Rule = InvalidRule,
            Severity = Severity.Warning,
            Error = error,
            Remedy = "mend the findings, or change the end in the configuration",
            Subject = terms.Ids[0],
        };
    }
}
