using System.Globalization;
using Webhook.Checking;
using Webhook.Commands;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Output;

/// <summary>The report for people: findings by file and object, then what was not judged, what could not be read, and what to do next.</summary>
/// <param name="output">Takes the text.</param>
/// <param name="hasColour">Whether the output takes colours.</param>
/// <param name="width">The width to break lines at, in characters; null leaves them whole, for pipes and logs.</param>
public sealed class TextOutput(TextWriter output, bool hasColour, int? width)
{
    private const int GroupsShown = 12;

    private readonly Styles _styles = new(hasColour);

    /// <summary>Writes the whole report.</summary>
    public void Write(CheckReport report)
    {
        WriteFindings(report);
        WriteRemainder(report);
    }

    /// <summary>Writes the findings, by object.</summary>
    public void WriteFindings(CheckReport report)
    {
        foreach (CheckedObject item in report.Objects.Where(static item => item.Findings.Count > 0))
        {
            output.WriteLine(_styles.Bold(PlainText.OfLine(item.Title)));
            foreach (LocatedFinding located in item.Findings)
            {
                Write(item.File, located);
            }

            output.WriteLine();
        }
    }

    /// <summary>Writes what follows the findings: failures, what could not be read, what was not judged, the sum, and the next step.</summary>
    public void WriteRemainder(CheckReport report)
    {
        WriteFailures(report);
        WriteUnreadable(report);
        WriteNotJudged(report);
        WriteSum(report);
    }

    /// <summary>A place as editors and terminals open it: <c>file:line:column</c>.</summary>
    public static string Place(string file, Position? position) =>
        PlainText.OfLine(position is Position { Line: > 0 } at ? string.Create(CultureInfo.InvariantCulture, $"{file}:{at.Line}:{at.Column}") : file);

    private static string Number(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    private void Write(string file, LocatedFinding located)
    {
        Finding finding = located.Finding;
        string severity = finding.Severity switch
        {
            Severity.Error => _styles.Red("error"),
            Severity.Warning => _styles.Yellow("warning"),
            _ => _styles.Dim("exempt"),
        };
        output.WriteLine($"  {_styles.Cyan(Place(file, located.Position))}  {severity}  {_styles.Bold(finding.Rule)}");
        Wrapped(PlainText.OfLine(finding.Message), "    ", "    ");
        if (finding.Exemption is string exemption)
        {
            Wrapped(PlainText.OfLine(exemption), "    ", "    ");
        }
        else
        {
            Wrapped(PlainText.OfLine(finding.Remedy), _styles.Green("    fix: "), "         ");
        }
    }

    private void Wrapped(string text, string first, string next)
    {
        foreach (string line in Lines.Wrap(text, (width ?? int.MaxValue) - next.Length))
        {
            output.WriteLine(first + line);
            first = next;
        }
    }

    private void WriteFailures(CheckReport report)
    {
        foreach (CheckedObject item in report.Objects)
        {
            foreach (RuleFailure failure in item.Failures)
            {
                output.WriteLine(
                    $"{_styles.Red("not complete")}: {Place(item.File, item.Position)}: rule {failure.Rule} failed on {PlainText.OfLine(item.Title)} " +
                    $"({failure.Exception.GetType().Name}), a defect of this program");
            }
        }
    }

    private void WriteUnreadable(CheckReport report)
    {
        foreach (UnreadablePart part in report.Unreadable)
        {
            output.WriteLine($"{_styles.Red("not readable")}: {Place(part.File, part.Position)}: {part.Reason}");
        }
    }

    private void WriteNotJudged(CheckReport report)
    {
        IReadOnlyList<NotJudgedGroup> groups = report.NotJudgedGroups;
        if (groups.Count == 0)
        {
            return;
        }

        output.WriteLine($"{_styles.Dim("not judged")}: {Number(report.NotJudged, "object", "objects")} of {Number(report.Objects.Count, "", "").TrimEnd()}");
        foreach (NotJudgedGroup group in groups.OrderByDescending(static group => group.Count).Take(GroupsShown))
        {
            string kind = group.Kind.Length > 0 ? group.Kind : group.Count == 1 ? "document" : "documents";
            string hint = group.Reason == Enforcement.Judge.NoLabel ? " (--as llt or --as iscsi judges it nevertheless)" : "";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {group.Count,5} {PlainText.OfLine(kind)}: {PlainText.OfLine(group.Reason)}{hint}"));
        }

        if (groups.Count > GroupsShown)
        {
            output.WriteLine($"        and {Number(groups.Count - GroupsShown, "kind or reason", "kinds or reasons")} more; -o json names every object");
        }
    }

    private void WriteSum(CheckReport report)
    {
        int errors = report.Count(Severity.Error);
        int warnings = report.Count(Severity.Warning);
        int exempt = report.Count(Severity.Exempt);
        string found = report.Judged == 0 ? _styles.Yellow("nothing was judged")
            : errors + warnings + exempt == 0 ? _styles.Green("no findings")
            : $"{_styles.Bold(Number(errors, "error", "errors"))}, {_styles.Bold(Number(warnings, "warning", "warnings"))}{(exempt > 0 ? $", {exempt} exempt" : "")}";
        string judged = report.Judged == 0 ? "" : $"{Number(report.Judged, "judged object", "judged objects")} of ";
        string unread = report.Unreadable.Count > 0 ? $"; {Number(report.Unreadable.Count, "part", "parts")} could not be read" : "";
        output.WriteLine($"{found} in {judged}{(report.Files > 0 ? Number(report.Files, "file", "files") : "the cluster")}{unread}");
        if (report.Objects.SelectMany(static item => item.Findings).FirstOrDefault() is LocatedFinding first)
        {
            output.WriteLine($"Why, and how to mend it: {CommandLine.ProgramName} explain {first.Finding.Rule}");
        }
    }
}
