using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Webhook.Resources.Json;
using Webhook.Resources.Yaml;
using YamlDotNet.Core;

namespace Webhook.Resources.Editing;

/// <summary>
/// Makes changes of fields in the text that they were read from, JSON or YAML, and touches nothing else: comments, order, quoting, anchors,
/// blanks and line endings stay. A document inside a string is edited inside the string. The result is read again before it is given out, and
/// counts only if it is the old value with the changes made and not one more.
/// </summary>
public sealed class DocumentEditor
{
    /// <summary>What is said of a style that an edit cannot keep.</summary>
    internal const string NotInPlace = "it is written in a way that is not edited in place";

    private readonly string _text;
    private readonly YamlNode _root;
    private readonly JsonNode? _expected;
    private readonly List<TextEdit> _edits = [];
    private readonly EntryEditor _entries;

    private DocumentEditor(string text, bool isJson, YamlNode root, JsonNode? expected)
    {
        _text = text;
        _entries = new EntryEditor(text, isJson, _edits);
        _root = root;
        _expected = expected;
    }

    /// <summary>The edits that make the changes, in the order of the text, or null where they cannot be made in place.</summary>
    /// <param name="text">A document: JSON or YAML.</param>
    /// <param name="changes">The changes; paths begin at the root of the document.</param>
    /// <param name="problem">Why there are none, as a clause, or null.</param>
    public static IReadOnlyList<TextEdit>? Edits(string text, IReadOnlyList<FieldChange> changes, out string? problem) =>
        Edits(text, [.. changes.Select(static change => new Step(change.Path.Steps(), change.Value))], out problem);

    /// <summary>The object with the changes made, or null where they cannot be.</summary>
    /// <param name="root">The object.</param>
    /// <param name="changes">The changes; paths begin at the object.</param>
    public static Field? Apply(Field root, IReadOnlyList<FieldChange> changes)
    {
        string text = root.Json;
        return Edits(text, changes, out _) is { } edits ? Field.Parse(TextEdit.Apply(text, edits), root.Path) : null;
    }

    private static List<TextEdit>? Edits(string text, IReadOnlyList<Step> changes, out string? problem)
    {
        try
        {
            if (!TryRead(text, out bool isJson, out YamlNode? root, out Field value))
            {
                problem = "the text cannot be read";
                return null;
            }

            var editor = new DocumentEditor(text, isJson, root!, value.ToNode());
            problem = editor.Edit(changes) ?? editor.Verify();
            return problem is null ? editor._edits : null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or JsonException or FormatException or YamlException)
        {
            problem = NotInPlace;
            return null;
        }
    }

    private static bool TryRead(string text, out bool isJson, out YamlNode? root, out Field value)
    {
        root = null;
        value = default;
        isJson = text.AsSpan().TrimStart() is ['{' or '[', ..] && JsonText.TryParse(text, FieldPath.Root, out value, out _);
        if (isJson)
        {
            root = JsonTree.Read(text);
            return true;
        }

        if (YamlText.TryParse(text, out YamlDocument? document, out _))
        {
            root = YamlText.Nodes(text);
            value = document!.Value;
        }

        return root is not null;
    }

    private string? Edit(IReadOnlyList<Step> changes)
    {
        foreach (Step change in changes.Where(static change => change.Document < 0))
        {
            if (Edit(change) is string problem)
            {
                return problem;
            }
        }

        foreach (IGrouping<string, Step> inside in changes.Where(static change => change.Document >= 0).GroupBy(static change => change.Carrier))
        {
            if (EditInside([.. inside]) is string problem)
            {
                return problem;
            }
        }

        _edits.Sort(static (one, other) => one.Start.CompareTo(other.Start));
        for (int i = 1; i < _edits.Count; i++)
        {
            if (_edits[i].Start < _edits[i - 1].End)
            {
                return "two changes meet in one place";
            }
        }

        return null;
    }

    private string? Verify() =>
        TryRead(TextEdit.Apply(_text, _edits), out _, out _, out Field value)
        && JsonNode.DeepEquals(_expected, value.ToNode())
            ? null
            : NotInPlace;

