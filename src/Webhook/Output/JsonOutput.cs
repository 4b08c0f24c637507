using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Webhook.Checking;
using Webhook.Rules;

namespace Webhook.Output;

/// <summary>The report for programs. Its names are a contract: members are added, never renamed.</summary>
public static class JsonOutput
{
    private static readonly JsonReport Contract = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes the report.</summary>
    public static void Write(CheckReport report, TextWriter output)
    {
        var document = new Document(
            [.. report.Objects.SelectMany(Findings)],
            [.. report.Objects.Where(static item => item.NotJudged is not null).Select(static item =>
                new NotJudged(item.ApiVersion, item.Kind, item.Namespace, item.Name, item.NotJudged!, item.File, item.Position.Line, item.Position.Column))],
            [.. report.Unreadable.Select(static part => new Unreadable(part.Reason, part.File, part.Position?.Line, part.Position?.Column))],
            [.. report.Objects.SelectMany(Failures)],
            new Summary(
                report.Files,
                report.Objects.Count,
                report.Judged,
                report.NotJudged,
                [.. report.NotJudgedGroups.Select(static group => new Group(group.Kind, group.Reason, group.Count))],
                report.Unreadable.Count,
                report.Count(Severity.Error),
                report.Count(Severity.Warning),
                report.Count(Severity.Exempt),
                report.Unverified,
                report.Failures));
        output.Write(JsonSerializer.Serialize(document, Contract.Document));
        output.Write('\n');
    }

    /// <summary>The word for a severity in every output.</summary>
    public static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        Severity.Exempt => "exempt",
        _ => "off",
    };

    private static IEnumerable<FoundItem> Findings(CheckedObject item) => item.Findings.Select(found => new FoundItem(
        found.Finding.Rule,
        Word(found.Finding.Severity),
        found.Finding.Unverified,
        item.ApiVersion,
        item.Kind,
        item.Namespace,
        item.Name,
        found.Finding.Path.ToString(),
        found.Finding.Message,
        found.Finding.Remedy,
        found.Finding.Exemption,
        item.File,
        found.Position.Line,
        found.Position.Column));

    private static IEnumerable<Failure> Failures(CheckedObject item) => item.Failures.Select(failure => new Failure(
        failure.Rule, failure.Exception.GetType().Name, item.Kind, item.Namespace, item.Name, item.File, item.Position.Line, item.Position.Column));

    internal sealed record Document(
        IReadOnlyList<FoundItem> Findings,
        IReadOnlyList<NotJudged> NotJudged,
        IReadOnlyList<Unreadable> Unreadable,
        IReadOnlyList<Failure> RuleFailures,
        Summary Summary);

    internal sealed record FoundItem(
        string Rule,
        string Severity,
        bool Unverified,
        string ApiVersion,
        string Kind,
        string Namespace,
        string Name,
        string Path,
        string Message,
        string Remedy,
        string? Exemption,
        string File,
        int Line,
        int Column);

    internal sealed record NotJudged(
        string ApiVersion, string Kind, string Namespace, string Name, string Reason, string File, int Line, int Column);

    internal sealed record Unreadable(string Reason, string File, int? Line, int? Column);

    internal sealed record Failure(string Rule, string Exception, string Kind, string Namespace, string Name, string File, int Line, int Column);

    internal sealed record Summary(
        int Files,
        int Objects,
        int Judged,
        int NotJudged,
        IReadOnlyList<Group> NotJudgedByReason,
        int Unreadable,
        int Errors,
        int Warnings,
        int Exempt,
        int Unverified,
        int RuleFailures);

    internal sealed record Group(string Kind, string Reason, int Count);
}

/// <summary>The serializer of the report.</summary>
[JsonSerializable(typeof(JsonOutput.Document))]
internal sealed partial class JsonReport : JsonSerializerContext;
