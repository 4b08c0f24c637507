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
    /// <param name="whyNot">Why the one who makes the request may not exempt from a rule; null where that is not asked.</param>
    public static void Apply(
        List<Finding> findings, KubernetesObject subject, RuleContext context, IReadOnlyList<ConfiguredExemption> configured,
        Func<string, string?>? whyNot = null)
    {
        if (findings.Count == 0)
        {
            return;
        }

        Exemption? own = Exemption.Of(subject) is Exemption asked && asked.IsValid(context) ? asked : null;
        Dictionary<string, string>? refused = null;
        if (own is not null && whyNot is not null)
        {
            refused = CoverPermitted(findings, own, context, whyNot);
        }
        else if (own is not null)
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

        if (refused is null)
        {
            return;
        }

        foreach ((string rule, string why) in refused)
        {
            if (findings.Exists(finding => finding.Rule == rule && finding.Severity != Severity.Exempt))
            {
                findings.Add(NotPermitted(own!, rule, why));
            }
        }
    }

    // What the object had under the same exemption before the update was admitted under it, and goes on whoever updates; what is new needs the
    // permission of the one who brings it. Otherwise an exemption that exempted nothing when it was written would do so at the next update.
    private static Dictionary<string, string> CoverPermitted(List<Finding> findings, Exemption own, RuleContext context, Func<string, string?> whyNot)
    {
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        IReadOnlyList<Finding>? before = null;
        for (int i = 0; i < findings.Count; i++)
        {
            Finding finding = findings[i];
            if (!IsCovered(finding, own))
            {
                continue;
            }

            before ??= Before(own, context);
            if (!before.Any(known => Ratchet.Covers(known, finding)) && whyNot(finding.Rule) is string why)
            {
                refused[finding.Rule] = why;
            }
            else
            {
                findings[i] = Exempted(finding, own, "", context);
            }
        }

        return refused;
    }

    private static IReadOnlyList<Finding> Before(Exemption own, RuleContext context) =>
        context is { Operation: Operation.Update, Old: { IsOptedIn: true } old } && Exemption.Of(old) is Exemption known
        && known.Rules.ValueEquals(own.Rules) && known.Reason.ValueEquals(own.Reason) && known.Until.ValueEquals(own.Until)
            ? Ratchet.Before(old, own.Ids.ToHashSet(StringComparer.Ordinal), context)
            : [];

    private static bool IsCovered(Finding finding, Exemption terms) =>
        finding.Severity != Severity.Exempt && terms.Ids.Contains(finding.Rule, StringComparer.Ordinal);

    private static void Cover(List<Finding> findings, Exemption terms, string source, RuleContext context)
    {
        for (int i = 0; i < findings.Count; i++)
        {
            if (IsCovered(findings[i], terms))
            {
                findings[i] = Exempted(findings[i], terms, source, context);
            }
        }
    }

    private static Finding Exempted(Finding finding, Exemption terms, string source, RuleContext context) =>
        finding with { Severity = Severity.Exempt, Exemption = source + terms.Words(context.Now) };

    private static Finding NotPermitted(Exemption own, string rule, string why) => new()
    {
        Rule = InvalidRule,
        Severity = Severity.Warning,
        Error = FieldError.Forbidden(own.Rules.Path, $"{why}, so the exemption from {rule} is ignored"),
        Remedy = "mend the findings, or let somebody apply it who may exempt",
        Subject = rule,
    };

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
