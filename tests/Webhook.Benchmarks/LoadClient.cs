using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Webhook.Benchmarks;

/// <summary>
/// One keep-alive connection that speaks HTTP/1.1 over TLS 1.3, as an API server does to a webhook behind a Service. Written on the socket,
/// so that the measuring side costs little on the core it shares with nobody.
/// </summary>
internal sealed class LoadClient : IDisposable
{
    private readonly SslStream _stream;
    private readonly byte[] _buffer = new byte[64 * 1024];

    public LoadClient(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        _stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        _stream.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.Tls13,
#pragma warning disable CA5359 // The certificate was made for this run, and the server is a child of this process.
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
        });
    }

    /// <summary>The bytes of one request.</summary>
    public static byte[] Request(string path, byte[] body)
    {
        byte[] head = Encoding.ASCII.GetBytes(FormattableString.Invariant(
            $"POST {path}?timeout=5s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: kube-apiserver-admission\r\nContent-Length: {body.Length}\r\nAccept: application/json, */*\r\nContent-Type: application/json\r\nAccept-Encoding: gzip\r\n\r\n"));
        return [.. head, .. body];
    }

    /// <summary>Sends one request and reads its whole answer; anything but 200 with the wanted text in it ends the run.</summary>
    public void Call(byte[] request, ReadOnlySpan<byte> wanted)
    {
        _stream.Write(request);
        int have = 0;
        int total = int.MaxValue;
        while (have < total)
        {
            int read = _stream.Read(_buffer, have, _buffer.Length - have);
            if (read == 0)
            {
                throw new InvalidOperationException("the server closed the connection");
            }

            have += read;
            if (total == int.MaxValue && _buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8) is int end and >= 0)
            {
                total = end + 4 + ContentLength(_buffer.AsSpan(0, end));
            }
        }

        if (!_buffer.AsSpan(0, have).StartsWith("HTTP/1.1 200"u8) || _buffer.AsSpan(0, have).IndexOf(wanted) < 0)
        {
            throw new InvalidOperationException("unexpected answer: " + Encoding.UTF8.GetString(_buffer, 0, Math.Min(have, 2_000)));
        }
    }

    /// <summary>The seconds one call takes.</summary>
    public double Time(byte[] request, ReadOnlySpan<byte> wanted)
    {
        long start = Stopwatch.GetTimestamp();
        Call(request, wanted);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _stream.Dispose();

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        string text = Encoding.ASCII.GetString(head);
        int at = text.IndexOf("content-length:", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            throw new InvalidOperationException("an answer without Content-Length: " + text);
        }

        int end = text.IndexOf('\r', at);
        return int.Parse(text.AsSpan(at + 15, (end < 0 ? text.Length : end) - at - 15), CultureInfo.InvariantCulture);
    }
}
