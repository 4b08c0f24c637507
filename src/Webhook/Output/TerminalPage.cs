using System.Text;

namespace Webhook.Output;

/// <summary>Prints the few forms of Markdown that <see cref="RulePage"/> uses for a terminal: headings, quotes, code, paragraphs.</summary>
/// <param name="output">Takes the text.</param>
/// <param name="hasColour">Whether the output takes colours.</param>
/// <param name="width">The width of the terminal, in characters.</param>
public sealed class TerminalPage(TextWriter output, bool hasColour, int width)
{
    private const int Widest = 110;

    private readonly Styles _styles = new(hasColour);
    private readonly int _width = Math.Min(width, Widest);

    /// <summary>Writes a page.</summary>
    public void Write(string markdown)
    {
        bool isCode = false, isReport = false;
        foreach (string line in markdown.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
                isReport = line == "```text";
            }
            else if (isCode && isReport)
            {
                WriteWrapped(line, "  ", "       ", _styles.Yellow);
            }
            else if (isCode)
            {
                output.WriteLine("    " + _styles.Cyan(line));
            }
            else if (line.StartsWith('#'))
            {
                string text = line.TrimStart('#').TrimStart();
                output.WriteLine(line.StartsWith("###", StringComparison.Ordinal) ? "  " + _styles.Bold(text) : _styles.Green(_styles.Bold(text.ToUpperInvariant())));
            }
            else if (line.StartsWith("> ", StringComparison.Ordinal))
            {
                WriteWrapped(line[2..], "  | ", "  | ", _styles.Dim);
            }
            else
            {
                WriteParagraph(line);
            }
        }
    }

    private void WriteWrapped(string text, string first, string next, Func<string, string> style)
    {
        foreach (string line in Lines.Wrap(text, _width - next.Length))
        {
            output.WriteLine(first + style(line));
            first = next;
        }
    }

    // Styles may begin on one line and end on the next, so the marks are followed across lines.
    private void WriteParagraph(string paragraph)
    {
        bool isCode = false, isBold = false;
        foreach (string line in Lines.Wrap(paragraph.Replace("**", "\u0001", StringComparison.Ordinal), _width - 2))
        {
            var text = new StringBuilder(line.Length == 0 ? "" : "  ");
            var run = new StringBuilder();
            foreach (char c in line + "\n")
            {
                if (c is not ('`' or '\u0001' or '\n'))
                {
                    run.Append(c);
                    continue;
                }

                text.Append(run.Length == 0 ? "" : isCode ? _styles.Cyan(run.ToString()) : isBold ? _styles.Bold(run.ToString()) : run);
                run.Clear();
                isCode ^= c == '`';
                isBold ^= c == '\u0001';
            }

            output.WriteLine(text);
        }
    }
}
