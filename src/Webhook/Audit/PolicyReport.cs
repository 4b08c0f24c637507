using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Webhook.Checking;
using Webhook.Commands;
using Webhook.Rules;

namespace Webhook.Audit;

/// <summary>
/// The report about one object: its findings as results, errors as <c>fail</c>, warnings as <c>warn</c>, exempt ones as <c>skip</c>, rules
/// that failed as <c>error</c>. Owned by the object, so that it goes with it, and of bounded size.
/// </summary>
public static class PolicyReport
{
    /// <summary>The most results of one report; a last one counts the others.</summary>
    public const int MaxResults = 100;

    /// <summary>The most characters of a message.</summary>
    public const int MaxMessageLength = 1024;

    /// <summary>The label by which the reports of this program are found.</summary>
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    private const int LongestName = 253;
    private const string Fail = "fail";
    private const string Warn = "warn";
    private const string Skip = "skip";

    /// <summary>The name of the report about an object: readable, and the same at each run.</summary>
    /// <param name="kind">The kind of the object.</param>
    /// <param name="name">Its name.</param>
    public static string NameOf(string kind, string name)
    {
#pragma warning disable CA1308 // Names of objects are lower case.
        string full = $"infoscale-{kind.ToLowerInvariant()}-{name.Replace("*", "x", StringComparison.Ordinal)}";
#pragma warning restore CA1308
        return full.Length <= LongestName ? full
            : $"{full.AsSpan(0, LongestName - 9)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)).AsSpan(0, 4))}";
    }

    /// <summary>The report.</summary>
    /// <param name="item">The object, judged.</param>
    /// <param name="api">The API it is written for.</param>
    /// <param name="since">When a finding was found first, by rule and path; a new one is of <paramref name="now"/>.</param>
    /// <param name="now">The moment of the audit.</param>
    public static JsonObject Of(CheckedObject item, ReportApi api, Func<string, string, DateTimeOffset?> since, DateTimeOffset now)
    {
        bool isNamespaced = item.Namespace.Length > 0;
        var metadata = new JsonObject { ["name"] = NameOf(item.Kind, item.Name) };
        if (isNamespaced)
        {
            metadata["namespace"] = item.Namespace;
        }

        metadata["labels"] = new JsonObject { [ManagedBy] = CommandLine.ProgramName };
        if (item.Uid.Length > 0)
        {
            metadata["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = item.ApiVersion,
                ["kind"] = item.Kind,
                ["name"] = item.Name,
                ["uid"] = item.Uid,
            });
        }

        var scope = new JsonObject { ["apiVersion"] = item.ApiVersion, ["kind"] = item.Kind, ["name"] = item.Name };
        if (isNamespaced)
        {
            scope["namespace"] = item.Namespace;
        }

        if (item.Uid.Length > 0)
        {
            scope["uid"] = item.Uid;
        }

        var report = new JsonObject
        {
            ["apiVersion"] = api.ApiVersion,
            ["kind"] = isNamespaced ? api.Kind : api.ClusterKind,
            ["metadata"] = metadata,
            ["scope"] = scope,
            ["summary"] = new JsonObject
            {
                ["pass"] = item.Findings.Count + item.Failures.Count == 0 ? 1 : 0,
                ["fail"] = Count(item, Severity.Error),
                ["warn"] = Count(item, Severity.Warning),
                ["error"] = item.Failures.Count,
                ["skip"] = Count(item, Severity.Exempt),
            },
            ["results"] = Results(item, since, now),
        };
        if (ReferenceEquals(api, ReportApi.OpenReports))
        {
            report["source"] = CommandLine.ProgramName;
        }

        return report;
    }

    /// <summary>What the word of a result says about a finding, or null where it is about something else.</summary>
    /// <param name="result">The word.</param>
    internal static Severity? SeverityOf(string? result) => result switch
    {
        Fail => Severity.Error,
        Warn => Severity.Warning,
        Skip => Severity.Exempt,
        _ => null,
    };

    private static int Count(CheckedObject item, Severity severity) => item.Findings.Count(found => found.Finding.Severity == severity);

    private static JsonArray Results(CheckedObject item, Func<string, string, DateTimeOffset?> since, DateTimeOffset now)
    {
        var results = new JsonArray();
        int total = item.Findings.Count + item.Failures.Count, shown = total > MaxResults ? MaxResults - 1 : total;
        foreach (LocatedFinding found in item.Findings.Take(shown))
        {
            Finding finding = found.Finding;
            string path = finding.Path.ToString();
            (string result, string? severity) = finding.Severity switch
            {
                Severity.Error => (Fail, "high"),
                Severity.Warning => (Warn, "medium"),
                _ => (Skip, (string?)null),
            };
            var properties = new JsonObject { ["path"] = path };
            string guide = string.Join(' ', RuleCatalog.Find(finding.Rule)?.Info.Guide.Select(static sentence => sentence.Id) ?? []);
            if (guide.Length > 0)
            {
                properties["guide"] = guide;
            }

            JsonObject entry = Result(finding.Rule, result, severity, $"{finding.Message}; {finding.Conclusion}", since(finding.Rule, path) ?? now);
            entry["properties"] = properties;
            results.Add((JsonNode)entry);
        }

        foreach (RuleFailure failure in item.Failures.Take(shown - results.Count))
        {
            results.Add((JsonNode)Result(
                failure.Rule, "error", "low", "the rule could not be evaluated, a defect of this program and not of the object",
                since(failure.Rule, "") ?? now));
        }

        if (total == 0)
        {
            results.Add((JsonNode)Result("all", "pass", null, "no rule finds anything wrong", since("all", "") ?? now));
        }

        if (total > shown)
        {
            string more = string.Create(CultureInfo.InvariantCulture, $"and {total - shown} more; {CommandLine.ProgramName} audit shows all");
            results.Add((JsonNode)Result("more", "error", null, more, since("more", "") ?? now));
        }

        return results;
    }

    // Without a severity where nothing is at stake: "info" is no word of the first definitions of v1alpha2 (kubernetes-sigs/wg-policy-prototypes
    // policy-report/crd/v1alpha2), and an API server that has those takes no report with it.
    private static JsonObject Result(string rule, string result, string? severity, string message, DateTimeOffset since)
    {
        var entry = new JsonObject { ["source"] = CommandLine.ProgramName, ["policy"] = rule, ["category"] = "InfoScale" };
        if (severity is not null)
        {
            entry["severity"] = severity;
        }

        entry["result"] = result;
        entry["message"] = message.Length <= MaxMessageLength ? message : message[..MaxMessageLength];
        entry["timestamp"] = new JsonObject { ["seconds"] = since.ToUnixTimeSeconds(), ["nanos"] = 0 };
        return entry;
    }
}
