using System.Buffers;
using Webhook.Resources.Json;

namespace Webhook.Resources.Yaml;

/// <summary>
/// Reads the plain YAML that people and tools write as network data, straight into JSON: block mappings and sequences, flow collections on
/// one line, plain scalars, quoted ones without escapes. It refuses everything else (anchors, tags, block scalars, text over several
/// lines, comments behind values, tabs), and then <see cref="YamlText"/> asks the library. Where it accepts, both agree: a test compares
/// them. It exists because the library took half of the time of a virtual machine's review (tests/Webhook.Benchmarks).
/// </summary>
internal ref struct SimpleYaml
{
    private const int MaxNesting = 32;

    // YAML takes no key of more than 1024 characters without a question mark (YAML 1.2.2, 7.4.2).
    private const int MaxKeyLength = 1000;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./");

    // Never special, wherever they stand in a plain scalar. A colon and a hyphen depend on their neighbours and are asked about apart.
    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./+= ()$^~;");

    // What no line has to be looked at for: a control character (tab, carriage return) and a comment behind a value are the library's business.
    private static readonly SearchValues<char> HarmlessCharacters =
        SearchValues.Create("\n !\"$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private readonly ReadOnlySpan<char> _text;
    private readonly bool _isHarmless;
    private readonly FieldWriter _writer;
    private int _next;
    private int _indent;
    private ReadOnlySpan<char> _line;
    private int _nesting;

    private SimpleYaml(ReadOnlySpan<char> text, FieldWriter writer)
    {
        _text = text;
        _isHarmless = !text.ContainsAnyExcept(HarmlessCharacters);
        _writer = writer;
        _indent = -1;
    }

    // Past the last line no line has an indentation.
    private readonly bool AtEnd => _indent < 0;

    /// <summary>Writes the document, or returns false and leaves something half-written that must be thrown away.</summary>
    public static bool TryWrite(ReadOnlySpan<char> text, FieldWriter writer)
    {
        var reader = new SimpleYaml(text, writer);
        return reader.ReadLine() && !reader.AtEnd && reader.Block(reader._indent) && reader.AtEnd;
    }

    private static bool IsItem(ReadOnlySpan<char> line) => line is ['-', ' ', ..];

    // Moves to the next line that says something. False: a line that is not simple.
    private bool ReadLine()
    {
        while (_next < _text.Length)
        {
            ReadOnlySpan<char> line = _text[_next..];
            int end = line.IndexOf('\n');
            line = end < 0 ? line : line[..end];
            _next += line.Length + 1;
            ReadOnlySpan<char> content = line.TrimStart(' ');
            _indent = line.Length - content.Length;
            _line = content.TrimEnd(' ');
            if (_line.Length > 0 && _line[0] != '#')
            {
                return _isHarmless || (!_line.Contains('#') && !_line.ContainsAnyExceptInRange(' ', '~'));
            }
        }

        _indent = -1;
        _line = default;
        return true;
    }

    private bool Block(int indent)
    {
        if (++_nesting > MaxNesting)
        {
            return false;
        }

        bool read = IsItem(_line) ? Sequence(indent) : Mapping(indent);
        _nesting--;
        return read;
    }

    private bool Mapping(int indent)
    {
        _writer.WriteStartObject();
        while (_indent == indent && !IsItem(_line))
        {
            int colon = _line.IndexOfAnyExcept(KeyCharacters);
            if (colon is <= 0 or > MaxKeyLength || _line[colon] != ':' || _line[0] is '-' or '.')
            {
                return false;
            }

            _writer.WritePropertyName(_line[..colon]);
            ReadOnlySpan<char> value = _line[(colon + 1)..];
            if (value.Length > 0 && value[0] != ' ')
            {
                return false;
            }

            if (!(value.Length == 0 ? Below(indent) : Inline(value.TrimStart(' ')) && ReadLine()))
            {
                return false;
            }
        }

        _writer.WriteEndObject();
        return _indent < indent || IsItem(_line);
    }

    // The value of a key that ends its line: what stands deeper, a sequence on the key's own column, or nothing.
    private bool Below(int indent)
    {
        if (!ReadLine())
        {
            return false;
        }

        if (_indent > indent || (_indent == indent && IsItem(_line)))
        {
            return Block(_indent);
        }

        _writer.WriteNullValue();
        return true;
    }

    private bool Sequence(int indent)
    {
        _writer.WriteStartArray();
        while (_indent == indent && IsItem(_line))
        {
            ReadOnlySpan<char> item = _line[1..].TrimStart(' ');
            int colon = item.IndexOfAnyExcept(KeyCharacters);
            if (colon > 0 && item[colon] == ':' && (colon + 1 == item.Length || item[colon + 1] == ' '))
            {
                // A mapping that begins behind the hyphen: its first key is a line of its own, further right.
                _indent += _line.Length - item.Length;
                _line = item;
                if (!Block(_indent))
                {
                    return false;
                }
            }
            else if (IsItem(item) || !Inline(item) || !ReadLine())
            {
                return false;
            }
        }

        _writer.WriteEndArray();
        return _indent < indent || (_indent == indent && !IsItem(_line));
    }

    private bool Inline(ReadOnlySpan<char> value)
    {
        if (value.Length == 0)
        {
            return false;
        }

        if (value[0] is '[' or '{')
        {
            return Flow(ref value) && value.Length == 0;
        }

        return value[0] is '"' or '\'' ? Quoted(ref value) && value.Length == 0 : Plain(value);
    }

    // Consumes a quoted scalar from the front, and the blanks behind it.
    private readonly bool Quoted(scoped ref ReadOnlySpan<char> rest)
    {
        if (!TakeQuoted(ref rest, out ReadOnlySpan<char> content))
        {
            return false;
        }

        _writer.WriteStringValue(content);
        return true;
    }

    private static bool TakeQuoted(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> content)
    {
        char quote = rest[0];
        int end = rest[1..].IndexOf(quote);
        content = end < 0 ? default : rest.Slice(1, end);
        if (end < 0 || content.Contains('\\') || (rest.Length > end + 2 && rest[end + 2] == quote))
        {
            return false;
        }

        rest = rest[(end + 2)..].TrimStart(' ');
        return true;
    }

    private readonly bool Plain(ReadOnlySpan<char> value)
    {
        if (!IsPlain(value))
        {
            return false;
        }

        YamlScalarResolver.WritePlain(_writer, value);
        return true;
    }

    private static bool IsPlain(ReadOnlySpan<char> value)
    {
        // It must begin with what begins nothing else in YAML; a colon or hyphen inside must be followed by more of the word.
        if (!char.IsAsciiLetterOrDigit(value[0]) && !(value[0] is '/' or '_' || (value[0] == '-' && value.Length > 1 && char.IsAsciiDigit(value[1]))))
        {
            return false;
        }

        for (int at = value.IndexOfAnyExcept(PlainCharacters); at >= 0;)
        {
            if (value[at] is not (':' or '-') || at + 1 == value.Length || value[at + 1] == ' ')
            {
                return false;
            }

            int more = value[(at + 1)..].IndexOfAnyExcept(PlainCharacters);
            at = more < 0 ? -1 : at + 1 + more;
        }

        return true;
    }

    private bool Flow(scoped ref ReadOnlySpan<char> rest)
    {
        if (++_nesting > MaxNesting)
        {
            return false;
        }

        bool map = rest[0] == '{';
        char close = map ? '}' : ']';
        if (map)
        {
            _writer.WriteStartObject();
        }
        else
        {
            _writer.WriteStartArray();
        }

        rest = rest[1..].TrimStart(' ');
        while (rest.Length > 0 && rest[0] != close)
        {
            if ((map && !FlowKey(ref rest)) || !FlowValue(ref rest))
            {
                return false;
            }

            if (rest is [',', ..])
            {
                rest = rest[1..].TrimStart(' ');
            }
            else if (rest.Length == 0 || rest[0] != close)
            {
                return false;
            }
        }

        if (rest.Length == 0)
        {
            return false;
        }

        rest = rest[1..].TrimStart(' ');
        if (map)
        {
            _writer.WriteEndObject();
        }
        else
        {
            _writer.WriteEndArray();
        }

        _nesting--;
        return true;
    }

    private readonly bool FlowKey(scoped ref ReadOnlySpan<char> rest)
    {
        int colon = rest.IndexOfAnyExcept(KeyCharacters);
        if (colon is <= 0 or > MaxKeyLength || rest[0] is '-' or '.' || colon + 1 >= rest.Length || rest[colon] != ':' || rest[colon + 1] != ' ')
        {
            return false;
        }

        _writer.WritePropertyName(rest[..colon]);
        rest = rest[(colon + 1)..].TrimStart(' ');
        return true;
    }

    private bool FlowValue(scoped ref ReadOnlySpan<char> rest)
    {
        switch (rest)
        {
            case []:
                return false;
            case ['[' or '{', ..]:
                return Flow(ref rest);
            case ['"' or '\'', ..]:
                return Quoted(ref rest) && rest is [',' or ']' or '}', ..];
        }

        int end = rest.IndexOfAny(",[]{}");
        if (end <= 0 || !Plain(rest[..end].TrimEnd(' ')))
        {
            return false;
        }

        rest = rest[end..];
        return true;
    }
}
