using System.Text;
using System.Text.Json;

namespace Webhook.Resources.Json;

/// <summary>JSON as the API server and the CNI plugins read it: RFC 8259, no comments, no trailing commas.</summary>
public static class JsonText
{
    /// <summary>The deepest nesting that is read. The API server's own limit is 10,000; no object of the judged kinds passes 100.</summary>
    public const int MaxDepth = 256;

    /// <summary>The reader's options.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>Parses a text; exactly one of the two results is set.</summary>
    /// <param name="text">One JSON value.</param>
    /// <param name="root">The value, or an undefined element.</param>
    /// <param name="error">Why it is no JSON, with line and column in the text, or null.</param>
    public static bool TryParse(string text, out JsonElement root, out DocumentError? error)
    {
        try
        {
            // Parsing through a reader gives an element that owns its memory: nothing to dispose, nothing rented.
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            root = JsonElement.ParseValue(ref reader);
            if (reader.Read())
            {
                throw new JsonException("a second value follows the first");
            }

            error = null;
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // ArgumentException: unpaired surrogates in the text. InvalidOperationException: the same, escaped.
            root = default;
            error = Describe(exception as JsonException);
            return false;
        }
    }

    /// <summary>Says what the reader stumbled over, without quoting the text.</summary>
    public static DocumentError Describe(JsonException? exception)
    {
        string detail = exception?.Message switch
        {
            null => "not valid Unicode",
            var m when m.Contains("trailing comma", StringComparison.Ordinal) => "a trailing comma before a closing bracket",
            var m when m.Contains("MaxDepth", StringComparison.OrdinalIgnoreCase)
                || m.Contains("maximum configured depth", StringComparison.Ordinal) => $"nested deeper than {MaxDepth} levels",
            var m when m.Contains("does not contain any JSON tokens", StringComparison.Ordinal) => "empty",
            var m when m.Contains("Expected end of string", StringComparison.Ordinal) => "a string is not closed",
            var m when m.Contains("end of the data", StringComparison.Ordinal)
                || m.Contains("end of data", StringComparison.Ordinal) => "the text ends too early",
            var m when m.Contains("single JSON value", StringComparison.Ordinal)
                || m.Contains("second value", StringComparison.Ordinal) => "more text follows the value",
            var m when m.Contains("start of a property name", StringComparison.Ordinal) => "a property name in double quotes is expected",
            var m when m.Contains("'\"' is invalid after a value", StringComparison.Ordinal) => "a comma is missing",
            _ => "not valid JSON",
        };
        return new DocumentError(detail, new Position((int)(exception?.LineNumber ?? 0) + 1, (int)(exception?.BytePositionInLine ?? 0) + 1));
    }
}
