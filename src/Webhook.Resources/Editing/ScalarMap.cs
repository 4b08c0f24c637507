using System.Text;
using Webhook.Resources.Yaml;
using YamlDotNet.Core;

namespace Webhook.Resources.Editing;

/// <summary>
/// Where each character of a scalar's value stands in the text, whichever style the scalar is written in, so that a document inside it can be
/// edited in place. It reads the style anew and is only given out where that comes to the value that the parser found.
/// </summary>
internal sealed class ScalarMap
{
    private readonly string _text;
    private readonly StringBuilder _value = new();
    private readonly List<int> _places = [];
    private readonly ScalarStyle _style;
    private int _indent;
    private int _end;

    private ScalarMap(string text, ScalarStyle style)
    {
        _text = text;
        _style = style;
    }

    /// <summary>The map of a scalar, or null where its place cannot be told.</summary>
    public static ScalarMap? Of(string text, YamlScalarNode scalar)
    {
        int start = SkipProperties(text, scalar.Offset);
        var map = new ScalarMap(text, scalar.Style);
        switch (scalar.Style)
        {
            case ScalarStyle.Literal or ScalarStyle.Folded:
                map.ReadBlock(start, scalar.End);
                break;
            case ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted:
                map.ReadFlow(start + 1, scalar.End - 1);
                break;
            default:
                map.ReadFlow(start, scalar.End);
                break;
        }

        if (map._value.Length < scalar.Value.Length || !map._value.ToString(0, scalar.Value.Length).Equals(scalar.Value, StringComparison.Ordinal))
        {
            return null;
        }

        map._places.Add(map._end);
        return map;
    }

    /// <summary>The edit of the text that makes an edit of the value, or null where the style cannot hold it.</summary>
    public TextEdit? Outer(TextEdit inner)
    {
        int start = _places[inner.Start];
        string? written = Written(inner.Text, start);
        return written is null ? null : new TextEdit(start, _places[inner.End] - start, written);
    }

    private static int SkipProperties(string text, int at)
    {
        while (at < text.Length && text[at] is '&' or '!')
        {
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }
        }

        return at;
    }

    private string? Written(string text, int place) => _style switch
    {
        ScalarStyle.Literal or ScalarStyle.Folded =>
            text.Replace("\n", Lines.EndingAt(_text, place) + new string(' ', _indent), StringComparison.Ordinal),
        ScalarStyle.DoubleQuoted => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal),
        _ when text.Contains('\n', StringComparison.Ordinal) => null,
        ScalarStyle.SingleQuoted => text.Replace("'", "''", StringComparison.Ordinal),
        _ => text,
    };

    private void Add(char character, int place)
    {
        _value.Append(character);
        _places.Add(place);
    }

    private void ReadBlock(int start, int end)
    {
        var lines = new List<(int Start, int End)>();
        for (int at = Lines.NextStart(_text, start); at < end || (at == end && at < _text.Length && lines.Count == 0);)
        {
            int next = Lines.NextStart(_text, at);
            lines.Add((at, Lines.ContentEnd(_text, at)));
            at = next;
            if (next >= _text.Length)
            {
                break;
            }
        }

        foreach ((int from, int to) in lines)
        {
            int spaces = _text.AsSpan(from, to - from).IndexOfAnyExcept(' ');
            if (spaces >= 0)
            {
                _indent = spaces;
                break;
            }
        }

        // An indentation indicator says less than what the first line has: the rest belongs to the text.
        ReadOnlySpan<char> header = _text.AsSpan(start, Math.Max(0, Lines.ContentEnd(_text, start) - start));
        if (header.IndexOfAnyInRange('1', '9') is 1 or 2)
        {
            int digit = header[1] is >= '1' and <= '9' ? header[1] - '0' : header[2] - '0';
            _indent = IndentOf(start) + digit;
        }

        bool folds = _style == ScalarStyle.Folded;
        int blank = 0;
        bool? wasMore = null;
        int breakAt = start;
        foreach ((int from, int to) in lines)
        {
            int content = Math.Min(from + _indent, to);
            bool isBlank = content == to;
            bool isMore = !isBlank && _text[content] is ' ' or '\t';
            if (!folds)
            {
                AddContent(content, to);
                Add('\n', to);
            }
            else if (isBlank)
            {
                blank++;
            }
            else
            {
                if (wasMore is bool more)
                {
                    bool keeps = more || isMore;
                    for (int i = 0; i < (keeps ? blank + 1 : Math.Max(1, blank)); i++)
                    {
                        Add(keeps || blank > 0 ? '\n' : ' ', breakAt);
                    }
                }

                AddContent(content, to);
                wasMore = isMore;
                blank = 0;
                breakAt = to;
            }
        }

        if (folds && wasMore is not null)
        {
            Add('\n', breakAt);
        }

        _end = lines.Count > 0 ? lines[^1].End : end;
    }

    private int IndentOf(int place)
    {
        int line = Lines.StartOf(_text, place);
        int indent = _text.AsSpan(line).IndexOfAnyExcept(' ');
        while (_text.AsSpan(line + indent) is ['-', ' ', ..])
        {
            indent += 2;
        }

        return indent;
    }

    private void AddContent(int from, int to)
    {
        for (int at = from; at < to; at++)
        {
            Add(_text[at], at);
        }
    }

    // Quoted and plain scalars: a line break with the blanks around it is one blank, of several one stands for the first.
    private void ReadFlow(int from, int to)
    {
        int at = from;
        while (at < to)
        {
            if (_text[at] is ' ' or '\t' or '\r' or '\n' && BlankRun(at, to) is (int end, int breaks) && breaks > 0)
            {
                for (int i = 0; i < Math.Max(1, breaks - 1); i++)
                {
                    Add(breaks == 1 ? ' ' : '\n', at);
                }

                at = end;
            }
            else if (_style == ScalarStyle.DoubleQuoted && _text[at] == '\\' && at + 1 < to)
            {
                at = ReadEscape(at, to);
            }
            else
            {
                Add(_text[at], at);
                at += _style == ScalarStyle.SingleQuoted && _text[at] == '\'' ? 2 : 1;
            }
        }

        _end = to;
    }

    private (int End, int Breaks) BlankRun(int at, int to)
    {
        int breaks = 0;
        while (at < to && _text[at] is ' ' or '\t' or '\r' or '\n')
        {
            breaks += _text[at] == '\n' ? 1 : 0;
            at++;
        }

        return (at, breaks);
    }

    private int ReadEscape(int at, int to)
    {
        char kind = _text[at + 1];
        int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (at + 2 + digits <= to && uint.TryParse(
                _text.AsSpan(at + 2, digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out uint code) && code <= 0x10FFFF)
            {
                foreach (char part in code > 0xFFFF ? char.ConvertFromUtf32((int)code) : ((char)code).ToString())
                {
                    Add(part, at);
                }
            }

            return at + 2 + digits;
        }

        if (kind is '\r' or '\n')
        {
            return BlankRun(at + 1, to).End;
        }

        Add(kind switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', '0' => '\0', 'a' => '\a', 'v' => '\v', 'e' => '\e', _ => kind }, at);
        return at + 2;
    }
}
