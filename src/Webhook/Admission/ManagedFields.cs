using System.Numerics;
using System.Runtime.Intrinsics;

namespace Webhook.Admission;

/// <summary>
/// Takes <c>metadata.managedFields</c> out of a body before it is parsed. The API server sends it with every object, often as the larger and
/// always as the deepest part, and no rule reads it: parsing it took half of the time of parsing a review.
/// </summary>
internal static class ManagedFields
{
    // Within JSON these bytes are a property of that name: a quote inside a string is escaped, so one that is not begins or ends a string.
    private static ReadOnlySpan<byte> Property => "\"managedFields\":["u8;

    /// <summary>
    /// Empties every list of that name, in place, and returns the new length. A list that does not end, as in a body that was cut off, is
    /// left for the parser to complain about.
    /// </summary>
    public static int Cut(Span<byte> body)
    {
        int kept = 0;
        int at = 0;
        while (body[at..].IndexOf(Property) is int found and >= 0)
        {
            int list = at + found + Property.Length;
            bool escaped = at + found > 0 && body[at + found - 1] == (byte)'\\';
            int length = escaped ? 0 : LengthOfList(body[list..]);
            if (length < 0)
            {
                break;
            }

            body[at..list].CopyTo(body[kept..]);
            kept += list - at;
            at = list + length;
        }

        body[at..].CopyTo(body[kept..]);
        return kept + body.Length - at;
    }

    // The bytes up to the bracket that closes the list, or -1 where there is none. Sixteen bytes at a time as far as it cannot end there and
    // no two backslashes meet: which of the bytes stand inside a string follows from the quotes before them, and brackets there do not count.
    private static int LengthOfList(ReadOnlySpan<byte> rest)
    {
        int open = 0, at = 0;
        uint inString = 0, afterBackslash = 0;
        for (; at + Vector128<byte>.Count <= rest.Length; at += Vector128<byte>.Count)
        {
            Vector128<byte> bytes = Vector128.Create(rest[at..]);
            Vector128<byte> folded = bytes | Vector128.Create((byte)0x20); // [ and { differ in this bit alone, ] and } too
            uint backslashes = Vector128.Equals(bytes, Vector128.Create((byte)'\\')).ExtractMostSignificantBits();
            uint escaped = (backslashes << 1) | afterBackslash;
            uint inside = Vector128.Equals(bytes, Vector128.Create((byte)'"')).ExtractMostSignificantBits() & ~escaped;
            inside ^= inside << 1;
            inside ^= inside << 2;
            inside ^= inside << 4;
            inside ^= inside << 8;
            inside = (inside ^ inString) & 0xFFFF;
            int closing = BitOperations.PopCount(Vector128.Equals(folded, Vector128.Create((byte)'}')).ExtractMostSignificantBits() & ~inside);
            if (closing > open || (backslashes & escaped) != 0)
            {
                break;
            }

            open += BitOperations.PopCount(Vector128.Equals(folded, Vector128.Create((byte)'{')).ExtractMostSignificantBits() & ~inside) - closing;
            inString = (inside & 0x8000) != 0 ? 0xFFFFu : 0;
            afterBackslash = backslashes >> 15;
        }

        return LengthOfList(rest, at, open, inString != 0, afterBackslash != 0);
    }

    private static int LengthOfList(ReadOnlySpan<byte> rest, int at, int open, bool isInString, bool isEscaped)
    {
        for (; at < rest.Length; at++)
        {
            byte current = rest[at];
            if (isInString)
            {
                isInString = isEscaped || current != (byte)'"';
                isEscaped = !isEscaped && current == (byte)'\\';
                continue;
            }

            switch (current)
            {
                case (byte)'"':
                    isInString = true;
                    break;
                case (byte)'[' or (byte)'{':
                    open++;
                    break;
                case (byte)']' when open == 0:
                    return at;
                case (byte)']' or (byte)'}':
                    open--;
                    break;
            }
        }

        return -1;
    }
}
