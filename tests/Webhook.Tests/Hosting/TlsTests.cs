using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Webhook.Hosting;

namespace Webhook.Tests.Hosting;

public sealed class TlsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SslProtocols.Tls12 | SslProtocols.Tls13, SslProtocols.Tls13)]
    [InlineData(SslProtocols.Tls13, SslProtocols.Tls13)]
    [InlineData(SslProtocols.Tls12, SslProtocols.Tls12)]
    public async Task The_best_version_that_both_know_is_spoken_with_a_suite_that_keeps_past_talks_secret(SslProtocols offered, SslProtocols spoken)
    {
        using var folder = new Commands.TemporaryFolder();
        await using RunningServer server = await StartAsync(folder);
        (SslProtocols protocol, TlsCipherSuite suite) = await ShakeHandsAsync(server, offered);
        Assert.Equal(spoken, protocol);
        string name = suite.ToString();
        Assert.True(spoken == SslProtocols.Tls13 || name.StartsWith("TLS_ECDHE_", StringComparison.Ordinal), name);
        Assert.True(name.Contains("GCM", StringComparison.Ordinal) || name.Contains("CHACHA20", StringComparison.Ordinal), name);
    }

    [Fact]
    public async Task Older_versions_are_not_spoken()
    {
        using var folder = new Commands.TemporaryFolder();
        await using RunningServer server = await StartAsync(folder);
#pragma warning disable CA5397, SYSLIB0039 // That it is refused is the point.
        await Assert.ThrowsAnyAsync<Exception>(() => ShakeHandsAsync(server, SslProtocols.Tls11));
#pragma warning restore CA5397, SYSLIB0039
    }

    private static Task<RunningServer> StartAsync(Commands.TemporaryFolder folder)
    {
        (string certificate, string key) = TestCertificate.Write(folder, "webhook.test");
        return RunningServer.StartAsync(new ServeOptions { CertificateFile = certificate, KeyFile = key });
    }

    private static async Task<(SslProtocols Protocol, TlsCipherSuite Suite)> ShakeHandsAsync(RunningServer server, SslProtocols offered)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", server.Server.Address.Port, Cancellation);
#pragma warning disable CA5359 // The certificate is not what is looked at here.
        await using var stream = new SslStream(socket.GetStream(), false, static (_, _, _, _) => true);
#pragma warning restore CA5359
#pragma warning disable CA5398 // Each version is offered alone.
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "webhook.test", EnabledSslProtocols = offered }, Cancellation);
#pragma warning restore CA5398
        return (stream.SslProtocol, stream.NegotiatedCipherSuite);
    }
}
