using System.Text.Json;

namespace Webhook.Admission;

/// <summary>The uid of a review that there is no time to parse.</summary>
internal static class ReviewUid
{
    // The API server writes request.uid first (the order of the fields in kubernetes/api admission/v1/types.go). To look further would be
    // work on behalf of those who make too much of it.
    private const int Searched = 4096;

    /// <summary>Finds <c>request.uid</c> near the start of a body, or null.</summary>
    /// <param name="body">The bytes of the body.</param>
    public static string? Find(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body[..Math.Min(body.Length, Searched)], isFinalBlock: false, default);
        bool isRequest = false;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (reader.CurrentDepth == 1)
                {
                    isRequest = reader.ValueTextEquals("request"u8);
                }
                else if (isRequest && reader.CurrentDepth == 2 && reader.ValueTextEquals("uid"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 and <= 256 } uid ? uid : null;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or no text: nobody to answer by name.
        }

        return null;
    }
}
