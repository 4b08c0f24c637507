using System.Globalization;
using Webhook.Audit;
using Webhook.Checking;
using Webhook.Commands;

namespace Webhook.Output;

/// <summary>The audit for people at a terminal: the findings as <c>check</c> prints them, then what they add up to, so that it is in sight.</summary>
/// <param name="output">Takes the text.</param>
/// <param name="hasColour">Whether the output takes colours.</param>
/// <param name="width">The width to break lines at, in characters; null leaves them whole.</param>
public sealed class AuditText(TextWriter output, bool hasColour, int? width)
{
    private const string NoNamespace = "(no namespace)";

    private readonly Styles _styles = new(hasColour);

    /// <summary>Writes the whole report.</summary>
    public void Write(CheckReport report)
    {
        var text = new TextOutput(output, hasColour, width);
        text.WriteFindings(report);
        AuditSummary summary = AuditSummary.Of(report);
        Table("rule", "objects", [.. summary.Rules.Select(static tally => new Tally(tally.Rule.Id, tally.Objects, tally.Errors, tally.Warnings, tally.Exempt))]);
        Table("InfoScale cluster", "VMs", summary.Clusters);
        Table("namespace", "objects", [.. summary.Namespaces.Select(static tally => tally.Name.Length > 0 ? tally : tally with { Name = NoNamespace })]);
        text.WriteRemainder(report);
        if (report.Objects.Any(static item => item.Findings.Count > 0))
        {
            output.WriteLine($"All of it with remedies, to pass on: {CommandLine.ProgramName} audit -o html ... > audit.html");
        }
    }

    private static string Figure(int count) => count == 0 ? "-" : count.ToString(CultureInfo.InvariantCulture);

    private void Table(string what, string of, IReadOnlyList<Tally> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        int widest = Math.Max(what.Length, rows.Max(static row => PlainText.OfLine(row.Name).Length));
        output.WriteLine($"{_styles.Bold(what.PadRight(widest))}  {of,8} {"errors",8} {"warnings",9} {"exempt",7}");
        foreach (Tally row in rows)
        {
            string errors = $"{Figure(row.Errors),8}", warnings = $"{Figure(row.Warnings),9}";
            output.WriteLine(
                $"{PlainText.OfLine(row.Name).PadRight(widest)}  {Figure(row.Objects),8} {(row.Errors > 0 ? _styles.Red(errors) : errors)} "
                + $"{(row.Warnings > 0 ? _styles.Yellow(warnings) : warnings)} {Figure(row.Exempt),7}");
        }

        output.WriteLine();
    }
}
