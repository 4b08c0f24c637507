using System.Globalization;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;

namespace Webhook.Tests.Output;

/// <summary>Draws coloured terminal text as SVG.</summary>
public static partial class TerminalPicture
{
    private const double CharacterWidth = 8.43;
    private const int LineHeight = 19;
    private const int Margin = 18;
    private const int Bar = 34;

    /// <summary>The picture.</summary>
    /// <param name="text">The text, with the sequences of <see cref="Webhook.Output.Styles"/>.</param>
    /// <param name="columns">The width of the terminal, in characters.</param>
    public static string Draw(string text, int columns)
    {
        string[] lines = text.TrimEnd('\n').Split('\n');
        int width = (int)(columns * CharacterWidth) + 2 * Margin, height = Bar + lines.Length * LineHeight + Margin;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="Findings in a terminal">
              <rect width="{width}" height="{height}" rx="8" fill="#1b1f24"/>
              <circle cx="20" cy="17" r="6" fill="#ff5f57"/><circle cx="40" cy="17" r="6" fill="#febc2e"/><circle cx="60" cy="17" r="6" fill="#28c840"/>
              <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#d0d7de" xml:space="preserve">

            """);
        for (int i = 0; i < lines.Length; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""    <text x="{Margin}" y="{Bar + i * LineHeight + 12}">{Spans(lines[i])}</text>""").Append('\n');
        }

        return svg.Append("  </g>\n</svg>\n").ToString();
    }

    // Each run gets its own place, so that columns stay true whatever font the viewer has.
    private static string Spans(string line)
    {
        var spans = new StringBuilder();
        int column = 0;
        string style = "";
        foreach (Match piece in Piece().Matches(line))
        {
            if (piece.Groups["code"].Success)
            {
                style = piece.Groups["code"].Value switch
                {
                    "1" => " font-weight=\"bold\" fill=\"#ffffff\"",
                    "2" => " fill=\"#8b949e\"",
                    "1;31" => " font-weight=\"bold\" fill=\"#ff7b72\"",
                    "1;33" => " font-weight=\"bold\" fill=\"#e3b341\"",
                    "32" => " fill=\"#7ee787\"",
                    "36" => " fill=\"#79c0ff\"",
                    _ => "",
                };
                continue;
            }

            // Viewers drop the blanks at the ends of a run, so they are part of its place and not of its text.
            string word = piece.Value.Trim(' ');
            if (word.Length > 0)
            {
                double x = Margin + (column + piece.Value.IndexOf(word, StringComparison.Ordinal)) * CharacterWidth, length = word.Length * CharacterWidth;
                spans.Append(CultureInfo.InvariantCulture, $"""<tspan x="{x:0.##}" textLength="{length:0.##}" lengthAdjust="spacingAndGlyphs"{style}>{SecurityElement.Escape(word)}</tspan>""");
            }

            column += piece.Length;
        }

        return spans.ToString();
    }

    [GeneratedRegex("\u001b\\[(?<code>[0-9;]*)m|[^\u001b]+")]
    private static partial Regex Piece();
}
