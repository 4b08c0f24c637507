using System.Collections.Concurrent;
using System.Collections.Immutable;
using Webhook.Resources;

namespace Webhook.Rules;

/// <summary>The one loop: every rule over one object. A rule that throws costs its own answer only.</summary>
public static class Evaluator
{
    // A look at the clock costs as much as a small rule does.
    private const int RulesBetweenLooks = 4;

    // As many as there are kinds and operations: which rules apply is asked anew for each review otherwise.
    private static readonly ConcurrentDictionary<(Type View, string Kind, Operation Operation, bool AtAdmission), Rule[]> Applicable = new();

    /// <summary>Judges an object by all rules of the catalog.</summary>
    /// <param name="subject">The object.</param>
    /// <param name="context">Operation, older self, settings and cluster.</param>
    /// <param name="isOver">Asked before every few rules: whether there is no time left for them; null where there always is.</param>
    public static Evaluation Evaluate(KubernetesObject subject, RuleContext context, Func<bool>? isOver = null) =>
        Run(
            Applicable.GetOrAdd(
                (subject.GetType(), subject.Kind, context.Operation, context.AtAdmission),
                static (_, of) => [.. RuleCatalog.All.Where(rule => Applies(rule, of.subject, of.context))], (subject, context)),
            subject, context, isOver);

    /// <summary>Judges an object by the given rules, in their order.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="subject">The object.</param>
    /// <param name="context">Operation, older self, settings and cluster.</param>
    /// <param name="isOver">Asked before every few rules: whether there is no time left for them; null where there always is.</param>
    public static Evaluation Evaluate(IEnumerable<Rule> rules, KubernetesObject subject, RuleContext context, Func<bool>? isOver = null) =>
        Run([.. rules.Where(rule => Applies(rule, subject, context))], subject, context, isOver);

    private static bool Applies(Rule rule, KubernetesObject subject, RuleContext context) =>
        rule.AppliesTo(context.Operation) && rule.IsAbout(subject) && !(context.AtAdmission && rule.Info.IsAuditOnly);

    private static Evaluation Run(Rule[] rules, KubernetesObject subject, RuleContext context, Func<bool>? isOver)
    {
        List<Finding>? findings = null;
        List<RuleFailure>? failures = null;
        ReadOnlySpan<Rule> left = [];
        for (int i = 0; i < rules.Length; i++)
        {
            Rule rule = rules[i];
            if (i % RulesBetweenLooks == 0 && isOver?.Invoke() == true)
            {
                left = rules.AsSpan(i);
                break;
            }

            try
            {
                foreach (Finding finding in rule.Judge(subject, context))
                {
                    (findings ??= []).Add(finding);
                }
            }
#pragma warning disable CA1031 // Whatever a rule throws is a defect of that rule, and must not cost the others or the review.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                (failures ??= []).Add(new RuleFailure(rule.Info.Id, exception));
            }
        }

        return new Evaluation(findings is null ? [] : [.. findings], failures is null ? [] : [.. failures]) { NotEvaluated = IdsOf(left) };
    }

    private static ImmutableArray<string> IdsOf(ReadOnlySpan<Rule> rules)
    {
        if (rules.IsEmpty)
        {
            return [];
        }

        ImmutableArray<string>.Builder ids = ImmutableArray.CreateBuilder<string>(rules.Length);
        foreach (Rule rule in rules)
        {
            ids.Add(rule.Info.Id);
        }

        return ids.MoveToImmutable();
    }
}

/// <summary>What the rules said.</summary>
/// <param name="Findings">In catalog order, then document order.</param>
/// <param name="Failures">The rules that threw; their findings up to then are kept.</param>
public sealed record Evaluation(ImmutableArray<Finding> Findings, ImmutableArray<RuleFailure> Failures)
{
    /// <summary>The ids of the rules that there was no time for, in catalog order.</summary>
    public ImmutableArray<string> NotEvaluated { get; init; } = [];
}

/// <summary>A rule that threw: a defect in this program, not in the object.</summary>
/// <param name="Rule">Its id.</param>
/// <param name="Exception">What it threw; may quote the object, so it is for the log's type name and stack only.</param>
public sealed record RuleFailure(string Rule, Exception Exception);
