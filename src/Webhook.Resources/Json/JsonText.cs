using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Webhook.Resources.Json;

/// <summary>JSON as the API server and the CNI plugins read it: RFC 8259, no comments, no trailing commas.</summary>
public static class JsonText
{
    /// <summary>The deepest nesting that is read. The API server's own limit is 10,000; no object of the judged kinds passes 100.</summary>
    public const int MaxDepth = 256;

    // Parts of System.Text.Json's own messages, the first match counts; those messages may quote the text, these reasons do not.
    private static readonly (string Part, string Reason)[] Reasons =
    [
        ("trailing comma", "a trailing comma before a closing bracket"),
        ("maximum configured depth", $"nested deeper than {MaxDepth} levels"),
        ("does not contain any JSON tokens", "empty"),
        ("Expected end of string", "a string is not closed"),
        ("single JSON value", "more text follows the value"),
        ("start of a property name", "a property name in double quotes is expected"),
        ("Expected either ','", "a comma is missing"),
        ("Expected a ':'", "a colon is missing"),
        ("start of a value", "a value is expected"),
        ("Expected the literal", "a bare word that is no JSON value"),
        ("within a JSON string", "a string holds an unescaped control character or an unknown escape"),
        ("without a matching open", "a closing bracket matches no opening one"),
        ("end of a number", "a number is broken off"),
        ("end of the JSON payload", "the text ends too early"),
        ("end of the data", "the text ends too early"),
        ("end of data", "the text ends too early"),
    ];

    /// <summary>Parses a text; exactly one of the two results is set.</summary>
    /// <param name="text">One JSON value.</param>
    /// <param name="path">Where the value stands.</param>
    /// <param name="root">The value, or an absent field at that path.</param>
    /// <param name="error">Why it is no JSON, with line and column in the text, or null.</param>
    public static bool TryParse(string text, FieldPath path, out Field root, out DocumentError? error)
    {
        try
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if (HasUnpairedSurrogate(bytes))
            {
                throw new InvalidOperationException("an unpaired surrogate");
            }

            root = Field.Parse(bytes, path);
            error = null;
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // ArgumentException: unpaired surrogates in the text. InvalidOperationException: the same, escaped.
            root = Field.AbsentAt(path);
            error = InCharacters(Describe(exception as JsonException), text);
            return false;
        }
    }

    // The reader counts bytes of UTF-8 within the line; people and editors count characters.
    private static DocumentError InCharacters(DocumentError error, string text)
    {
        int start = 0;
        for (int line = 1; line < error.Position.Line; line++)
        {
            start = text.IndexOf('\n', start) + 1;
        }

        int bytes = error.Position.Column - 1, at = start;
        while (bytes > 0 && at < text.Length)
        {
            int length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
            bytes -= Encoding.UTF8.GetByteCount(text, at, length);
            at += length;
        }

        return error with { Position = error.Position with { Column = at - start + 1 } };
    }

    /// <summary>Whether all strings of a JSON text can be read: its bytes are UTF-8, and it escapes no half of a surrogate pair.</summary>
    public static bool IsUnicode(ReadOnlySpan<byte> json) => Utf8.IsValid(json) && !HasUnpairedSurrogate(json);

    /// <summary>
    /// Whether a JSON text escapes half of a surrogate pair (<c>"\ud800"</c>). The parser lets it pass, but reading the string later throws.
    /// </summary>
    public static bool HasUnpairedSurrogate(ReadOnlySpan<byte> json)
    {
        // Almost no text escapes any surrogate, and finding that out costs one vectorised search.
        if (!EscapesSurrogate(json))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 2 * MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }

            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
        catch (JsonException)
        {
            return false; // No JSON at all: the parser says it better.
        }
    }

    private static bool EscapesSurrogate(ReadOnlySpan<byte> json)
    {
        for (int at = json.IndexOf("\\u"u8); at >= 0; at = json.IndexOf("\\u"u8))
        {
            json = json[(at + 2)..];
            if (json is [(byte)'d' or (byte)'D', ..])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Says what the reader stumbled over, without quoting the text.</summary>
    public static DocumentError Describe(JsonException? exception)
    {
        string message = exception?.Message ?? "";
        (string Part, string Reason) known = Reasons.FirstOrDefault(reason => message.Contains(reason.Part, StringComparison.Ordinal));
        string detail = exception is null ? "not valid Unicode" : known.Reason ?? "not valid JSON";
        return new DocumentError(detail, new Position((int)(exception?.LineNumber ?? 0) + 1, (int)(exception?.BytePositionInLine ?? 0) + 1));
    }
}
