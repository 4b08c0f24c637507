using System.Globalization;
using System.Security;
using System.Text;
using Webhook.Rules.Network;
using Webhook.Tracing;

namespace Webhook.Output;

/// <summary>
/// Paths as a picture to paste in a ticket: each path a column of levels from the guest down to the switch, joined by pipes as wide as what
/// they carry. It needs nothing from outside and follows the reader's choice of light or dark.
/// </summary>
public static class PathSvg
{
    private const int Margin = 20;
    private const int Column = 226;
    private const int Gap = 14;
    private const int NodeGap = 20;
    private const int Box = 52;
    private const int Pipe = 22;
    private const int WidestPipe = 44;
    private const int ColumnsOfRow = 4;

    // In a font whose characters are all 0.6 of its size wide, what fits can be counted.
    private const double CharacterWidth = 0.605;
    private const int NameSize = 13;
    private const int SourceSize = 10;
    private const int TitleSize = 15;

    private const string Style =
        """
          .back { fill: #ffffff } .ink { fill: #1f2328 } .soft { fill: #59636e } .red { fill: #c9182b }
          .box { fill: #f6f8fa; stroke: #c8d1da } .weak { fill: #ffebe9; stroke: #d1242f; stroke-width: 2 } .open { stroke-dasharray: 4 3 }
          .pipe { fill: #9ec5fe } .narrow { fill: #ff8182 } .unseen { fill: none; stroke: #818b98; stroke-dasharray: 3 3 }
          @media (prefers-color-scheme: dark) {
            .back { fill: #0d1117 } .ink { fill: #f0f6fc } .soft { fill: #9198a1 } .red { fill: #ff7b72 }
            .box { fill: #151b23; stroke: #3d444d } .weak { fill: #3c1618; stroke: #f85149 } .pipe { fill: #1f6feb } .narrow { fill: #da3633 } .unseen { stroke: #656c76 }
          }
        """;

