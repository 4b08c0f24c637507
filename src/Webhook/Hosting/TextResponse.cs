using System.Text;

namespace Webhook.Hosting;

/// <summary>Answers of one or a few lines of plain text.</summary>
internal static class TextResponse
{
    /// <summary>Writes the text with a line end.</summary>
    public static Task WriteAsync(HttpContext context, int code, string text, string contentType = "text/plain; charset=utf-8")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.EndsWith('\n') ? text : text + "\n");
        context.Response.StatusCode = code;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.Body.WriteAsync(bytes).AsTask();
    }
}
