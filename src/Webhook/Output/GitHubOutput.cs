using System.Globalization;
using Webhook.Checking;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Output;

/// <summary>
/// Annotations of a GitHub workflow: one command for each finding (actions/toolkit packages/core/src/command.ts says what is escaped and how).
/// </summary>
public static class GitHubOutput
{
    /// <summary>Writes the report.</summary>
    public static void Write(CheckReport report, TextWriter output)
    {
        foreach (CheckedObject item in report.Objects)
        {
            foreach (LocatedFinding located in item.Findings)
            {
                Finding finding = located.Finding;
                string command = finding.Severity switch
                {
                    Severity.Error => "error",
                    Severity.Warning => "warning",
                    _ => "notice",
                };
                Write(output, command, item.File, located.Position, finding.Rule, $"{item.Title}: {finding.Message}; {finding.Conclusion}");
            }

            foreach (RuleFailure failure in item.Failures)
            {
                Write(output, "warning", item.File, item.Position, failure.Rule, $"the rule failed on {item.Title}, a defect of this program");
            }
        }

        foreach (UnreadablePart part in report.Unreadable)
        {
            Write(output, "error", part.File, part.Position, "not readable", part.Reason);
        }
    }

    private static void Write(TextWriter output, string command, string file, Position? position, string title, string message)
    {
        string place = position is Position at ? string.Create(CultureInfo.InvariantCulture, $",line={at.Line},col={at.Column}") : "";
        output.WriteLine($"::{command} file={Property(SourcePath.Relative(file))}{place},title={Property(title)}::{Data(message)}");
    }

    private static string Data(string text) => text
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text)
        .Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);
}