    private string? Edit(Step change)
    {
        if (Find(change.Path, change.Path.Count - 1, out string? problem) is not YamlMappingNode map)
        {
            return problem ?? "the map that holds it is not there";
        }

        string name = change.Path[^1].Name ?? "";
        int entry = IndexOf(map, name);
        var holder = (JsonObject)Expected(change.Path, change.Path.Count - 1)!;
        if (change.Value is string value)
        {
            holder[name] = JsonNode.Parse(value);
            return entry >= 0 ? _entries.Replace(map.Entries[entry], value) : _entries.Insert(map, name, value);
        }

        holder.Remove(name);
        return entry >= 0 ? _entries.Remove(map, entry) : "it is not there";
    }

    private string? EditInside(IReadOnlyList<Step> changes)
    {
        IReadOnlyList<FieldPath> path = changes[0].Path;
        int length = changes[0].Document;
        if (Find(path, length, out string? problem) is not YamlScalarNode scalar || ScalarMap.Of(_text, scalar) is not ScalarMap map)
        {
            return problem ?? "its text is written in a way that is not edited in place";
        }

        Step[] inner = [.. changes.Select(change => new Step([.. change.Path.Skip(length + 1)], change.Value))];
        bool isEncoded = path[length - 1].Name == CloudInitNetworkData.Base64Key;
        string text = isEncoded ? Encoding.UTF8.GetString(Convert.FromBase64String(scalar.Value)) : scalar.Value;
        if (Edits(text, inner, out problem) is not { } edits)
        {
            return problem;
        }

        string result = TextEdit.Apply(text, edits);
        if (CloudInitNetworkData.IsTooLongForKubeVirt(path[length - 1].Name, text, result))
        {
            return "the network data would be longer than KubeVirt takes";
        }

        if (isEncoded)
        {
            edits = [Difference(scalar.Value, Convert.ToBase64String(Encoding.UTF8.GetBytes(result)))];
            result = TextEdit.Apply(scalar.Value, edits);
        }

        foreach (TextEdit edit in edits)
        {
            if (map.Outer(edit) is not TextEdit outer)
            {
                return "its text is written in a way that is not edited in place";
            }

            _edits.Add(outer);
        }

        ((JsonObject)Expected(path, length - 1)!)[path[length - 1].Name!] = result;
        return null;
    }

    // What differs, as one edit: a base64 text differs from the first changed byte to its end. Where it was broken into lines, one line follows.
    private static TextEdit Difference(string old, string now)
    {
        int same = old.AsSpan().CommonPrefixLength(now);
        return new TextEdit(same, old.AsSpan().TrimEnd().Length - same, now[same..]);
    }

    private JsonNode? Expected(IReadOnlyList<FieldPath> path, int length)
    {
        JsonNode? at = _expected;
        for (int i = 0; i < length; i++)
        {
            at = path[i].Name is string name ? at![name] : at![path[i].Index];
        }

        return at;
    }

    private YamlNode? Find(IReadOnlyList<FieldPath> path, int length, out string? problem)
    {
        problem = null;
        YamlNode at = _root;
        for (int i = 0; i < length; i++)
        {
            YamlNode? next = path[i].Name is string name
                ? at is YamlMappingNode map && IndexOf(map, name) is int entry and >= 0 ? map.Entries[entry].Value : null
                : at is YamlSequenceNode list && path[i].Index < list.Items.Count ? list.Items[path[i].Index] : null;
            if (next is null or YamlAliasNode)
            {
                problem = next is null ? null : "it stands behind an alias, which other places share";
                return null;
            }

            at = next;
        }

        return at;
    }

    // Of a repeated name the last counts.
    private static int IndexOf(YamlMappingNode map, string name) =>
        map.Entries.FindLastIndex(entry => YamlText.Resolve(entry.Key) is YamlScalarNode key && key.Value == name);

    private readonly record struct Step(IReadOnlyList<FieldPath> Path, string? Value)
    {
        /// <summary>The index of the step into a document inside a string, or -1.</summary>
        public int Document
        {
            get
            {
                for (int i = 0; i < Path.Count; i++)
                {
                    if (Path[i].IsDocument)
                    {
                        return i;
                    }
                }

                return -1;
            }
        }

        /// <summary>The string that holds the document, as text.</summary>
        public string Carrier => Path[Document].Parent!.ToString();
    }
}
