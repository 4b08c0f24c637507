using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Enforcement;

/// <summary>
/// What an update is not blamed for: an update that touches nothing this project judges is not judged, and a finding that the old object
/// had already is a warning unless the update changed the values it rests on.
/// </summary>
public static class Ratchet
{
    /// <summary>Whether the update changes the spec, or a label or annotation of this project.</summary>
    public static bool TouchesJudged(KubernetesObject old, KubernetesObject subject) =>
        !subject.Spec.ValueEquals(old.Spec)
        || !SameOwn(old.Metadata["labels"], subject.Metadata["labels"])
        || !SameOwn(old.Metadata["annotations"], subject.Metadata["annotations"]);

    /// <summary>
    /// Makes a warning of each error that the old object, judged alone under the same settings, has too with equal evidence, and of each
    /// whose value moved towards the limit. What a rule says about the change itself never occurs there, and stays.
    /// </summary>
    /// <param name="findings">The findings on the new object, with their configured severity.</param>
    /// <param name="old">The object before the update.</param>
    /// <param name="context">The context of the new object.</param>
    /// <param name="severityOf">The configured severity of a finding.</param>
    public static void Apply(List<Finding> findings, KubernetesObject old, RuleContext context, Func<Finding, Severity> severityOf)
    {
        HashSet<string>? ids = null;
        foreach (Finding finding in findings)
        {
            if (finding.Severity == Severity.Error)
            {
                (ids ??= new HashSet<string>(StringComparer.Ordinal)).Add(finding.Rule);
            }
        }

        // An object that was not judged before has nothing to show for itself: opting in is what makes its findings new.
        if (ids is null || !old.IsOptedIn)
        {
            return;
        }

        IReadOnlyList<Finding> before = Before(old, ids, context);
        for (int i = 0; i < findings.Count; i++)
        {
            Finding finding = findings[i];
            if (finding.Severity == Severity.Error && before.Any(known => Covers(known, finding) && severityOf(known) == Severity.Error))
            {
                findings[i] = finding with { Severity = Severity.Warning, IsOld = true };
            }
        }
    }

    /// <summary>What some rules find on the old object, judged alone under the settings of the new one.</summary>
    /// <param name="old">The object before the update.</param>
    /// <param name="ids">The ids of the rules.</param>
    /// <param name="context">The context of the new object.</param>
    internal static IReadOnlyList<Finding> Before(KubernetesObject old, IReadOnlySet<string> ids, RuleContext context)
    {
        // A context of its own, and no copy: what rules remember of the new object must not answer for the old one.
        var alone = new RuleContext
        {
            Operation = Operation.Create,
            Settings = context.Settings,
            Cluster = context.Cluster,
            Now = context.Now,
            AssumedRole = context.AssumedRole,
        };
        return Evaluator.Evaluate(RuleCatalog.All.Where(rule => ids.Contains(rule.Info.Id)), old, alone).Findings;
    }

    /// <summary>Whether a finding on the old object is the same as one on the new object, or was worse.</summary>
    internal static bool Covers(Finding known, Finding finding) =>
        known.Rule == finding.Rule && known.Subject == finding.Subject
        && (known.Evidence == finding.Evidence || known.Shortfall > finding.Shortfall);

    private static bool SameOwn(Field old, Field now)
    {
        int added = 0;
        foreach (Field member in now.Members())
        {
            if (IsOwn(member))
            {
                added++;
                if (!member.ValueEquals(old[member.Name!]))
                {
                    return false;
                }
            }
        }

        foreach (Field member in old.Members())
        {
            added -= IsOwn(member) ? 1 : 0;
        }

        return added == 0;
    }

    private static bool IsOwn(Field member) => member.Name!.StartsWith(InfoScaleMetadata.Prefix, StringComparison.Ordinal);
}
