using Webhook.Resources;
using Webhook.Resources.Editing;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Enforcement;

/// <summary>
/// What fixes make of one object, for the webhook and for files alike. Nothing is taken on trust: the mended object is judged again, and a fix
/// after which any rule reports what it did not report before is not applied.
/// </summary>
/// <param name="Subject">The object with the changes made; the very same where there is none.</param>
/// <param name="Changes">The changes, one for a path.</param>
/// <param name="Mended">The findings whose fix was applied.</param>
/// <param name="Refused">The findings whose fix was not, though it was allowed, and why as a clause.</param>
public sealed record Repair(
    KubernetesObject Subject, IReadOnlyList<FieldChange> Changes, IReadOnlyList<Finding> Mended, IReadOnlyList<(Finding Finding, string Why)> Refused)
{
    // What one fix changes can be what another needs to know; more than a few rounds would be a loop.
    private const int MaxRounds = 4;

    /// <summary>Applies fixes until there is none left.</summary>
    /// <param name="subject">The object.</param>
    /// <param name="judge">Judges the object, and each state of it.</param>
    /// <param name="may">Whether the fix of a finding may be applied.</param>
    public static Repair Of(KubernetesObject subject, Func<KubernetesObject, Judgement> judge, Func<Fix, bool> may)
    {
        var repair = new Repair(subject, [], [], []);
        Judgement judgement = judge(subject);
        for (int round = 0; round < MaxRounds; round++)
        {
            List<Finding> fixable = judgement.Findings.Where(finding => finding.Severity != Severity.Exempt && finding.Fix is Fix fix && may(fix)).ToList();
            var refused = new List<(Finding, string)>();
            if (fixable.Count == 0 || judgement.NotEvaluated.Length > 0 || repair.Apply(judgement, fixable, judge, refused) is not (Repair next, Judgement after))
            {
                return repair with { Refused = refused };
            }

            repair = next;
            judgement = after;
        }

        return repair;
    }

    // All at once, since levels of one chain are right only together; else each as far as it goes along with the ones before it.
    private (Repair Repair, Judgement Judgement)? Apply(
        Judgement before, List<Finding> fixable, Func<KubernetesObject, Judgement> judge, List<(Finding, string)> refused)
    {
        if (Try(before, fixable, judge, out _) is { } whole)
        {
            return whole;
        }

        (Repair, Judgement)? best = null;
        var taken = new List<Finding>();
        foreach (Finding finding in fixable)
        {
            if (Try(before, [.. taken, finding], judge, out string why) is { } more)
            {
                taken.Add(finding);
                best = more;
            }
            else
            {
                refused.Add((finding, why));
            }
        }

        return best;
    }

    private (Repair Repair, Judgement Judgement)? Try(
        Judgement before, List<Finding> findings, Func<KubernetesObject, Judgement> judge, out string why)
    {
        List<FieldChange> changes = findings.SelectMany(static finding => finding.Fix!.Changes)
            .DistinctBy(static change => change.Path.ToString(), StringComparer.Ordinal).ToList();
        why = "the object is written in a way that is not edited in place";
        if (DocumentEditor.Apply(Subject.Root, changes) is not Field root || ResourceKinds.View(root) is not KubernetesObject mended)
        {
            return null;
        }

        Judgement after = judge(mended);
        foreach (Finding finding in after.Findings)
        {
            if (!finding.Unverified && !before.Findings.Any(old => old.Rule == finding.Rule && old.Subject == finding.Subject && old.Severity >= finding.Severity))
            {
                why = $"its fix alone would break {finding.Rule}";
                return null;
            }
        }

        if (after.Failures.Length > before.Failures.Length || after.NotEvaluated.Length > 0)
        {
            return null;
        }

        FieldChange[] all = [.. Changes.Where(change => !changes.Any(other => other.Path.ToString() == change.Path.ToString())), .. changes];
        return (new Repair(mended, all, [.. Mended, .. findings], []), after);
    }
}
