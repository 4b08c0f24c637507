using System.Text;
using System.Text.Json;

namespace Webhook.Resources.Json;

/// <summary>Finds where in a JSON text a field stands. It reads the text anew, since only findings ask.</summary>
internal static class JsonPositions
{
    /// <summary>The position of the value at <paramref name="steps"/>, or of the nearest step above it that exists.</summary>
    public static Position Locate(string text, IEnumerable<FieldPath> steps)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth });
        long found = 0;
        try
        {
            reader.Read();
            found = reader.TokenStartIndex;
            foreach (FieldPath step in steps)
            {
                if (!(step.Name is string name ? MoveToProperty(ref reader, name) : MoveToItem(ref reader, step.Index)))
                {
                    break;
                }

                found = reader.TokenStartIndex;
            }
        }
        catch (JsonException)
        {
            // The text ends or breaks before the field: the last place that was found is the best there is.
        }

        return ToPosition(bytes, found);
    }

    private static bool MoveToProperty(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        // Of a repeated name the last counts, as for Field.
        Utf8JsonReader last = default;
        bool seen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool matches = reader.ValueTextEquals(name);
            reader.Read();
            if (matches)
            {
                last = reader;
                seen = true;
            }

            reader.Skip();
        }

        if (seen)
        {
            reader = last;
        }

        return seen;
    }

    private static bool MoveToItem(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        for (int at = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; at++)
        {
            if (at == index)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static Position ToPosition(ReadOnlySpan<byte> bytes, long offset)
    {
        ReadOnlySpan<byte> before = bytes[..(int)offset];
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new Position(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }
}
