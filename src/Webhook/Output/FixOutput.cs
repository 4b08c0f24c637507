using System.Globalization;
using Webhook.Checking;
using Webhook.Fixing;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Output;

/// <summary>What <c>fix</c> tells: the changes as a diff on standard output, and on standard error what was mended and what was not.</summary>
internal static class FixOutput
{
    /// <summary>
    /// Writes the diff of all files, without what may be secret, since it ends up in logs and tickets. In a pipe it is exact, unless a changed line itself
    /// has something to hide, which standard error tells; on a terminal, control characters of the manifests are not let through.
    /// </summary>
    public static void WriteDiff(IEnumerable<FixedFile> files, Terminal terminal)
    {
        var styles = new Styles(terminal.HasColour);
        bool isShown = terminal.Width is not null;
        int masked = 0;
        foreach (FixedFile file in files.Where(static file => file.Edits.Count > 0))
        {
            string name = PlainText.OfLine(file.File.Name).TrimStart('/');
            terminal.Output.Write($"{styles.Bold($"--- a/{name}")}\n{styles.Bold($"+++ b/{name}")}\n");
            foreach (UnifiedDiff.Line line in UnifiedDiff.Lines(file.File.Text!, file.Edits, hidesSecrets: true))
            {
                masked += line.IsMasked ? 1 : 0;
                string text = isShown ? PlainText.OfLine(line.Text.Replace('\t', ' ')) : line.Text;
                terminal.Output.Write(text[0] switch { '-' => styles.Red(text), '+' => styles.Green(text), '@' => styles.Cyan(text), _ => text });
                terminal.Output.Write(isShown ? line.End.Replace("\r", "", StringComparison.Ordinal) : line.End);
            }
        }

        if (masked > 0)
        {
            terminal.Error.WriteLine($"{Count(masked, "changed line shows", "changed lines show")} {SecretLines.Mask} for what may be secret: patch cannot apply the diff, --write can");
        }
    }

    /// <summary>Writes each fix, each finding that stays and why, and the sum.</summary>
    /// <param name="files">What was done.</param>
    /// <param name="mended">The judgement of the files with the fixes applied.</param>
    /// <param name="isUnsafe">Whether unsafe fixes were allowed.</param>
    /// <param name="isWritten">Whether the files were edited.</param>
    /// <param name="output">Takes the text.</param>
    public static void WriteSummary(IReadOnlyList<FixedFile> files, CheckReport mended, bool isUnsafe, bool isWritten, TextWriter output)
    {
        foreach (FixedFile file in files)
        {
            foreach (AppliedFix fix in file.Applied)
            {
                output.WriteLine($"{TextOutput.Place(file.File.Name, fix.Position)}: {(isWritten ? "fixed" : "fixable")}: {PlainText.OfLine(fix.Finding.Fix!.Title)} [{fix.Finding.Rule}]");
            }
        }

        int left = 0, untold = 0;
        foreach (CheckedObject item in mended.Objects)
        {
            foreach (LocatedFinding located in item.Findings.Where(static located => located.Finding.Severity is Severity.Error or Severity.Warning))
            {
                left++;
                if (Why(files, item, located.Finding, isUnsafe) is string why)
                {
                    output.WriteLine($"{TextOutput.Place(item.File, located.Position)}: not fixed: {PlainText.OfLine(why)} [{located.Finding.Rule}]");
                }
                else
                {
                    untold++;
                }
            }
        }

        if (untold > 0)
        {
            output.WriteLine($"not fixed: {Count(untold, "finding", "findings")} whose answer is not in the manifests; check shows each with its remedy");
        }

        foreach (UnreadablePart part in mended.Unreadable)
        {
            output.WriteLine($"{TextOutput.Place(part.File, part.Position)}: not readable: {part.Reason}");
        }

        int applied = files.Sum(static file => file.Applied.Count);
        int changed = files.Count(static file => file.Edits.Count > 0);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(applied, "finding", "findings")} {(isWritten ? "fixed" : "can be fixed")} in {Count(changed, "file", "files")}; {left} left{(applied > 0 && !isWritten ? "; --write edits the files" : "")}"));
    }

    private static string? Why(IReadOnlyList<FixedFile> files, CheckedObject item, Finding finding, bool isUnsafe)
    {
        foreach (FixedFile file in files)
        {
            foreach (RefusedFix refused in file.File.Name == item.File ? file.Refused : [])
            {
                if (refused.Finding.Rule == finding.Rule && refused.Finding.Subject == finding.Subject && refused.Finding.Path.ToString() == finding.Path.ToString())
                {
                    return refused.Why;
                }
            }
        }

        return finding.Fix is { Applicability: FixAvailability.Unsafe } fix && !isUnsafe ? $"--unsafe would: {fix.Title}"
            : RuleCatalog.Find(finding.Rule)!.Info.WhyNotFixed;
    }

    private static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
