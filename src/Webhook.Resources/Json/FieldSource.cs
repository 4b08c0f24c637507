using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Webhook.Resources.Json;

/// <summary>
/// One JSON text, read once into a flat list of its values in document order, each with the place where the next one beside it stands: a
/// question about a field looks at the names beside it and at nothing below them. The path of a value is worked out only when it is asked
/// for, which is when there is something to tell about it.
/// </summary>
internal sealed class FieldSource
{
    // The way to a value that is not worth keeping.
    private const int FewSteps = 32;

    // \u0061
    private const int MaxBytesOfLetter = 6;

    private const int KeptNames = 512, LongestKeptName = 32; // The first a power of two.

    private static readonly string?[] Names = new string?[KeptNames];

    private readonly byte[] _text;
    private readonly FieldNode[] _nodes;
    private readonly int _root;
    private readonly FieldPath _path;

    // How far the way to a value led along a long list or map: those after it begin there, so that a path for each of many costs no more than one.
    private Place? _reached;

    // The first list on the last way: what is told about an object is mostly about items of one list.
    private ListPath? _list;

    // Where each line of the text begins, once somebody asks for a place in it.
    private int[]? _lines;

    private FieldSource(byte[] text, FieldNode[] nodes, int root, FieldPath path)
    {
        _text = text;
        _nodes = nodes;
        _root = root;
        _path = path;
    }

    /// <summary>Reads exactly one value, which stands at <paramref name="path"/>.</summary>
    /// <param name="json">The text in UTF-8. It is kept, not copied: it must stay as it is while fields of it are read.</param>
    /// <param name="maxDepth">The deepest nesting that is read.</param>
    /// <param name="path">The path of the value.</param>
    /// <param name="isLent">Whether <see cref="Return"/> will be called.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static Field Parse(ReadOnlyMemory<byte> json, int maxDepth, FieldPath path, bool isLent = false)
    {
        if (!MemoryMarshal.TryGetArray(json, out ArraySegment<byte> text))
        {
            text = json.ToArray();
        }

        var nodes = new FieldNodes(text.Offset);
        bool isKept = false;
        try
        {
            if (!JsonScanner.TryRead(text, maxDepth, ref nodes))
            {
                nodes.Clear();
                Read(text, maxDepth, ref nodes);
            }

            isKept = isLent;
            return new Field(new FieldSource(text.Array!, isLent ? nodes.Room : nodes.ToArray(), 0, path), 0);
        }
        finally
        {
            if (!isKept)
            {
                FieldNodes.Return(nodes.Room);
            }
        }
    }

    /// <summary>Gives back what a text that was read as lent has taken. No field of it may be asked anything any more.</summary>
    public void Return() => FieldNodes.Return(_nodes);

    /// <summary>A text whose values are listed already, at the root.</summary>
    public static Field Of(byte[] text, in FieldNodes nodes) => new(new FieldSource(text, nodes.ToArray(), 0, FieldPath.Root), 0);

    /// <summary>The same value with another path.</summary>
    public FieldSource At(int node, FieldPath path) => new(_text, _nodes, node, path);

    /// <summary>What a value is.</summary>
    public FieldKind KindOf(int node) => _nodes[node].Kind;

    /// <summary>How many items or properties a value has.</summary>
    public int CountOf(int node) => _nodes[node].Count;

    /// <summary>The value after this one in its list, or the name after it in its map; also where there is none.</summary>
    public int Next(int node) => _nodes[node].Next;

    /// <summary>The text of a value: of a string without its quotes, escapes as written.</summary>
    public ReadOnlySpan<byte> TextOf(int node)
    {
        ref readonly FieldNode at = ref _nodes[node];
        return _text.AsSpan(at.Start, at.Length);
    }

    /// <summary>The JSON of a value.</summary>
    public ReadOnlySpan<byte> JsonOf(int node)
    {
        ref readonly FieldNode at = ref _nodes[node];
        return at.Kind == FieldKind.String ? _text.AsSpan(at.Start - 1, at.Length + 2) : _text.AsSpan(at.Start, at.Length);
    }

    /// <summary>Whether a string or a name is written with escapes.</summary>
    public bool IsEscaped(int node) => _nodes[node].IsEscaped;

    /// <summary>A string or a name.</summary>
    public string StringOf(int node)
    {
        ref readonly FieldNode at = ref _nodes[node];
        if (!at.IsEscaped)
        {
            return Encoding.UTF8.GetString(_text, at.Start, at.Length);
        }

        return JsonEscapes.Undo(_text.AsSpan(at.Start, at.Length));
    }

    /// <summary>A number that is whole and within 64 bits.</summary>
    public long? IntegerOf(int node) =>
        Utf8Parser.TryParse(TextOf(node), out long value, out int length) && length == _nodes[node].Length ? value : null;