    /// <summary>Writes the picture.</summary>
    public static void Write(IReadOnlyList<TracedPath> paths, TextWriter output)
    {
        var body = new StringBuilder();
        int y = Margin, width = 2 * Margin + 2 * Column + Gap;
        foreach (TracedPath path in paths)
        {
            y = Draw(path, y, ref width, body) + 16;
        }

        output.Write(string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}" role="img" aria-label="The path of frames from guest to switch">
            <style>
            {Style}
            </style>
            <rect class="back" width="{width}" height="{y}"/>
            <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace">

            """));
        output.Write(body);
        output.Write("</g>\n</svg>\n");
    }

    private static int Draw(TracedPath path, int y, ref int width, StringBuilder body)
    {
        IReadOnlyList<Tree> trees = [.. (path.Network?.Paths ?? []).Select(below => new Tree(path, below))];
        int widest = trees.Count == 0 ? ColumnsOfRow : Math.Max(ColumnsOfRow, trees.Max(static tree => tree.Columns));
        int room = width - 2 * Margin;
        int rowEnd = 0, column = 0, x = Margin;
        var placed = new List<(Tree Tree, int X, int Row)>();
        foreach (Tree tree in trees)
        {
            if (column > 0 && column + tree.Columns > widest)
            {
                rowEnd++;
                column = 0;
                x = Margin;
            }

            placed.Add((tree, x, rowEnd));
            column += tree.Columns;
            x += tree.Columns * (Column + Gap) - Gap;
            room = Math.Max(room, x - Margin);
            x += Gap + NodeGap;
        }

        width = Math.Max(width, room + 2 * Margin);
        Line(body, Margin, y + TitleSize, TitleSize, "ink", path.Title, room, isBold: true);
        y += TitleSize + 12;
        foreach (string part in new[] { path.Break is string end ? $"the path ends: {end}" : "", path.Unseen is string unseen ? $"not seen: {unseen}" : "" })
        {
            foreach (string line in part.Length == 0 ? [] : Lines.Wrap(PlainText.OfLine(part), Fitting(SourceSize + 1, room)))
            {
                Line(body, Margin, y + 10, SourceSize + 1, path.Break is null ? "soft" : "red", line, room);
                y += 16;
            }
        }

        if (trees.Count == 0)
        {
            return path.Upper.Count == 0 ? y : new Tree(path, null).Draw(Margin, y, body);
        }

        for (int row = 0; row <= rowEnd; row++)
        {
            int bottom = y;
            foreach ((Tree tree, int left, int on) in placed)
            {
                bottom = on == row ? Math.Max(bottom, tree.Draw(left, y, body)) : bottom;
            }

            y = bottom + 10;
        }

        return y;
    }

    private static int Fitting(int size, int room) => (int)(room / (size * CharacterWidth));

    private static void Line(StringBuilder body, double x, double y, int size, string style, string text, double room, bool isBold = false, bool isEnd = false)
    {
        string clean = PlainText.OfXml(PlainText.OfLine(text));
        int most = Fitting(size, (int)room);
        string shown = clean.Length <= most ? clean : $"{clean.AsSpan(0, Math.Max(most - 1, 1))}…";
        string full = shown.Length < clean.Length ? $"<title>{SecurityElement.Escape(clean)}</title>" : "";
        body.Append(
            CultureInfo.InvariantCulture,
            $"""<text x="{x:0.#}" y="{y:0.#}" font-size="{size}" class="{style}"{(isBold ? " font-weight=\"bold\"" : "")}{(isEnd ? " text-anchor=\"end\"" : "")}>{full}{SecurityElement.Escape(shown)}</text>""").Append('\n');
    }

    /// <summary>The levels of one path on alike nodes, laid out: a level is as wide as all that it stands on.</summary>
    private sealed class Tree
    {
        private readonly TracedPath _path;
        private readonly NodePath? _below;
        private readonly List<(Hop Hop, int Upper)> _levels = [];
        private readonly int[] _widths;
        private readonly int[] _lefts;
        private readonly int[] _depths;

        public Tree(TracedPath path, NodePath? below)
        {
            _path = path;
            _below = below;
            foreach (Hop hop in path.Upper)
            {
                _levels.Add((hop, _levels.Count - 1));
            }

            int first = _levels.Count;
            foreach (Hop hop in below?.Hops ?? [])
            {
                _levels.Add((hop, hop.Upper < 0 ? first - 1 : hop.Upper + first));
            }

            _widths = new int[_levels.Count];
            _lefts = new int[_levels.Count];
            _depths = new int[_levels.Count];
            for (int at = _levels.Count - 1; at >= 0; at--)
            {
                _widths[at] = Math.Max(_widths[at], 1);
                if (_levels[at].Upper >= 0)
                {
                    _widths[_levels[at].Upper] += _widths[at];
                }
            }

            var used = new int[_levels.Count];
            for (int at = 1; at < _levels.Count; at++)
            {
                int upper = _levels[at].Upper;
                _lefts[at] = _lefts[upper] + used[upper];
                used[upper] += _widths[at];
                _depths[at] = _depths[upper] + 1;
            }
        }

        public int Columns => _widths[0];

        public int Draw(int x, int y, StringBuilder body)
        {
            if (_below is not null)
            {
                Line(body, x, y + 12, SourceSize + 2, "soft", _below.Place.Length > 0 ? $"on {_below.Place}" : "on every node", Width(0));
                y += 22;
            }

            int bottom = y;
            for (int at = 0; at < _levels.Count; at++)
            {
                int top = y + _depths[at] * (Box + Pipe);
                bottom = Math.Max(bottom, top + Box);
                int left = x + _lefts[at] * (Column + Gap);
                if (at > 0)
                {
                    DrawPipe(at, left + Width(at) / 2, top, body);
                }

                DrawBox(_levels[at].Hop, left, top, Width(at), body);
            }

            return bottom;
        }

        private int Width(int at) => _widths[at] * (Column + Gap) - Gap;

        // As wide as what gets through from above, measured by what is sent.
        private void DrawPipe(int at, int centre, int top, StringBuilder body)
        {
            long? sent = _below is null ? null : _path.Sent(_below);
            long? least = null;
            for (int up = at; up >= 0; up = _levels[up].Upper)
            {
                least = _levels[up].Hop.Mtu is long mtu && (least is null || mtu < least) ? mtu : least;
            }

            bool isUnknown = _levels[at].Hop.IsUnknown || least is null || sent is null or 0;
            double width = isUnknown ? WidestPipe * 0.5 : Math.Clamp(WidestPipe * (double)least!.Value / sent!.Value, 4, WidestPipe);
            string style = isUnknown ? "unseen" : least < sent ? "narrow" : "pipe";
            body.Append(CultureInfo.InvariantCulture, $"""<rect x="{centre - width / 2:0.#}" y="{top - Pipe + 2}" width="{width:0.#}" height="{Pipe - 4}" class="{style}"/>""").Append('\n');
        }

        private void DrawBox(Hop hop, int left, int top, int width, StringBuilder body)
        {
            bool isWeak = _below is not null && _path.IsWeak(_below, hop);
            string mtu = hop.Mtu is long bytes ? bytes.ToString(CultureInfo.InvariantCulture) : hop.Counts ? "?" : "";
            body.Append(
                CultureInfo.InvariantCulture,
                $"""<rect x="{left}" y="{top}" width="{width}" height="{Box}" rx="6" class="{(isWeak ? "weak" : hop.IsUnknown ? "box open" : "box")}"/>""").Append('\n');
            double figure = mtu.Length * NameSize * CharacterWidth;
            Line(body, left + 10, top + 19, NameSize, "ink", PathText.Label(hop), width - 26 - figure, isBold: true);
            Line(body, left + width - 10, top + 19, NameSize, isWeak ? "red" : "ink", mtu, width, isBold: true, isEnd: true);
            string word = !isWeak ? "" : ReferenceEquals(hop, _path.Weakest(_below!)) ? "weakest: " : "too small: ";
            string[] lines = [.. Lines.Wrap(PlainText.OfLine(word + hop.Source), Fitting(SourceSize, width - 20))];
            for (int i = 0; i < Math.Min(lines.Length, 2); i++)
            {
                string text = i == 1 && lines.Length > 2 ? $"{lines[1]} {lines[2]}" : lines[i];
                Line(body, left + 10, top + 33 + i * 12, SourceSize, isWeak ? "red" : "soft", text, width - 20);
            }
        }
    }
}
