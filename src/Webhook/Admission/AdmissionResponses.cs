using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Admission;

/// <summary>Turns findings into answers, by the mode.</summary>
internal static class AdmissionResponses
{
    /// <summary>The most causes of one denial; beyond that a last one counts the rest.</summary>
    public const int MaxCauses = 50;

    /// <summary>The most characters of all warnings together (kubernetes/apiserver pkg/endpoints/filters/warning.go truncates there).</summary>
    public const int MaxWarningsLength = 4096;

    /// <summary>The most characters of an audit annotation's value.</summary>
    public const int MaxAnnotationLength = 1024;

    /// <summary>The decision, which is the first annotation, on a request that is allowed although something is wrong with it.</summary>
    public const string WouldDenyWord = "would-deny";

    private static readonly KeyValuePair<string, string> WouldDeny = new("decision", WouldDenyWord);
    private static readonly KeyValuePair<string, string> Denied = new("decision", "denied");
    private static readonly KeyValuePair<string, string> Allowed = new("decision", "allowed");

    /// <summary>The answer to a judged request.</summary>
    public static AdmissionResponse Of(AdmissionReview review, KubernetesObject subject, Judgement judgement, ModeInForce mode)
    {
        if (judgement.NotJudged is not null)
        {
            return AdmissionResponse.Untouched;
        }

        bool failuresDeny = mode.Settings.OnRuleFailure == RuleFailureAction.Deny;
        List<StatusCause> causes = Causes(judgement, mode, failuresDeny);
        bool denied = causes.Count > 0;
        KeyValuePair<string, string> decision = denied ? Denied
            : judgement.Findings is [{ Severity: Severity.Error }, ..] || (failuresDeny && judgement.Failures.Length > 0) ? WouldDeny
            : Allowed;
        return new AdmissionResponse
        {
            // To deny, one error is enough; to let pass, every rule has to have been asked.
            Unavailable = !denied && judgement.NotEvaluated.Any(rule => mode.Of(rule) == EnforcementMode.Enforce) ? LeftText(judgement) : null,
            Allowed = !denied,
            Status = denied ? Invalid(review, subject, causes) : null,
            Warnings = Warnings(judgement, mode, failuresDeny),
            AuditAnnotations = Annotations(judgement, mode.Mode, decision),
        };
    }

    /// <summary>
    /// The answer to a review whose object cannot be what the review says it is. The API server sends no such thing, so this is about other
    /// callers; where nothing is enforced it only warns.
    /// </summary>
    public static AdmissionResponse Malformed(AdmissionReview review, string problem, EnforcementMode mode) =>
        mode == EnforcementMode.Enforce
            ? new AdmissionResponse
            {
                Allowed = false,
                Status = new AdmissionStatus(400, "BadRequest", problem, review.Name, review.Group, review.Kind, []),
                AuditAnnotations = [Denied, new("mode", mode.Word())],
            }
            : new AdmissionResponse
            {
                Allowed = true,
                Warnings = mode == EnforcementMode.Warn ? [problem] : [],
                AuditAnnotations = [WouldDeny, new("mode", mode.Word())],
            };

    /// <summary>
    /// The answer to a review that was not evaluated at all. Where findings deny, nobody knows whether this one should be, and the API server
    /// decides by the webhook's <c>failurePolicy</c>; where they do not, it passes and the user is told.
    /// </summary>
    public static AdmissionResponse NotEvaluated(string why, EnforcementMode mode) => new()
    {
        Unavailable = mode == EnforcementMode.Enforce ? $"not evaluated: {why}" : null,
        Allowed = mode != EnforcementMode.Enforce,
        Warnings = mode == EnforcementMode.Warn ? [$"not checked for InfoScale: {why}"] : [],
        AuditAnnotations = mode == EnforcementMode.Off ? [] : [new("decision", "not-evaluated"), new("mode", mode.Word())],
    };

    private static AdmissionStatus Invalid(AdmissionReview review, KubernetesObject subject, List<StatusCause> causes)
    {
        string name = review.Name.Length > 0 ? review.Name : subject.Name;
        string fullName = review.Namespace.Length > 0 ? $"{review.Namespace}/{name}" : name;
        var message = new StringBuilder();
        message.Append(CultureInfo.InvariantCulture, $"{review.Kind} {fullName} is not fit for InfoScale:");
        int shown = Math.Min(causes.Count, MaxCauses);
        foreach (StatusCause cause in causes.Take(shown))
        {
            message.Append("\n- ").Append(cause.Field).Append(": ").Append(cause.Message);
        }

        if (causes.Count > shown)
        {
            string more = $"and {causes.Count - shown} more";
            message.Append('\n').Append(more);
            causes = [.. causes.Take(shown), new StatusCause("FieldValueInvalid", more, "metadata.name")];
        }

        return new AdmissionStatus(422, "Invalid", message.ToString(), name, review.Group, review.Kind, causes);
    }

