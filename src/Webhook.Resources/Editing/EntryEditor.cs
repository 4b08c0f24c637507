using Webhook.Resources.Yaml;
using YamlDotNet.Core;

namespace Webhook.Resources.Editing;

/// <summary>
/// Writes one entry of a map where the map stands in the text, in the style of what is around it. Each answers why that cannot be done, as a
/// clause, or null.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="isJson">Whether it is JSON, and not YAML.</param>
/// <param name="edits">Where the edits go.</param>
internal sealed class EntryEditor(string text, bool isJson, List<TextEdit> edits)
{
    /// <summary>Puts another value, as JSON text, in the place of an entry's.</summary>
    public string? Replace(KeyValuePair<YamlNode, YamlNode> entry, string value)
    {
        switch (entry.Value)
        {
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: "" }:
                int colon = text.IndexOf(':', entry.Key.End);
                edits.Add(new TextEdit(colon + 1, 0, $" {value}"));
                return null;
            case YamlScalarNode { Style: not (ScalarStyle.Literal or ScalarStyle.Folded) } scalar:
                edits.Add(new TextEdit(scalar.Offset, scalar.End - scalar.Offset, value));
                return null;
            default:
                return DocumentEditor.NotInPlace;
        }
    }

    /// <summary>Adds an entry that is not there, its value as JSON text.</summary>
    public string? Insert(YamlMappingNode map, string name, string value)
    {
        edits.Add(map.IsFlow ? InsertInFlow(map, name, value) : InsertLine(map, $"{name}: {value}"));
        return null;
    }

    /// <summary>Takes an entry away.</summary>
    public string? Remove(YamlMappingNode map, int entry)
    {
        (YamlNode key, YamlNode value) = map.Entries[entry];
        bool isLast = entry == map.Entries.Count - 1;
        if (value is not YamlScalarNode { Style: not (ScalarStyle.Literal or ScalarStyle.Folded) })
        {
            return DocumentEditor.NotInPlace;
        }

        int end = Math.Max(key.End, value.End);
        int lineStart = Lines.StartOf(text, key.Offset);
        if (map.IsFlow)
        {
            int from = entry > 0 ? map.Entries[entry - 1].Value.End : key.Offset;
            edits.Add(new TextEdit(from, (entry > 0 || isLast ? end : map.Entries[entry + 1].Key.Offset) - from, ""));
        }
        else if (text.AsSpan(lineStart, key.Offset - lineStart).Trim(' ').IsEmpty && map.Entries.Count > 1)
        {
            edits.Add(new TextEdit(lineStart, Lines.NextStart(text, end) - lineStart, ""));
        }
        else if (!isLast)
        {
            edits.Add(new TextEdit(key.Offset, map.Entries[entry + 1].Key.Offset - key.Offset, ""));
        }
        else
        {
            return "nothing would be left of its map";
        }

        return null;
    }

    // Behind the last entry, written as the entries before it are: quotes, colon, comma, and whether each stands on a line of its own.
    private TextEdit InsertInFlow(YamlMappingNode map, string name, string value)
    {
        if (map.Entries.Count == 0)
        {
            return new TextEdit(map.End - 1, 0, isJson ? $"\"{name}\": {value}" : $"{name}: {value}");
        }

        (YamlNode key, YamlNode last) = map.Entries[^1];
        char quote = text[key.Offset];
        string word = quote is '"' or '\'' ? $"{quote}{name}{quote}" : name;
        ReadOnlySpan<char> colon = last.Offset > key.End ? text.AsSpan(key.End, last.Offset - key.End) : ": ";
        ReadOnlySpan<char> comma = map.Entries.Count > 1
            ? text.AsSpan(map.Entries[^2].Value.End, key.Offset - map.Entries[^2].Value.End)
            : $",{text.AsSpan(map.Offset + 1, key.Offset - map.Offset - 1)}";
        bool isPlain = colon.Trim(" \t\r\n") is ":" && comma.Trim(" \t\r\n") is ",";
        string between = !isPlain ? ", " : comma.Length == 1 && map.Entries.Count == 1 && colon.Length > 1 ? ", " : comma.ToString();
        return new TextEdit(last.End, 0, $"{between}{word}{(isPlain && !colon.Contains('\n') ? colon : ": ")}{value}");
    }

    // On a line of its own, behind the entries at the top that are short: name, type, state.
    private TextEdit InsertLine(YamlMappingNode map, string line)
    {
        int first = map.Entries[0].Key.Offset;
        string indent = new(' ', first - Lines.StartOf(text, first));
        YamlNode? above = LastOf(map, static value => value is YamlScalarNode or YamlAliasNode)
            ?? LastOf(map, static value => value is not (YamlMappingNode { IsFlow: false } or YamlSequenceNode { IsFlow: false }));
        if (above is null)
        {
            return new TextEdit(first, 0, $"{line}{Lines.EndingAt(text, first)}{indent}");
        }

        int end = Lines.ContentEnd(text, Math.Max(above.Offset, above.End - 1));
        return new TextEdit(end, 0, $"{Lines.EndingAt(text, end)}{indent}{line}");
    }

    // The end of the last of the entries at the top that take one line each and pass.
    private YamlNode? LastOf(YamlMappingNode map, Func<YamlNode, bool> passes)
    {
        YamlNode? last = null;
        foreach ((YamlNode key, YamlNode value) in map.Entries)
        {
            if (!passes(value) || value is YamlScalarNode { Style: ScalarStyle.Literal or ScalarStyle.Folded }
                || Lines.StartOf(text, key.Offset) != Lines.StartOf(text, Math.Max(key.End, value.End - 1)))
            {
                break;
            }

            last = value is YamlScalarNode { Style: ScalarStyle.Plain, Value: "" } ? key : value;
        }

        return last;
    }
}
