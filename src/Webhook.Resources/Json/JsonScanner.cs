using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Webhook.Resources.Json;

/// <summary>
/// Lists the values of a JSON text (RFC 8259) in one pass. It says whether a text is JSON and not why it is none: then the library is asked,
/// whose answer counts. A test compares both. It exists because the library took a third of the instructions of a review
/// (Decisions/0006-native-code.md).
/// </summary>
internal static class JsonScanner
{
    /// <summary>Lists the values, or returns false and leaves a part of them that must be thrown away.</summary>
    /// <param name="text">Exactly one value in UTF-8. As for the library, the bytes within strings need not be letters.</param>
    /// <param name="maxDepth">The deepest nesting that is read.</param>
    /// <param name="nodes">Takes the values.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, int maxDepth, ref FieldNodes nodes)
    {
        int at = SkipBlanks(text, 0);
        while (at < text.Length)
        {
            int start = at;
            byte first = text[at];
            if (first == (byte)'"')
            {
                (at, bool isEscaped) = EndOfString(text, start + 1);
                if (at < 0)
                {
                    return false;
                }

                nodes.AddValue(FieldKind.String, start + 1, at - start - 2, isEscaped);
            }
            else if (first is (byte)'{' or (byte)'[')
            {
                if (nodes.Depth == maxDepth)
                {
                    return false;
                }

                bool isMap = first == (byte)'{';
                nodes.Open(isMap ? FieldKind.Map : FieldKind.List, start);
                at = SkipBlanks(text, at + 1);
                if (at >= text.Length || text[at] != Closing(isMap))
                {
                    at = isMap ? ReadName(text, at, ref nodes) : at;
                    if (at < 0)
                    {
                        return false;
                    }

                    continue;
                }
            }
            else
            {
                at = ReadWord(text, start, ref nodes);
                if (at < 0)
                {
                    return false;
                }
            }

            // Behind a value, or at the bracket that closes an empty list or map.
            while (true)
            {
                at = SkipBlanks(text, at);
                if (nodes.Depth == 0)
                {
                    return at == text.Length;
                }

                if (at >= text.Length)
                {
                    return false;
                }

                if (text[at] == (byte)',')
                {
                    at = SkipBlanks(text, at + 1);
                    at = nodes.IsInMap ? ReadName(text, at, ref nodes) : at;
                    if (at < 0)
                    {
                        return false;
                    }

                    break;
                }

                if (text[at] != Closing(nodes.IsInMap))
                {
                    return false;
                }

                nodes.Close(at++);
            }
        }

        return false;
    }

    private static byte Closing(bool isMap) => isMap ? (byte)'}' : (byte)']';

    // Reads the name of a property. Returns the place of its value, or -1.
    private static int ReadName(ReadOnlySpan<byte> text, int start, ref FieldNodes nodes)
    {
        if (start >= text.Length || text[start++] != (byte)'"')
        {
            return -1;
        }

        (int at, bool isEscaped) = EndOfString(text, start);
        if (at < 0)
        {
            return -1;
        }

        nodes.AddName(start, text[start..(at - 1)], isEscaped);
        at = SkipBlanks(text, at);
        return at < text.Length && text[at] == (byte)':' ? SkipBlanks(text, at + 1) : -1;
    }

    // Reads what is neither string, list nor map. Returns the place behind it, or -1.
    private static int ReadWord(ReadOnlySpan<byte> text, int start, ref FieldNodes nodes)
    {
        ReadOnlySpan<byte> rest = text[start..];
        (FieldKind kind, int length) = rest switch
        {
            [(byte)'t', (byte)'r', (byte)'u', (byte)'e', ..] => (FieldKind.Boolean, 4),
            [(byte)'f', (byte)'a', (byte)'l', (byte)'s', (byte)'e', ..] => (FieldKind.Boolean, 5),
            [(byte)'n', (byte)'u', (byte)'l', (byte)'l', ..] => (FieldKind.Null, 4),
            _ => (FieldKind.Number, LengthOfNumber(rest)),
        };
        if (length < 0)
        {
            return -1;
        }

        nodes.AddValue(kind, start, length);
        return start + length;
    }

    // The API server writes none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipBlanks(ReadOnlySpan<byte> text, int at) =>
        (uint)at < (uint)text.Length && text[at] > (byte)' ' ? at : EndOfBlanks(text, at);

    private static int EndOfBlanks(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    // Behind the quote that ends a string, or -1. Most strings are short and plain.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int End, bool IsEscaped) EndOfString(ReadOnlySpan<byte> text, int at)
    {
        if (text.Length - at >= Vector128<byte>.Count)
        {
            int plain = BitOperations.TrailingZeroCount(Special(Vector128.Create(text[at..])));
            if (plain < Vector128<byte>.Count && text[at + plain] == (byte)'"')
            {
                return (at + plain + 1, false);
            }
        }

        return EndOfLongString(text, at);
    }

    private static (int End, bool IsEscaped) EndOfLongString(ReadOnlySpan<byte> text, int at)
    {
        bool isEscaped = false;
        while (true)
        {
            uint found = 0;
            for (; found == 0 && text.Length - at >= Vector128<byte>.Count; at += found == 0 ? Vector128<byte>.Count : 0)
            {
                found = Special(Vector128.Create(text[at..]));
            }

            at += found == 0 ? 0 : BitOperations.TrailingZeroCount(found);
            while (at < text.Length && text[at] is not ((byte)'"' or (byte)'\\' or < (byte)' '))
            {
                at++;
            }

            if (at >= text.Length || text[at] < (byte)' ')
            {
                return (-1, false);
            }

            if (text[at] == (byte)'"')
            {
                return (at + 1, isEscaped);
            }

            isEscaped = true;
            int length = LengthOfEscape(text[at..]);
            if (length < 0)
            {
                return (-1, false);
            }

            at += length;
        }
    }

    // A bit for each quote, backslash and control character.
    private static uint Special(Vector128<byte> bytes) =>
        (Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
            | Vector128.Equals(Vector128.Min(bytes, Vector128.Create((byte)0x1F)), bytes)).ExtractMostSignificantBits();

    private static int LengthOfEscape(ReadOnlySpan<byte> text) =>
        text.Length < 2 ? -1
        : text[1] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' ? 2
        : text[1] == (byte)'u' && text.Length >= 6
            && char.IsAsciiHexDigit((char)text[2]) && char.IsAsciiHexDigit((char)text[3])
            && char.IsAsciiHexDigit((char)text[4]) && char.IsAsciiHexDigit((char)text[5]) ? 6
        : -1;

    // Of a number at the front, or -1.
    private static int LengthOfNumber(ReadOnlySpan<byte> text)
    {
        int at = text is [(byte)'-', ..] ? 1 : 0, digits = EndOfDigits(text, at);
        if (digits == at || (text[at] == (byte)'0' && digits > at + 1))
        {
            return -1;
        }

        at = digits;
        if (at < text.Length && text[at] == (byte)'.')
        {
            digits = EndOfDigits(text, at + 1);
            if (digits == at + 1)
            {
                return -1;
            }

            at = digits;
        }

        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at += at + 1 < text.Length && text[at + 1] is (byte)'+' or (byte)'-' ? 2 : 1;
            digits = EndOfDigits(text, at);
            if (digits == at)
            {
                return -1;
            }

            at = digits;
        }

        return at;
    }

    private static int EndOfDigits(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length && char.IsAsciiDigit((char)text[at]))
        {
            at++;
        }

        return at;
    }
}
