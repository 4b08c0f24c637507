using System.Buffers;
using System.Globalization;
using System.Text;

namespace Webhook.Resources.Json;

/// <summary>The escapes of JSON strings.</summary>
internal static class JsonEscapes
{
    /// <summary>
    /// The text of a string. What is no Unicode reads as Go reads it: a byte of no letter and half of a surrogate pair become U+FFFD
    /// (golang/go encoding/json decode.go, unquote).
    /// </summary>
    /// <param name="text">What stands between the quotes, known to be JSON.</param>
    public static string Undo(ReadOnlySpan<byte> text)
    {
        // What is written with escapes is never shorter.
        byte[]? rented = text.Length <= 256 ? null : ArrayPool<byte>.Shared.Rent(text.Length);
        Span<byte> letters = rented ?? stackalloc byte[256];
        int length = 0;
        for (int plain = text.IndexOf((byte)'\\'); plain >= 0; plain = text.IndexOf((byte)'\\'))
        {
            text[..plain].CopyTo(letters[length..]);
            length += plain;
            text = text[(plain + 1)..];
            if (text[0] == (byte)'u')
            {
                Rune letter = LetterAt(text, out int escaped);
                length += letter.EncodeToUtf8(letters[length..]);
                text = text[escaped..];
                continue;
            }

            letters[length++] = text[0] switch
            {
                (byte)'n' => (byte)'\n',
                (byte)'t' => (byte)'\t',
                (byte)'r' => (byte)'\r',
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                byte itself => itself,
            };
            text = text[1..];
        }

        text.CopyTo(letters[length..]);
        string whole = Encoding.UTF8.GetString(letters[..(length + text.Length)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return whole;
    }

    // From the "u" on: one escape, or two that are one letter.
    private static Rune LetterAt(ReadOnlySpan<byte> text, out int length)
    {
        char unit = UnitAt(text);
        if (text.Length >= 11 && text[5] == (byte)'\\' && text[6] == (byte)'u' && Rune.TryCreate(unit, UnitAt(text[6..]), out Rune pair))
        {
            length = 11;
            return pair;
        }

        length = 5;
        return Rune.TryCreate(unit, out Rune letter) ? letter : Rune.ReplacementChar;
    }

    private static char UnitAt(ReadOnlySpan<byte> text) =>
        (char)ushort.Parse(text.Slice(1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
