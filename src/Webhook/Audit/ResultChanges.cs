using Webhook.Checking;
using Webhook.Output;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Audit;

/// <summary>Tells whose result has changed since the last audit: other rules, or other severities of them.</summary>
public sealed class ResultChanges
{
    private readonly Dictionary<(string Kind, string Namespace, string Name), string> _known = [];

    /// <summary>Takes from reports what was known when they were written, so that a new holder of the audit does not tell it all again.</summary>
    public void Load(IEnumerable<Field> reports)
    {
        foreach (Field report in reports)
        {
            Field scope = report["scope"];
            var findings = new List<(Severity Severity, string Rule)>();
            foreach (Field result in report["results"].Items())
            {
                Severity? severity = result["result"].Text switch
                {
                    "fail" => Severity.Error,
                    "warn" => Severity.Warning,
                    "skip" => Severity.Exempt,
                    _ => null,
                };
                if (severity is Severity known)
                {
                    findings.Add((known, result["policy"].Text ?? ""));
                }
            }

            if (Words(findings) is { Length: > 0 } words)
            {
                _known[(scope["kind"].Text ?? "", scope["namespace"].Text ?? "", scope["name"].Text ?? "")] = words;
            }
        }
    }

    /// <summary>The objects whose result is another one than before, and takes the new results as known.</summary>
    /// <param name="results">Every object, judged.</param>
    public IReadOnlyList<ResultChange> Next(IReadOnlyList<CheckedObject> results)
    {
        var changes = new List<ResultChange>();
        var seen = new HashSet<(string, string, string)>();
        foreach (CheckedObject item in results)
        {
            (string, string, string) key = (item.Kind, item.Namespace, item.Name);
            seen.Add(key);
            string now = Words([.. item.Findings.Select(static found => (found.Finding.Severity, found.Finding.Rule))]);
            string before = _known.GetValueOrDefault(key, "");
            if (now == before)
            {
                continue;
            }

            changes.Add(new ResultChange(item, before, now));
            if (now.Length > 0)
            {
                _known[key] = now;
            }
            else
            {
                _known.Remove(key);
            }
        }

        foreach ((string, string, string) gone in _known.Keys.Where(key => !seen.Contains(key)).ToArray())
        {
            _known.Remove(gone);
        }

        return changes;
    }

    private static string Words(List<(Severity Severity, string Rule)> findings) => string.Join(
        ", ",
        findings.GroupBy(static finding => finding.Severity).OrderByDescending(static group => group.Key)
            .Select(static group => $"{JsonOutput.Word(group.Key)}: {string.Join(' ', group.Select(static finding => finding.Rule).Distinct(StringComparer.Ordinal))}"));
}

/// <summary>A change of an object's result.</summary>
/// <param name="Object">The object, as judged now.</param>
/// <param name="Before">What was wrong before, as <c>error: RULE RULE, warning: RULE</c>; empty for nothing.</param>
/// <param name="Now">What is wrong now.</param>
public sealed record ResultChange(CheckedObject Object, string Before, string Now);
