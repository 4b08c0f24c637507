using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Webhook.Hosting;

namespace Webhook.Admission;

/// <summary>
/// From bytes to an AdmissionReview or one answer, never both: method, content type, size, deadline. What cannot be read as a review is
/// answered with a 4xx code and one line of text, which the API server treats by the webhook's <c>failurePolicy</c>.
/// </summary>
/// <param name="reviewer">Judges what was read.</param>
/// <param name="time">The clock of the deadline.</param>
/// <param name="metrics">Counts what could not be read.</param>
/// <param name="logger">Tells of what could not be read.</param>
internal sealed class AdmissionEndpoint(
    AdmissionReviewer reviewer, TimeProvider time, WebhookMetrics metrics, ILogger<AdmissionEndpoint> logger)
{
    /// <summary>
    /// The most bytes of a body. The API server takes objects up to 3 MiB (kubernetes/apiserver pkg/server/config.go MaxRequestBodyBytes),
    /// an UPDATE carries two, and 2 MiB are left for what JSON escapes and for user and options.
    /// </summary>
    public const int MaxBodyBytes = 8 * 1024 * 1024;

    // Grown as bytes arrive, so that a caller who only promises a large body pins no memory.
    private const int FirstBuffer = 32 * 1024;

    /// <summary>Answers one POST.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "send an AdmissionReview by POST");
        }
        else if (!IsJson(context.Request.ContentType))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "the content type must be application/json");
        }
        else
        {
            await ReceiveAsync(context);
        }
    }

    private static bool IsJson(string? contentType)
    {
        ReadOnlySpan<char> type = contentType;
        int semicolon = type.IndexOf(';');
        return (semicolon < 0 ? type : type[..semicolon]).Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        TimeSpan allowed = RequestDeadline.Of(context.Request.Query["timeout"]);
        using var deadline = new CancellationTokenSource(allowed, time);
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(context.Request.ContentLength ?? FirstBuffer, 1, FirstBuffer));
        try
        {
            int length = 0;
            while (true)
            {
                int read = await context.Request.Body.ReadAsync(buffer.AsMemory(length), deadline.Token);
                length += read;
                if (read == 0 || length == context.Request.ContentLength)
                {
                    break;
                }

                if (length == buffer.Length)
                {
                    buffer = Grow(buffer, length);
                }
            }

            await AnswerAsync(context, buffer.AsMemory(0, ManagedFields.Cut(buffer.AsSpan(0, length))));
        }
        catch (BadHttpRequestException exception)
        {
            string text = exception.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => string.Create(CultureInfo.InvariantCulture, $"the body may have {MaxBodyBytes} bytes"),
                StatusCodes.Status408RequestTimeout => "the body came too slowly",
                _ => "the body broke off",
            };
            await RefuseAsync(context, exception.StatusCode, text);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            await RefuseAsync(context, StatusCodes.Status408RequestTimeout, string.Create(
                CultureInfo.InvariantCulture, $"the body did not arrive within {allowed.TotalSeconds:0.###} s"));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller went away: there is nobody to answer.
            metrics.Refused("gone");
            context.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Kestrel stops at MaxBodyBytes, so growth ends there.
    private static byte[] Grow(byte[] buffer, int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        if (!AdmissionReview.TryRead(body, out AdmissionReview? review, out string? error))
        {
            return RefuseAsync(context, StatusCodes.Status400BadRequest, error);
        }

        using (review)
        {
            ReadOnlySpan<byte> bytes = AdmissionResponseWriter.Write(review.Uid, reviewer.Review(review));
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = bytes.Length;
            context.Response.BodyWriter.Write(bytes);
        }

        return Task.CompletedTask; // The server sends headers and body together when the request ends.
    }

    private async Task RefuseAsync(HttpContext context, int code, string text)
    {
        metrics.Refused(code.ToString(CultureInfo.InvariantCulture));
        Log.Refused(logger, code, text, context.Connection.RemoteIpAddress?.ToString() ?? "");
        if (context.Features.Get<IHttpResponseFeature>()?.HasStarted != true)
        {
            await TextResponse.WriteAsync(context, code, text);
        }
    }
}
