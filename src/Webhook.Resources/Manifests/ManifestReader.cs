using Webhook.Resources.Json;
using Webhook.Resources.Yaml;

namespace Webhook.Resources.Manifests;

/// <summary>
/// Reads the text of a manifest file as kubectl does: JSON or YAML, several YAML documents separated by <c>---</c>, Lists taken apart. A
/// document that cannot be read costs itself only.
/// </summary>
public static class ManifestReader
{
    /// <summary>The objects of a text in order; empty documents are left out.</summary>
    public static IEnumerable<Manifest> Read(string text)
    {
        if (text.AsSpan().TrimStart('\uFEFF').TrimStart() is ['{', ..] && JsonText.TryParse(text.TrimStart('\uFEFF'), FieldPath.Root, out Field root, out _))
        {
            string json = text.TrimStart('\uFEFF');
            return Objects(root, root.Locate, new ManifestDocument(json, text.Length - json.Length), FieldPath.Root);
        }

        // What begins like JSON and is none is read as YAML too: flow style is YAML, and so are JSON documents between separators.
        return Documents(text).SelectMany(static document => ReadDocument(document.Document, document.FirstLine));
    }

    private static IEnumerable<Manifest> ReadDocument(ManifestDocument source, int firstLine)
    {
        if (!YamlText.TryParse(source.Text, out YamlDocument? document, out DocumentError? error))
        {
            return [new Manifest(error! with { Position = Shift(error.Position, firstLine) })];
        }

        return document!.Value.Kind == FieldKind.Null
            ? []
            : Objects(document.Value, steps => Shift(document.Locate(Join(FieldPath.Root, steps)), firstLine), source, FieldPath.Root);
    }

    private static IEnumerable<Manifest> Objects(
        Field root, Func<IReadOnlyList<FieldPath>, Position> locate, ManifestDocument document, FieldPath prefix)
    {
        if (root["kind"].Text?.EndsWith("List", StringComparison.Ordinal) != true || !root["items"].IsList)
        {
            yield return new Manifest(root, path => locate([.. prefix.Steps(), .. path.Steps()]), document, prefix);
            yield break;
        }

        int index = 0;
        foreach (Field item in root["items"].Items())
        {
            foreach (Manifest manifest in Objects(item.At(FieldPath.Root), locate, document, prefix.Property("items").Item(index++)))
            {
                yield return manifest;
            }
        }
    }

    /// <summary>The path that goes on from another by steps.</summary>
    internal static FieldPath Join(FieldPath start, IReadOnlyList<FieldPath> steps) =>
        steps.Aggregate(start, static (at, step) =>
            step.IsDocument ? at.Document() : step.Name is string name ? at.Property(name) : at.Item(step.Index));

    private static Position Shift(Position position, int firstLine) => position with { Line = position.Line + firstLine - 1 };

    // Cut before parsing, as kubectl does, so that one broken document leaves the others readable.
    private static IEnumerable<(ManifestDocument Document, int FirstLine)> Documents(string text)
    {
        int start = 0, startLine = 1, line = 1;
        for (int at = 0; at < text.Length; line++)
        {
            int end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            if (IsSeparator(text.AsSpan(at, end - at)))
            {
                yield return (new ManifestDocument(text[start..at], start), startLine);
                start = end;
                startLine = line + 1;
            }

            at = end;
        }

        yield return (new ManifestDocument(text[start..], start), startLine);
    }

    private static bool IsSeparator(ReadOnlySpan<char> line) =>
        line.StartsWith("---") && (line[3..].TrimStart() is [] or ['#', ..]);
}