    /// <summary>The value of the last property of that name, or -1.</summary>
    public int Find(int map, string name)
    {
        FieldNode[] nodes = _nodes;
        uint mark = FieldNode.MarkOf(name);
        int end = nodes[map].Next, found = -1;
        for (int at = map + 1; at < end;)
        {
            ref readonly FieldNode node = ref nodes[at];
            if (node.MayBe(mark, name.Length) && Ascii.Equals(_text.AsSpan(node.Start, name.Length), name))
            {
                found = at + 1;
            }

            at = node.Next;
        }

        return nodes[map].IsEscaped || (found < 0 && !Ascii.IsValid(name)) ? FindSpelledDifferently(map, name) : found;
    }

    /// <summary>Whether a string or a name is that text.</summary>
    public bool Is(int node, string text)
    {
        ref readonly FieldNode at = ref _nodes[node];
        return at.Length == text.Length && !at.IsEscaped && Ascii.Equals(_text.AsSpan(at.Start, at.Length), text)
            || at.Length >= text.Length && at.Length <= MaxBytesOfLetter * text.Length && (at.IsEscaped || !Ascii.IsValid(text)) && StringOf(node) == text;
    }

    /// <summary>The name of a value in its map; null where it is in none.</summary>
    public string? NameOf(int node) =>
        node == _root ? _path.Name
        : node > 0 && _nodes[node - 1].Kind == FieldKind.Absent ? NameAt(node - 1)
        : null;

    /// <summary>Where a value stands.</summary>
    public FieldPath PathOf(int node)
    {
        ListPath? list = _list;
        list = list is not null && list.Node <= node && node < _nodes[list.Node].Next ? list : null;
        FieldPath path = list?.Path ?? _path;
        for (int above = list?.Node ?? _root; above != node;)
        {
            int isMap = _nodes[above].Kind == FieldKind.Map ? 1 : 0;
            if (isMap == 0 && list is null)
            {
                _list = list = new ListPath(above, path);
            }

            int index = 0, at = above + 1 + isMap, steps = 0;
            if (_reached is Place place && place.Above == above && place.At <= node)
            {
                (at, index) = (place.At, place.Index);
            }

            for (; _nodes[at].Next <= node; steps++, index++)
            {
                at = _nodes[at].Next + isMap;
            }

            if (steps > FewSteps)
            {
                _reached = new Place(above, at, index);
            }

            path = isMap == 1 ? path.Property(NameAt(at - 1)) : path.Item(index);
            above = at;
        }

        return path;
    }

    /// <summary>The line and column of a value in the text.</summary>
    public Position PositionOf(int node)
    {
        ref readonly FieldNode at = ref _nodes[node];
        int offset = at.Kind == FieldKind.String ? at.Start - 1 : at.Start;
        int[] lines = _lines ??= LineStarts(_text);
        int line = Array.BinarySearch(lines, offset);
        line = line < 0 ? ~line - 1 : line;
        return new Position(line + 1, Encoding.UTF8.GetCharCount(_text, lines[line], offset - lines[line]) + 1);
    }

    private static int[] LineStarts(ReadOnlySpan<byte> text)
    {
        int[] starts = new int[text.Count((byte)'\n') + 1];
        for (int line = 1; line < starts.Length; line++)
        {
            starts[line] = starts[line - 1] + text[starts[line - 1]..].IndexOf((byte)'\n') + 1;
        }

        return starts;
    }

    private sealed record Place(int Above, int At, int Index);

    private sealed record ListPath(int Node, FieldPath Path);

    // Objects of the API are made of the same few names, and the path of each finding is made of those.
    private string NameAt(int node)
    {
        ReadOnlySpan<byte> text = TextOf(node);
        if (text.Length is 0 or > LongestKeptName || IsEscaped(node))
        {
            return StringOf(node);
        }

        ref string? kept = ref Names[(text.Length + (31 * text[0]) + (7 * text[text.Length / 2]) + (3 * text[^1])) & (KeptNames - 1)];
        string? name = kept;
        return name is not null && Ascii.Equals(text, name) ? name : kept = StringOf(node);
    }

    /// <summary>Lists the values of a text as the library reads it.</summary>
    internal static void Read(ReadOnlySpan<byte> text, int maxDepth, ref FieldNodes nodes)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = maxDepth });
        while (reader.Read())
        {
            int start = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    nodes.Open(FieldKind.Map, start);
                    break;
                case JsonTokenType.StartArray:
                    nodes.Open(FieldKind.List, start);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    nodes.Close(start);
                    break;
                case JsonTokenType.PropertyName:
                    nodes.AddName(start + 1, reader.ValueSpan, reader.ValueIsEscaped);
                    break;
                case JsonTokenType.String:
                    nodes.AddValue(FieldKind.String, start + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);
                    break;
                default:
                    nodes.AddValue(
                        reader.TokenType switch { JsonTokenType.Number => FieldKind.Number, JsonTokenType.Null => FieldKind.Null, _ => FieldKind.Boolean },
                        start, reader.ValueSpan.Length);
                    break;
            }
        }
    }

    // Escapes, and letters of more than one byte, which no name that is asked for often has.
    private int FindSpelledDifferently(int map, string name)
    {
        int found = -1;
        for (int at = map + 1; at < _nodes[map].Next; at = _nodes[at + 1].Next)
        {
            if (Is(at, name))
            {
                found = at + 1;
            }
        }

        return found;
    }
}
