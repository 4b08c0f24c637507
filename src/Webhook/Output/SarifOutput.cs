using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Webhook.Checking;
using Webhook.Commands;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Output;

/// <summary>The report for code scanning: SARIF 2.1.0 (oasis-tcs/sarif-spec sarif-2.1/schema/sarif-schema-2.1.0.json).</summary>
public static class SarifOutput
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the report.</summary>
    public static void Write(CheckReport report, TextWriter output)
    {
        // Only rules that found something: their texts are long, and viewers list every rule they are given.
        Rule[] rules = [.. RuleCatalog.All.Where(rule => report.Objects.Any(item => item.Findings.Any(found => found.Finding.Rule == rule.Info.Id)))];
        var document = new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = CommandLine.ProgramName,
                        ["version"] = ProgramVersion.Number,
                        ["rules"] = new JsonArray([.. rules.Select(Rule)]),
                    },
                },
                ["invocations"] = new JsonArray(Invocation(report)),
                ["results"] = new JsonArray([.. report.Objects.SelectMany(item => item.Findings.Select(found => Result(item, found, rules)))]),
                ["columnKind"] = "utf16CodeUnits",
                ["properties"] = new JsonObject
                {
                    ["objects"] = report.Objects.Count,
                    ["judged"] = report.Judged,
                    ["notJudged"] = report.NotJudged,
                },
            }),
        };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            document.WriteTo(writer);
        }

        output.Write(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
        output.Write('\n');
    }

    private static string Level(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };

    private static JsonObject Rule(Rule rule) => new JsonObject
    {
        ["id"] = rule.Info.Id,
        ["name"] = rule.GetType().Name,
        ["shortDescription"] = new JsonObject { ["text"] = rule.Info.Title },
        ["fullDescription"] = new JsonObject { ["text"] = rule.Info.Rationale },
        ["help"] = new JsonObject { ["text"] = rule.Info.Remedy, ["markdown"] = RulePage.Render(rule) },
        ["defaultConfiguration"] = new JsonObject { ["level"] = Level(rule.Info.Severity) },
    };

    private static JsonObject Result(CheckedObject item, LocatedFinding located, Rule[] rules)
    {
        Finding finding = located.Finding;
        var result = new JsonObject
        {
            ["ruleId"] = finding.Rule,
            ["ruleIndex"] = Array.FindIndex(rules, rule => rule.Info.Id == finding.Rule),
            ["level"] = Level(finding.Severity),
            ["message"] = new JsonObject { ["text"] = $"{finding.Message}; {finding.Conclusion}" },
            ["locations"] = new JsonArray(new JsonObject
            {
                ["physicalLocation"] = Location(item.File, located.Position),
                ["logicalLocations"] = new JsonArray(new JsonObject
                {
                    ["fullyQualifiedName"] = item.Title,
                    ["kind"] = "resource",
                }),
            }),
            ["properties"] = new JsonObject { ["path"] = finding.Path.ToString(), ["unverified"] = finding.Unverified },
        };
        if (finding.Severity == Severity.Exempt)
        {
            result["suppressions"] = new JsonArray(new JsonObject { ["kind"] = "inSource", ["justification"] = finding.Exemption });
        }

        return result;
    }

    private static JsonObject Location(string file, Position? position)
    {
        var location = new JsonObject { ["artifactLocation"] = new JsonObject { ["uri"] = SourcePath.Uri(file) } };
        if (position is Position { Line: > 0 } at)
        {
            location["region"] = new JsonObject { ["startLine"] = at.Line, ["startColumn"] = at.Column };
        }

        return location;
    }

    // "executionSuccessful" is false where the result is not whole: a viewer must not take an unread file for a clean one.
    private static JsonObject Invocation(CheckReport report)
    {
        IEnumerable<JsonObject> unreadable = report.Unreadable.Select(static part => Notification($"not readable: {part.Reason}", part.File, part.Position));
        IEnumerable<JsonObject> failed = report.Objects.SelectMany(static item => item.Failures.Select(failure =>
            Notification($"rule {failure.Rule} failed on {item.Title}, a defect of this program", item.File, item.Position)));
        return new JsonObject
        {
            ["executionSuccessful"] = report.Unreadable.Count == 0 && report.Failures == 0,
            ["toolExecutionNotifications"] = new JsonArray([.. unreadable, .. failed]),
        };
    }

    private static JsonObject Notification(string text, string file, Position? position) => new JsonObject
    {
        ["level"] = "error",
        ["message"] = new JsonObject { ["text"] = text },
        ["locations"] = new JsonArray(new JsonObject { ["physicalLocation"] = Location(file, position) }),
    };
}
