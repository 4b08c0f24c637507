using Webhook.Resources.Editing;

namespace Webhook.Resources.Manifests;

/// <summary>Makes changes of objects in the text of the file that they were read from.</summary>
public static class ManifestEditor
{
    /// <summary>The edits of the file's text, in order.</summary>
    /// <param name="changes">Objects of one file and the changes of each.</param>
    /// <param name="refused">The objects that cannot be changed in place, and why; the file then keeps them as they are.</param>
    public static IReadOnlyList<TextEdit> Edits(
        IReadOnlyList<(Manifest Manifest, IReadOnlyList<FieldChange> Changes)> changes, out IReadOnlyList<(Manifest Manifest, string Why)> refused)
    {
        var edits = new List<TextEdit>();
        var left = new List<(Manifest, string)>();
        foreach (var document in changes.GroupBy(static change => change.Manifest.Document!))
        {
            edits.AddRange(InDocument(document.Key, [.. document], left).OrderBy(static edit => edit.Start));
        }

        refused = left;
        return edits;
    }

    // All changes of a document together: what an anchor shares may be right only if all who share it change alike.
    private static IEnumerable<TextEdit> InDocument(
        ManifestDocument document, List<(Manifest Manifest, IReadOnlyList<FieldChange> Changes)> changes, List<(Manifest, string)> refused)
    {
        IReadOnlyList<TextEdit>? edits = Edits(document, changes);
        if (edits is null)
        {
            var possible = new List<(Manifest, IReadOnlyList<FieldChange>)>();
            foreach ((Manifest manifest, IReadOnlyList<FieldChange> own) in changes)
            {
                if (DocumentEditor.Edits(document.Text, InDocument(manifest, own), out string? problem) is not null
                    && Edits(document, [.. possible, (manifest, own)]) is { } more)
                {
                    possible.Add((manifest, own));
                    edits = more;
                }
                else
                {
                    refused.Add((manifest, problem ?? DocumentEditor.NotInPlace));
                }
            }
        }

        return (edits ?? []).Select(edit => edit with { Start = edit.Start + document.Offset });
    }

    private static IReadOnlyList<TextEdit>? Edits(ManifestDocument document, IEnumerable<(Manifest Manifest, IReadOnlyList<FieldChange> Changes)> changes) =>
        DocumentEditor.Edits(document.Text, [.. changes.SelectMany(static change => InDocument(change.Manifest, change.Changes))], out _);

    private static FieldChange[] InDocument(Manifest manifest, IReadOnlyList<FieldChange> changes) =>
        [.. changes.Select(change => change with { Path = ManifestReader.Join(manifest.Prefix, change.Path.Steps()) })];
}
