using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Webhook.Hosting;

/// <summary>
/// The server's first callers: itself. What lies between the socket and a review (TLS, HTTP, the endpoint) is compiled by the first who
/// come that way, and the API server should not be one of them.
/// </summary>
internal static class LoopbackCall
{
    // A kind that is not judged: the call leaves no trace but a count of "ignored".
    private const string Body =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"warm-up","operation":"CREATE","kind":{"group":"","version":"v1","kind":"WarmUp"}}}
        """;

    /// <summary>Makes a few calls. That they fail is no reason not to serve, so nothing is thrown and nothing awaited for long.</summary>
    /// <param name="address">Where the server listens.</param>
    /// <param name="count">How many calls, each on a connection of its own.</param>
    /// <param name="isReview">Whether to send a review; else only a probe, as this process has no certificate of a client.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many were answered.</returns>
    public static async Task<int> MakeAsync(Uri address, int count, bool isReview, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        int answered = 0;
        try
        {
            for (int i = 0; i < count; i++)
            {
                answered += await MakeOneAsync(address, isReview, patience.Token) ? 1 : 0;
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException)
        {
            // Then the first real caller waits a few milliseconds more.
        }

        return answered;
    }

    private static async Task<bool> MakeOneAsync(Uri address, bool isReview, CancellationToken cancellation)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, cancellation);
        Stream stream = socket.GetStream();
        if (address.Scheme == Uri.UriSchemeHttps)
        {
            // Nothing is sent that anybody may not read, and nothing received is believed: there is no certificate to check.
#pragma warning disable CA5359 // See above.
            var tls = new SslStream(stream, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
#pragma warning restore CA5359
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.Host }, cancellation);
            stream = tls;
        }

        await using (stream)
        {
            string request = isReview
                ? $"POST /validate?timeout=2s HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"
                : $"GET /livez HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellation);
            using var reader = new StreamReader(stream);
            return await reader.ReadLineAsync(cancellation) == "HTTP/1.1 200 OK";
        }
    }
}