    private static List<StatusCause> Causes(Judgement judgement, ModeInForce mode, bool failuresDeny)
    {
        var causes = new List<StatusCause>();
        foreach (Finding finding in judgement.Findings)
        {
            if (finding.Severity == Severity.Error && mode.Of(finding.Rule) == EnforcementMode.Enforce)
            {
                causes.Add(new StatusCause(
                    finding.Error.Type, $"{finding.Error}; {finding.Remedy} [{finding.Rule}]", finding.Path.ToString()));
            }
        }

        foreach (RuleFailure failure in judgement.Failures)
        {
            if (failuresDeny && mode.Of(failure.Rule) == EnforcementMode.Enforce)
            {
                causes.Add(new StatusCause("InternalError", $"Internal error: {FailureText(failure)} [{failure.Rule}]", "metadata.name"));
            }
        }

        return causes;
    }

    // What denies is no warning, and what only the audit is to see is none either.
    private static ImmutableArray<string> Warnings(Judgement judgement, ModeInForce mode, bool failuresDeny)
    {
        List<string>? warnings = null;
        foreach (Finding finding in judgement.Findings)
        {
            EnforcementMode own = mode.Of(finding.Rule);
            if (own == EnforcementMode.Audit || (finding.Severity == Severity.Error && own == EnforcementMode.Enforce))
            {
                continue;
            }

            string suffix = finding.Severity == Severity.Error ? $" [{finding.Rule}, would deny]"
                : finding.IsOld ? $" [{finding.Rule}, no worse than before]"
                : $" [{finding.Rule}]";
            (warnings ??= []).Add(finding.LineWith(suffix));
        }

        foreach (RuleFailure failure in judgement.Failures)
        {
            EnforcementMode own = mode.Of(failure.Rule);
            if (own == EnforcementMode.Warn || (own == EnforcementMode.Enforce && !failuresDeny))
            {
                (warnings ??= []).Add($"{FailureText(failure)} [{failure.Rule}]");
            }
        }

        if (judgement.NotEvaluated.Any(rule => mode.Of(rule) is EnforcementMode.Enforce or EnforcementMode.Warn))
        {
            (warnings ??= []).Add($"not checked to the end: {LeftText(judgement)}");
        }

        return warnings is null ? [] : Bounded(warnings);
    }

    private static string LeftText(Judgement judgement) =>
        judgement.NotEvaluated.Length == 1
            ? $"no time for {judgement.NotEvaluated[0]}"
            : $"no time for {judgement.NotEvaluated[0]} and {judgement.NotEvaluated.Length - 1} more";

    private static string FailureText(RuleFailure failure) =>
        $"rule {failure.Rule} could not be evaluated, which is a defect of this webhook and not of the object";

    /// <summary>Warnings as far as the API server shows them; a last one counts the rest.</summary>
    internal static ImmutableArray<string> Bounded(List<string> warnings)
    {
        int room = MaxWarningsLength - 32; // the last line
        int count = 0;
        while (count < warnings.Count && (room -= warnings[count].Length) >= 0)
        {
            count++;
        }

        return count == warnings.Count ? [.. warnings] : [.. warnings.Take(count), $"and {warnings.Count - count} more warnings"];
    }

    private static ImmutableArray<KeyValuePair<string, string>> Annotations(Judgement judgement, EnforcementMode mode, KeyValuePair<string, string> decision)
    {
        ImmutableArray<KeyValuePair<string, string>>.Builder annotations = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(6);
        annotations.Add(decision);
        annotations.Add(new("mode", mode.Word()));
        Add("rules", judgement, static finding => finding.Severity == Severity.Error ? finding.Rule : null, annotations);
        Add("no-worse", judgement, static finding => finding.IsOld ? finding.Rule : null, annotations);
        Add("warnings", judgement, static finding => finding is { Severity: Severity.Warning, Unverified: false, IsOld: false } ? finding.Rule : null, annotations);
        Add("unverified", judgement, static finding => finding.Unverified ? finding.Rule : null, annotations);
        Add("exempt", judgement, static finding => finding.Severity == Severity.Exempt ? finding.Rule : null, annotations);
        Add("exemptions", judgement, static finding => finding.Exemption is null ? null : $"{finding.Rule} {finding.Exemption}", annotations);

        if (judgement.NotEvaluated.Length > 0)
        {
            annotations.Add(new("not-evaluated", Join(judgement.NotEvaluated.AsSpan())));
        }

        if (judgement.Failures.Length > 0)
        {
            string[] failed = [.. judgement.Failures.Select(static failure => failure.Rule)];
            annotations.Add(new("failed", Join(failed)));
        }

        return annotations.DrainToImmutable();
    }

    private static void Add(string key, Judgement judgement, Func<Finding, string?> wordOf, ImmutableArray<KeyValuePair<string, string>>.Builder annotations)
    {
        List<string>? words = null;
        foreach (Finding finding in judgement.Findings)
        {
            if (wordOf(finding) is string word && words?.Contains(word) != true)
            {
                (words ??= []).Add(word);
            }
        }

        if (words is not null)
        {
            annotations.Add(new(key, Join(CollectionsMarshal.AsSpan(words))));
        }
    }

    /// <summary>A text as an audit annotation takes it.</summary>
    internal static string Cut(string text) => text.Length <= MaxAnnotationLength ? text : text[..MaxAnnotationLength];

    private static string Join(ReadOnlySpan<string> words) => Cut(words is [string only] ? only : string.Join(',', words!));
}
