using System.Buffers;

namespace Webhook.Hosting;

/// <summary>
/// What the server costs before anything is judged: reads the body and answers a constant of the length of a usual answer. Served for the
/// load comparison only.
/// </summary>
internal static class Floor
{
    private static readonly byte[] Answer =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"705ab4f5-6393-11e8-b7cc-000000000000","allowed":true}}
        """u8.ToArray();

    /// <summary>Answers one request.</summary>
    public static async Task HandleAsync(HttpContext context)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            while (await context.Request.Body.ReadAsync(buffer) > 0)
            {
                // Read to the end, as a review is.
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Answer.Length;
        context.Response.BodyWriter.Write(Answer);
    }
}
