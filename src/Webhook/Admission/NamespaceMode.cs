using System.Globalization;
using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Admission;

/// <summary>
/// Advice to the one who labels a namespace: a word that names no mode, and what enforcing would reject. Never denies, and changes nothing.
/// </summary>
internal static class NamespaceMode
{
    /// <summary>The most objects that are judged for one answer: a fraction of a millisecond each, and the API server waits for seconds.</summary>
    public const int MaxJudged = 2000;

    /// <summary>The answer to the change of a namespace.</summary>
    /// <param name="review">The review.</param>
    /// <param name="settings">The configuration.</param>
    /// <param name="cluster">What exists.</param>
    /// <param name="now">The moment of the review.</param>
    public static AdmissionResponse Review(AdmissionReview review, EnforcementSettings settings, ClusterView cluster, DateTimeOffset now)
    {
        if (!review.Object.IsMap)
        {
            return AdmissionResponse.Untouched;
        }

        var subject = new Namespace(review.Object);
        ModeInForce before = new(settings, ModeInForce.LabelOf(new Namespace(review.OldObject))), after = new(settings, ModeInForce.LabelOf(subject));
        Field label = subject.Label(InfoScaleMetadata.Mode);
        string? warning = label.IsPresent && after.Label is null
            ? $"{label.Path}: {FieldError.NotSupported(label, "must be enforce, warn, audit or off")}; until then the configured mode {after.Mode.Word()} counts"
            : after.Mode == EnforcementMode.Enforce && before.Mode != EnforcementMode.Enforce ? Rejections(subject.Name, after, cluster, now)
            : null;
        return warning is null ? AdmissionResponse.Untouched
            : new AdmissionResponse { Allowed = true, Warnings = [warning.Length <= Finding.MaxLength ? warning : warning[..Finding.MaxLength]] };
    }

    private static string? Rejections(string name, ModeInForce mode, ClusterView cluster, DateTimeOffset now)
    {
        LookupAll<KubernetesObject> existing = cluster.JudgedIn(name);
        if (existing.Unverified is string reason)
        {
            return $"mode enforce: how many existing objects it would reject is not known ({reason})";
        }

        int judged = 0, rejected = 0;
        string first = "";
        foreach (KubernetesObject subject in existing.Found.Take(MaxJudged))
        {
            var context = new RuleContext { Settings = mode.Settings.Rules, Cluster = cluster, Now = now };
            Judgement judgement = Judge.Evaluate(subject, context, mode.Settings);
            judged += judgement.NotJudged is null ? 1 : 0;
            if (judgement.Findings.FirstOrDefault(finding =>
                finding.Severity == Severity.Error && mode.Of(finding.Rule) == EnforcementMode.Enforce) is Finding finding)
            {
                first = rejected++ == 0 ? $"{subject.Kind} {subject.Name} [{finding.Rule}]" : first;
            }
        }

        string more = existing.Found.Count > MaxJudged ? string.Create(CultureInfo.InvariantCulture, $" among the first {MaxJudged}") : "";
        return rejected == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"mode enforce: {rejected} of {judged} existing objects{more} would be rejected, first {first}; they go on, and updates are denied only for what they make worse");
    }
}
