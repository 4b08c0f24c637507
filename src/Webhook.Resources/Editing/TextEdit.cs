using System.Text;

namespace Webhook.Resources.Editing;

/// <summary>A piece of a text that another takes the place of.</summary>
/// <param name="Start">Where the piece begins, an index of characters.</param>
/// <param name="Length">Its length; 0 to insert.</param>
/// <param name="Text">What stands there afterwards; empty to delete.</param>
public readonly record struct TextEdit(int Start, int Length, string Text)
{
    /// <summary>The index behind the piece.</summary>
    public int End => Start + Length;

    /// <summary>The text with all edits made. They must not overlap; those at one place are made in their order.</summary>
    public static string Apply(string text, IEnumerable<TextEdit> edits)
    {
        var result = new StringBuilder(text.Length + 64);
        int at = 0;
        foreach (TextEdit edit in edits.OrderBy(static edit => edit.Start))
        {
            result.Append(text, at, edit.Start - at).Append(edit.Text);
            at = edit.End;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }
}
