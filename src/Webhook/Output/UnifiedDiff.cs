using System.Globalization;
using Webhook.Resources.Editing;
using Webhook.Resources.Manifests;

namespace Webhook.Output;

/// <summary>
/// The edits of a text as a unified diff, which <c>patch</c> and <c>git apply</c> take. Lines keep their own endings. Lines that may hold a secret
/// can be left out: no hunk then reaches them, and one that is changed itself shows stars, which cannot be applied.
/// </summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>One line of a diff: what it begins with is a blank, <c>-</c>, <c>+</c>, or <c>@</c> for the head of a hunk.</summary>
    /// <param name="Text">The line, its sign included, without its end.</param>
    /// <param name="End">What ends it: LF, CR LF, or what says that the file ends without either.</param>
    /// <param name="IsMasked">Whether a part of it is not shown.</param>
    public readonly record struct Line(string Text, string End, bool IsMasked = false);

    // Lines [Start, End) of the old text, and what stands there afterwards.
    private sealed record Change(int Start, int End, IReadOnlyList<string> Now);

    /// <summary>The hunks, without the two lines that name the file.</summary>
    /// <param name="text">The text before.</param>
    /// <param name="edits">The edits, in order.</param>
    /// <param name="hidesSecrets">Whether what may be secret is left out.</param>
    public static IEnumerable<Line> Lines(string text, IReadOnlyList<TextEdit> edits, bool hidesSecrets = false)
    {
        List<string> old = Split(text);
        List<Change> changes = Changes(text, old, edits);
        IReadOnlyList<string?> masks = hidesSecrets ? SecretLines.Masked(old) : [];
        IReadOnlyList<string?> newMasks = hidesSecrets ? SecretLines.Masked(Split(TextEdit.Apply(text, edits))) : [];
        int shift = 0;
        for (int first = 0; first < changes.Count;)
        {
            int last = first;
            while (last + 1 < changes.Count && changes[last + 1].Start - changes[last].End <= 2 * Context
                && !IsMaskedWithin(masks, changes[last].End, changes[last + 1].Start))
            {
                last++;
            }

            // As much above as below: patch takes less on one side for the end of the file.
            int context = Context;
            while (IsMaskedWithin(masks, changes[first].Start - context, changes[first].Start) || IsMaskedWithin(masks, changes[last].End, changes[last].End + context))
            {
                context--;
            }

            int start = Math.Max(0, changes[first].Start - context);
            int end = Math.Min(old.Count, changes[last].End + context);
            int grown = changes.Skip(first).Take(last - first + 1).Sum(static change => change.Now.Count - (change.End - change.Start));
            yield return new Line(string.Create(
                CultureInfo.InvariantCulture, $"@@ -{Range(start, end - start)} +{Range(start + shift, end - start + grown)} @@"), "\n");
            int at = start, now = shift;
            foreach (Change change in changes.GetRange(first, last - first + 1))
            {
                foreach (Line line in Signed(' ', old, at, change.Start)
                    .Concat(Signed('-', old, change.Start, change.End, masks))
                    .Concat(Signed('+', change.Now, 0, change.Now.Count, newMasks, change.Start + now)))
                {
                    yield return line;
                }

                at = change.End;
                now += change.Now.Count - (change.End - change.Start);
            }

            foreach (Line line in Signed(' ', old, at, end))
            {
                yield return line;
            }

            shift += grown;
            first = last + 1;
        }
    }

    private static string Range(int start, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? start : start + 1)}{(count == 1 ? "" : $",{count}")}");

    private static bool IsMaskedWithin(IReadOnlyList<string?> masks, int from, int to)
    {
        for (int i = Math.Max(0, from); i < Math.Min(to, masks.Count); i++)
        {
            if (masks[i] is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<Line> Signed(char sign, IReadOnlyList<string> lines, int from, int to, IReadOnlyList<string?>? masks = null, int masksFrom = 0)
    {
        for (int i = from; i < to; i++)
        {
            string line = lines[i];
            string end = line.EndsWith("\r\n", StringComparison.Ordinal) ? "\r\n" : line.EndsWith('\n') ? "\n" : "\n\\ No newline at end of file\n";
            string? mask = masks?.Count > 0 ? masks[masksFrom + i] : null;
            yield return new Line(sign + (mask ?? line.TrimEnd('\n').TrimEnd(end == "\r\n" ? '\r' : '\n')), end, mask is not null);
        }
    }

    // Whole lines: an edit takes the lines that it touches, and edits that touch one line are one change. What a line keeps on both sides is cut.
    private static List<Change> Changes(string text, List<string> old, IReadOnlyList<TextEdit> edits)
    {
        var starts = new int[old.Count + 1];
        for (int i = 0; i < old.Count; i++)
        {
            starts[i + 1] = starts[i] + old[i].Length;
        }

        var changes = new List<Change>();
        for (int first = 0; first < edits.Count;)
        {
            int line = LineAt(starts, edits[first].Start);
            int end = LineAt(starts, Math.Max(edits[first].Start, edits[first].End - 1)) + 1;
            int last = first;
            while (last + 1 < edits.Count && LineAt(starts, edits[last + 1].Start) < end)
            {
                last++;
                end = Math.Max(end, LineAt(starts, Math.Max(edits[last].Start, edits[last].End - 1)) + 1);
            }

            int from = starts[line];
            string piece = text[from..starts[end]];
            List<string> now = Split(TextEdit.Apply(piece, edits.Skip(first).Take(last - first + 1).Select(edit => edit with { Start = edit.Start - from })));
            int head = 0;
            while (head < now.Count && head < end - line && now[head] == old[line + head])
            {
                head++;
            }

            int tail = 0;
            while (tail < now.Count - head && tail < end - line - head && now[^(tail + 1)] == old[end - tail - 1])
            {
                tail++;
            }

            changes.Add(new Change(line + head, end - tail, now.GetRange(head, now.Count - head - tail)));
            first = last + 1;
        }

        return changes;
    }

    private static int LineAt(int[] starts, int place)
    {
        int found = Array.BinarySearch(starts, place);
        int line = found >= 0 ? found : ~found - 1;
        return Math.Clamp(line, 0, Math.Max(0, starts.Length - 2));
    }

    private static List<string> Split(string text)
    {
        var lines = new List<string>();
        for (int at = 0; at < text.Length;)
        {
            int end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[at..end]);
            at = end;
        }

        return lines;
    }
}
