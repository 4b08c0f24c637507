using System.Globalization;
using System.Text;
using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>A 48-bit hardware address. Two addresses are equal whatever their case and separators.</summary>
/// <param name="Value">The address in its low 48 bits.</param>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>
    /// The address that a text names: six pairs of hexadecimal digits separated by colons or hyphens (one digit
    /// for a pair below 16 is read too), else null.
    /// </summary>
    public static MacAddress? Parse(string? text) => text is null ? null : Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>The same of a field's text, of which no copy is made; null where it is no text.</summary>
    public static MacAddress? Parse(Field field)
    {
        ReadOnlySpan<byte> text = field.IsString ? field.Utf8Json[1..^1] : default;
        return text.Contains((byte)'\\') ? Parse(field.Text) : Parse(text);
    }

    private static MacAddress? Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 11 or > 17)
        {
            return null;
        }

        ulong value = 0;
        int pairs = 0, digits = 0;
        byte separator = text.Contains((byte)'-') ? (byte)'-' : (byte)':';
        foreach (byte c in text)
        {
            if (c == separator && digits > 0)
            {
                pairs++;
                digits = 0;
                value <<= 8;
            }
            else if (char.IsAsciiHexDigit((char)c) && digits < 2)
            {
                uint digit = (uint)(char.IsAsciiDigit((char)c) ? c - '0' : (c | 0x20) - 'a' + 10);
                value = digits == 0 ? value | digit : ((value >> 8) << 8) | ((value & 0xFF) << 4) | digit;
                digits++;
            }
            else
            {
                return null;
            }
        }

        return pairs == 5 && digits > 0 ? new MacAddress(value) : null;
    }

    /// <summary>Six pairs in lower case, separated by colons.</summary>
    public override string ToString() =>
        string.Join(':', Enumerable.Range(0, 6).Select(Pair));

    private string Pair(int index) => ((Value >> (8 * (5 - index))) & 0xFF).ToString("x2", CultureInfo.InvariantCulture);
}
