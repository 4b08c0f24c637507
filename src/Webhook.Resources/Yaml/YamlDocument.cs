using Webhook.Resources.Json;
using YamlDotNet.Core;

namespace Webhook.Resources.Yaml;

/// <summary>A YAML document that was read: its value, and where each field stands.</summary>
public sealed class YamlDocument
{
    private readonly string _text;
    private YamlNode? _root;

    internal YamlDocument(string text, YamlNode? root, Field value)
    {
        _text = text;
        _root = root;
        Value = value;
    }

    /// <summary>A document whose places are looked for only when asked.</summary>
    internal YamlDocument(string text, Field value)
    {
        _text = text;
        Value = value;
    }

    /// <summary>The document as JSON, at the root.</summary>
    public Field Value { get; }

    /// <summary>The position of the value at <paramref name="path"/> in the text, or of the nearest step above it that exists.</summary>
    public Position Locate(FieldPath path)
    {
        if ((_root ??= YamlText.Nodes(_text)) is not YamlNode at)
        {
            return new Position(1, 1);
        }

        Position found = at.Start;
        IReadOnlyList<FieldPath> steps = path.Steps();
        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i].IsDocument)
            {
                return at is YamlScalarNode scalar ? Inside(scalar, steps.Skip(i + 1)) : found;
            }

            YamlNode? next = steps[i].Name is string name ? Property(at, name) : Item(at, steps[i].Index);
            if (next is null)
            {
                return found;
            }

            found = next.Start;
            at = YamlText.Resolve(next);
        }

        return found;
    }

    private static YamlNode? Item(YamlNode at, int index) =>
        at is YamlSequenceNode sequence && index >= 0 && index < sequence.Items.Count ? sequence.Items[index] : null;

    private static YamlNode? Property(YamlNode at, string name)
    {
        if (at is not YamlMappingNode mapping)
        {
            return null;
        }

        YamlNode? found = null;
        foreach ((YamlNode key, YamlNode value) in mapping.Entries)
        {
            if (YamlText.Resolve(key) is YamlScalarNode scalar && scalar.Value == name)
            {
                found = value;
            }
        }

        return found ?? mapping.Entries
            .Where(static entry => YamlText.IsMerge(entry.Key))
            .SelectMany(static entry => YamlText.Merged(entry.Value))
            .Select(merged => Property(merged, name))
            .FirstOrDefault(static value => value is not null);
    }

    // Lines of a literal block are the lines of its text, moved right by the block's indentation. The text of the other styles is
    // folded or escaped, so a place in it has no simple place in the file: there the string itself is the answer.
    private Position Inside(YamlScalarNode scalar, IEnumerable<FieldPath> steps)
    {
        if (scalar.Style != ScalarStyle.Literal)
        {
            return scalar.Start;
        }

        Position inner = EmbeddedText.Locate(scalar.Value, steps);
        int header = _text.IndexOf('\n', scalar.Offset);
        if (header >= 0)
        {
            foreach (ReadOnlySpan<char> line in _text.AsSpan(header + 1).EnumerateLines())
            {
                if (!line.IsWhiteSpace())
                {
                    return new Position(scalar.Start.Line + inner.Line, line.Length - line.TrimStart(' ').Length + inner.Column);
                }
            }
        }

        return scalar.Start;
    }
}
