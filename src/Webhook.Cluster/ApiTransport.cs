using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;
using Webhook.Resources.Json;

namespace Webhook.Cluster;

/// <summary>
/// Carries one call to an API server and its answer back: connections, credentials, status codes, time limits. Knows nothing of kinds. Over
/// TLS it speaks HTTP/2, so that all watches share one connection, and pings it, so that a dead one is noticed within a minute as in client-go.
/// </summary>
internal sealed class ApiTransport : IDisposable
{
    private readonly ClusterConnection _connection;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private volatile Credential? _credential;

    /// <summary>A transport that has called nobody yet.</summary>
    /// <param name="connection">Where and how to call.</param>
    /// <param name="userAgent">How the program calls itself, as in <c>name/1.0</c>.</param>
    /// <param name="time">The clock of all timeouts.</param>
    public ApiTransport(ClusterConnection connection, string userAgent, TimeProvider time)
    {
        _connection = connection;
        _time = time;
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => connection.Trust.IsTrusted(certificate, chain, errors),
                LocalCertificateSelectionCallback = (_, _, _, _, _) => _credential?.Certificate!,
            },
        };
        if (connection.Proxy is not null)
        {
            handler.Proxy = new WebProxy(connection.Proxy);
        }

        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>Sends a call and reads its answer, JSON, as a whole.</summary>
    /// <param name="method">The verb of HTTP.</param>
    /// <param name="path">The path and query below the server's address, without a slash at its start.</param>
    /// <param name="call">What is done, for messages.</param>
    /// <param name="sent">The JSON to send; empty for none.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ApiResult<Field>> ExchangeAsync(
        HttpMethod method, string path, string call, ReadOnlyMemory<byte> sent, CancellationToken cancellation)
    {
        using var deadline = new ReadDeadline(ApiClient.AnswerPatience, isForEachRead: false, _time);
        ApiResult<HttpResponseMessage> response = await SendAsync(method, path, call, deadline, cancellation, sent).ConfigureAwait(false);
        if (response.Error is not null)
        {
            return response.Error;
        }

        using HttpResponseMessage answer = response.Value!;
        return await ApiError.GuardAsync<Field>(call, async () =>
        {
            await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            using var body = new MemoryStream();
            var buffer = new byte[16 * 1024];
            for (int count; (count = await deadline.ReadAsync(stream, buffer, cancellation).ConfigureAwait(false)) > 0;)
            {
                body.Write(buffer, 0, count);
                if (body.Length > JsonStream.MaxItemBytes)
                {
                    throw new JsonException("too large");
                }
            }

            return Field.Parse(body.ToArray());
        }).ConfigureAwait(false);
    }

    /// <summary>Sends a call; the answer is one of success, with its body still to be read.</summary>
    /// <param name="method">The verb of HTTP.</param>
    /// <param name="path">The path and query below the server's address, without a slash at its start.</param>
    /// <param name="call">What is done, for messages.</param>
    /// <param name="deadline">Ends the wait for the answer's head.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="body">The JSON to send; empty for none.</param>
    public async Task<ApiResult<HttpResponseMessage>> SendAsync(
        HttpMethod method, string path, string call, ReadDeadline deadline, CancellationToken cancellation, ReadOnlyMemory<byte> body = default)
    {
        ApiResult<Credential> credential = await _connection.Credentials.GetAsync(cancellation).ConfigureAwait(false);
        if (credential.Error is not null)
        {
            return credential.Error with { Message = $"{call}: {credential.Error.Message}" };
        }

        _credential = credential.Value;
        string server = _connection.Server.AbsoluteUri.TrimEnd('/');
        using var request = new HttpRequestMessage(method, new Uri($"{server}/{path}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (!body.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/json-patch+json" : "application/json");
        }

        if (credential.Value!.Token is string token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        // The handler checks the certificate against the Host header.
        request.Headers.Host = _connection.ServerName;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                if (response.StatusCode == HttpStatusCode.Unauthorized)
                {
                    _connection.Credentials.Reject();
                }

                return ApiError.OfStatus((int)response.StatusCode, call, RetryAfter(response));
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ApiError(ApiErrorKind.TimedOut, $"{call}: no answer");
        }
        catch (HttpRequestException exception)
        {
            string reason = exception.HttpRequestError == HttpRequestError.SecureConnectionError
                ? $"no trusted connection: {exception.InnerException?.Message}"
                : exception.Message;
            return new ApiError(ApiErrorKind.Unreachable, $"{call}: {reason}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: TimeSpan delta } => delta,
        { Date: DateTimeOffset date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
        _ => null,
    };
}
