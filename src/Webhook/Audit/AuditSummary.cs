using Webhook.Checking;
using Webhook.Rules;

namespace Webhook.Audit;

/// <summary>What an audit found, added up by rule, by InfoScale cluster and by namespace.</summary>
public sealed class AuditSummary
{
    private AuditSummary(IReadOnlyList<RuleTally> rules, IReadOnlyList<Tally> clusters, IReadOnlyList<Tally> namespaces)
    {
        Rules = rules;
        Clusters = clusters;
        Namespaces = namespaces;
    }

    /// <summary>The rules that found something: those with errors first, then in catalog order.</summary>
    public IReadOnlyList<RuleTally> Rules { get; }

    /// <summary>The InfoScale clusters, by namespace and name; what their machines have, not their networks.</summary>
    public IReadOnlyList<Tally> Clusters { get; }

    /// <summary>The namespaces with judged objects, by name; the empty one is of cluster-scoped objects and comes first.</summary>
    public IReadOnlyList<Tally> Namespaces { get; }

    /// <summary>Adds up a report.</summary>
    public static AuditSummary Of(CheckReport report)
    {
        var rules = new Dictionary<string, List<AuditedFinding>>(StringComparer.Ordinal);
        var clusters = new SortedDictionary<string, List<CheckedObject>>(StringComparer.Ordinal);
        var namespaces = new SortedDictionary<string, List<CheckedObject>>(StringComparer.Ordinal);
        foreach (CheckedObject item in report.Objects)
        {
            if (item.NotJudged is not null)
            {
                continue;
            }

            Add(namespaces, item.Namespace, item);
            if (item.Cluster.Length > 0)
            {
                Add(clusters, item.Namespace.Length > 0 ? $"{item.Namespace}/{item.Cluster}" : item.Cluster, item);
            }

            foreach (LocatedFinding found in item.Findings)
            {
                Add(rules, found.Finding.Rule, new AuditedFinding(item, found));
            }
        }

        return new AuditSummary(
            [
                .. RuleCatalog.All.Where(rule => rules.ContainsKey(rule.Info.Id))
                    .Select(rule => new RuleTally(rule.Info, rules[rule.Info.Id]))
                    .OrderByDescending(static tally => tally.Errors > 0),
            ],
            [.. clusters.Select(static entry => Tally.Of(entry.Key, entry.Value))],
            [.. namespaces.Select(static entry => Tally.Of(entry.Key, entry.Value))]);
    }

    private static void Add<T>(IDictionary<string, List<T>> groups, string key, T item)
    {
        if (!groups.TryGetValue(key, out List<T>? group))
        {
            groups[key] = group = [];
        }

        group.Add(item);
    }
}

/// <summary>A finding and the object it lies on.</summary>
/// <param name="Object">The object.</param>
/// <param name="Located">The finding and its place.</param>
public sealed record AuditedFinding(CheckedObject Object, LocatedFinding Located)
{
    /// <summary>The finding.</summary>
    public Finding Finding => Located.Finding;
}

/// <summary>What one rule found.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Findings">Its findings, in the order of the report.</param>
public sealed record RuleTally(RuleInfo Rule, IReadOnlyList<AuditedFinding> Findings)
{
    /// <summary>How many are errors.</summary>
    public int Errors => Count(Severity.Error);

    /// <summary>How many are warnings.</summary>
    public int Warnings => Count(Severity.Warning);

    /// <summary>How many are exempt.</summary>
    public int Exempt => Count(Severity.Exempt);

    /// <summary>How many objects they lie on.</summary>
    public int Objects => Findings.Select(static found => found.Object).Distinct().Count();

    private int Count(Severity severity) => Findings.Count(found => found.Finding.Severity == severity);
}

/// <summary>What was found in one group of objects.</summary>
/// <param name="Name">The group; empty for cluster-scoped objects.</param>
/// <param name="Objects">How many judged objects it has.</param>
/// <param name="Errors">How many errors.</param>
/// <param name="Warnings">How many warnings.</param>
/// <param name="Exempt">How many exempt findings.</param>
public sealed record Tally(string Name, int Objects, int Errors, int Warnings, int Exempt)
{
    internal static Tally Of(string name, IReadOnlyList<CheckedObject> objects)
    {
        int Count(Severity severity) => objects.Sum(item => item.Findings.Count(found => found.Finding.Severity == severity));
        return new Tally(name, objects.Count, Count(Severity.Error), Count(Severity.Warning), Count(Severity.Exempt));
    }
}
