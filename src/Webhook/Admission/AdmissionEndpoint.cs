using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Webhook.Certificates;
using Webhook.Hosting;
using Webhook.Rules;

namespace Webhook.Admission;

/// <summary>
/// From bytes to an AdmissionReview or one answer, never both: method, content type, size, deadline. What cannot be read as a review is
/// answered with a 4xx code and one line of text, which the API server treats by the webhook's <c>failurePolicy</c>.
/// </summary>
/// <param name="reviewer">Answers what was read.</param>
/// <param name="cluster">The cluster, for what a review names and the view lacks; null where none is seen.</param>
/// <param name="clients">Who may ask; null for anybody.</param>
/// <param name="gate">How much is taken on at once.</param>
/// <param name="time">The clock of the deadline.</param>
/// <param name="metrics">Counts what could not be read.</param>
/// <param name="logger">Tells of what could not be read.</param>
internal sealed class AdmissionEndpoint(
    IReviewer reviewer, LiveCluster? cluster, ClientAuthorities? clients, ReviewGate gate, TimeProvider time, WebhookMetrics metrics,
    ILogger<AdmissionEndpoint> logger)
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
        if (clients?.Refusal(context.Connection.ClientCertificate) is string refusal)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, refusal);
        }
        else if (!HttpMethods.IsPost(context.Request.Method))
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
        using Activity? span = Spans.OfReview(context);
        using var deadline = new RequestDeadline(RequestDeadline.Of(context.Request.QueryString), time);
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(context.Request.ContentLength ?? FirstBuffer, 1, FirstBuffer));
        int taken = buffer.Length;
        try
        {
            if (!gate.TryTake(taken, isFirst: true))
            {
                taken = 0;
                await SendAwayAsync(context, default, Shortage.Memory, !deadline.IsOver);
                return;
            }

            PipeReader reader = context.Request.BodyReader;
            int length = 0;
            while (true)
            {
                ValueTask<ReadResult> reading = reader.ReadAsync(CancellationToken.None);
                ReadResult read = reading.IsCompletedSuccessfully ? reading.Result : await WaitAsync(reading, reader, deadline.Token);
                length += Take(reader, read, buffer.AsSpan(length), out bool isWhole);
                if (isWhole)
                {
                    break;
                }

                if (length == buffer.Length)
                {
                    if (!gate.TryTake(length, isFirst: false))
                    {
                        await SendAwayAsync(context, buffer.AsMemory(0, length), Shortage.Memory, !deadline.IsOver);
                        return;
                    }

                    taken += length;
                    buffer = Grow(buffer, length);
                }
            }

            bool hasWaited = deadline.IsOver || !gate.TryEnter();
            if (hasWaited && await gate.EnterAsync(deadline.Token) is Shortage shortage)
            {
                await SendAwayAsync(context, buffer.AsMemory(0, length), shortage, !deadline.IsOver);
                return;
            }

            bool hasTurn = true;
            try
            {
                if (hasWaited)
                {
                    context.RequestAborted.ThrowIfCancellationRequested();
                }

                Memory<byte> body = buffer.AsMemory(0, ManagedFields.Cut(buffer.AsSpan(0, length)));
                await AnswerAsync(context, body, deadline, AnotherTurnAsync);
            }
            finally
            {
                if (hasTurn)
                {
                    gate.Leave();
                }
            }

            // A turn is for what uses a processor: who waits for the API server gives it up and queues again.
            async ValueTask<Shortage?> AnotherTurnAsync(Task look)
            {
                gate.Leave();
                hasTurn = false;
                await look;
                Shortage? none = await gate.EnterAsync(deadline.Token);
                hasTurn = none is null;
                return none;
            }
        }
        catch (BadHttpRequestException exception)
        {
            string text = exception.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => string.Create(CultureInfo.InvariantCulture, $"the body may have {MaxBodyBytes} bytes"),
                StatusCodes.Status408RequestTimeout => "the body came too slowly",
                _ => "the body broke off",
            };
            await RefuseAsync(context, exception.StatusCode, text, isWhole: false);
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            await RefuseAsync(context, StatusCodes.Status408RequestTimeout, string.Create(
                CultureInfo.InvariantCulture, $"the body did not arrive within {deadline.Allowed.TotalSeconds:0.###} s"), isWhole: false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller went away: there is nobody to answer.
            metrics.Refused("gone");
            context.Abort();
        }
        finally
        {
            Spans.Answered(span, context.Response.StatusCode);
            gate.Return(taken);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Only who waits needs a timer: most bodies are there when they are asked for.
    private static async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> reading, PipeReader reader, CancellationToken deadline)
    {
        using CancellationTokenRegistration end = deadline.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
        ReadResult read = await reading;
        if (deadline.IsCancellationRequested)
        {
            // The server reads on for a while when the request is answered; a read that is not ended it would log as an error of this program.
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            deadline.ThrowIfCancellationRequested();
        }

        return read;
    }

    // As much as there is room for; the rest is read again.
    private static int Take(PipeReader reader, in ReadResult read, Span<byte> room, out bool isWhole)
    {
        int fits = (int)Math.Min(read.Buffer.Length, room.Length);
        ReadOnlySequence<byte> taken = read.Buffer.Slice(0, fits);
        taken.CopyTo(room);
        isWhole = read.IsCompleted && fits == read.Buffer.Length;
        reader.AdvanceTo(taken.End);
        return fits;
    }

    // Kestrel stops at MaxBodyBytes, so growth ends there.
    private static byte[] Grow(byte[] buffer, int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private async Task AnswerAsync(
        HttpContext context, ReadOnlyMemory<byte> body, RequestDeadline deadline, Func<Task, ValueTask<Shortage?>> anotherTurn)
    {
        if (!AdmissionReview.TryRead(body, out AdmissionReview? review, out string? error))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        using AdmissionReview read = review;
        ClusterView? seen = cluster?.Current;
        if (cluster?.LookForMissing(review) is Task<ClusterView> look)
        {
            if (await anotherTurn(look) is Shortage shortage)
            {
                await SendAwayAsync(context, body, shortage, hasTime: true);
                return;
            }

            seen = await look;
        }

        Func<bool> isOver = () => deadline.IsOver;
        AdmissionResponse response = reviewer.Review(review, isOver, seen);
        if (response.Asks is ExemptionPermission permission)
        {
            if (await anotherTurn(permission.AskAsync(deadline.Token)) is Shortage shortage)
            {
                await SendAwayAsync(context, body, shortage, hasTime: true);
                return;
            }

            response = reviewer.Review(review, isOver, seen, permission);
        }

        await (response.Unavailable is string why
            ? RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, why)
            : WriteAsync(context, review.Uid, response));
    }

    private Task SendAwayAsync(HttpContext context, ReadOnlyMemory<byte> body, Shortage shortage, bool hasTime)
    {
        AdmissionResponse response = reviewer.NotEvaluated(shortage);
        if (response.Unavailable is null && ReviewUid.Find(body.Span) is string uid)
        {
            return WriteAsync(context, uid, response);
        }

        // The API server's client calls again after that time, and by its Service perhaps another replica
        // (kubernetes/client-go rest/with_retry.go checkWait). Without time for that it is better told why at once.
        if (hasTime)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, response.Unavailable ?? "not evaluated, and no uid to answer to");
    }

    private static Task WriteAsync(HttpContext context, string uid, AdmissionResponse response)
    {
        ReadOnlySpan<byte> bytes = AdmissionResponseWriter.Write(uid, response);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        context.Response.BodyWriter.Write(bytes);
        return Task.CompletedTask; // The server sends headers and body together when the request ends.
    }

    // Where the body is not whole, the server closes the connection behind its answer: a client that is not told sends its next request
    // into it (RFC 9110, 15.5.9).
    private async Task RefuseAsync(HttpContext context, int code, string text, bool isWhole = true)
    {
        metrics.Refused(code.ToString(CultureInfo.InvariantCulture));
        Log.Refused(logger, code, text, context.Connection.RemoteIpAddress?.ToString() ?? "");
        if (context.Features.Get<IHttpResponseFeature>()?.HasStarted != true)
        {
            if (!isWhole && HttpProtocol.IsHttp11(context.Request.Protocol))
            {
                context.Response.Headers.Connection = "close";
            }

            await TextResponse.WriteAsync(context, code, text);
        }
    }
}
