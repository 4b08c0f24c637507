using System.Collections.Immutable;
using Webhook.Resources;
using Webhook.Rules;
using Webhook.Rules.Vm;

namespace Webhook.Enforcement;

/// <summary>
/// The one way from an object to findings with their final severity, for the webhook and for files alike: who is judged at all, the
/// rules, the configured severities, the exemptions, the ratchet.
/// </summary>
public static class Judge
{
    /// <summary>Why an object without the label that opts it in is not judged.</summary>
    public const string NoLabel = "no InfoScale label";

    /// <summary>Why a clone or restore is not judged that carries no label itself, as they rarely do.</summary>
    public const string NoCopyOfMember = "no copy of a labelled VM beside it, as far as is seen";

    /// <summary>Judges one object.</summary>
    /// <param name="subject">The object; on delete its last state.</param>
    /// <param name="context">Operation, older self, settings and cluster.</param>
    /// <param name="settings">The configured severities.</param>
    /// <param name="isOver">Asked between rules: whether there is no time left; null where there always is.</param>
    /// <param name="whyNotExempt">
    /// Asked for a rule that the object's own exemption would cover: why the one who makes the request may not exempt from it, or null. Null
    /// where there is nobody to ask about: then what was admitted counts.
    /// </param>
    public static Judgement Evaluate(
        KubernetesObject subject, RuleContext context, EnforcementSettings settings, Func<bool>? isOver = null, Func<string, string?>? whyNotExempt = null)
    {
        string? reason = WhyNotJudged(subject, context);
        if (reason is not null && (reason != NoLabel || subject is not VirtualMachine || WhyLeftAlone(subject, context) is not null))
        {
            return new Judgement([], [], reason);
        }

        // Of a VM without label only that is judged: whether it is on a network where it should have one.
        Evaluation evaluation = reason is null ? Evaluator.Evaluate(subject, context, isOver) : Evaluator.Evaluate(OfUnlabelled, subject, context);
        if (reason is not null && evaluation is { Findings.Length: 0, Failures.Length: 0 })
        {
            return new Judgement([], [], reason);
        }

        var findings = new List<Finding>(evaluation.Findings.Length);
        foreach (Finding finding in evaluation.Findings)
        {
            Severity severity = Configured(finding, settings);
            if (severity != Severity.Off)
            {
                findings.Add(severity == finding.Severity ? finding : finding with { Severity = severity });
            }
        }

        Exemptions.Apply(findings, subject, context, settings.Exemptions, whyNotExempt);
        if (context is { Operation: Operation.Update, Old: KubernetesObject old })
        {
            Ratchet.Apply(findings, old, context, finding => Configured(finding, settings));
        }

        return new Judgement(ErrorsFirst(findings), evaluation.Failures, null)
        {
            NotEvaluated = evaluation.NotEvaluated,
        };
    }

    private static ImmutableArray<Finding> ErrorsFirst(List<Finding> findings) =>
        findings.TrueForAll(static finding => finding.Severity != Severity.Error)
            ? [.. findings]
            : [.. findings.OrderByDescending(static finding => finding.Severity == Severity.Error)];

    private static readonly Rule[] OfUnlabelled = [RuleCatalog.All.OfType<VmUnlabelledOnRoleNetwork>().Single()];

    private static string? WhyNotJudged(KubernetesObject subject, RuleContext context) =>
        subject.IsOptedIn || context.Old?.IsOptedIn == true || context.AssumedRole is not null ? WhyLeftAlone(subject, context)
            : subject is not VirtualMachineCopy copy ? NoLabel
            : CopySource.IsMember(copy, context.Cluster) ? WhyLeftAlone(subject, context)
            : NoCopyOfMember;

    private static string? WhyLeftAlone(KubernetesObject subject, RuleContext context)
    {
        if (subject.JudgedOwner is string owner)
        {
            return $"rendered by {owner}, which is judged itself";
        }

        if (subject.IsBeingDeleted)
        {
            return "being deleted";
        }

        return context is { Operation: Operation.Update, Old: KubernetesObject old } && !Ratchet.TouchesJudged(old, subject)
            ? "neither spec nor InfoScale metadata changed"
            : null;
    }

    // A configured warning lowers errors; a configured error raises what the rule itself calls proven, never what it could not see.
    private static Severity Configured(Finding finding, EnforcementSettings settings)
    {
        if (!settings.Severities.TryGetValue(finding.Rule, out Severity configured))
        {
            return finding.Severity;
        }

        return configured switch
        {
            Severity.Off => Severity.Off,
            Severity.Error when !finding.Unverified && finding.Severity == RuleCatalog.Find(finding.Rule)?.Info.Severity => Severity.Error,
            Severity.Error => finding.Severity,
            _ => finding.Severity < configured ? finding.Severity : configured,
        };
    }
}

/// <summary>What was found out about one object.</summary>
/// <param name="Findings">Errors first, then in catalog and document order.</param>
/// <param name="Failures">Rules that threw.</param>
/// <param name="NotJudged">Why the object was not judged at all, or null.</param>
public sealed record Judgement(ImmutableArray<Finding> Findings, ImmutableArray<RuleFailure> Failures, string? NotJudged)
{
    /// <summary>The ids of the rules that there was no time for, in catalog order.</summary>
    public ImmutableArray<string> NotEvaluated { get; init; } = [];
}
