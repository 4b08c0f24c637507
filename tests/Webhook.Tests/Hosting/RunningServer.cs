using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Webhook.Enforcement;
using Webhook.Hosting;

namespace Webhook.Tests.Hosting;

/// <summary>A real server on a free port of the loopback address, and a client for it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private RunningServer(WebhookServer server, string? certificateFile)
    {
        Server = server;
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is X509Certificate2 served && served.ExportCertificatePem().Trim() == File.ReadAllText(certificateFile!).Trim();
        Client = new HttpClient(handler) { BaseAddress = server.Address };
    }

    public WebhookServer Server { get; }

    public HttpClient Client { get; }

    public static async Task<RunningServer> StartAsync(
        ServeOptions? options = null, EnforcementSettings? settings = null, Action<KestrelServerLimits>? configure = null,
        Webhook.Admission.ReviewGate? gate = null, TimeProvider? time = null)
    {
        ServeOptions loopback = (options ?? new ServeOptions()) with { Listen = IPAddress.Loopback, Port = 0, LogFormat = LogFormat.Text };
        var server = new WebhookServer(loopback, settings ?? EnforcementSettings.Default, time ?? TimeProvider.System, configure, gate);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new RunningServer(server, loopback.CertificateFile);
    }

    public static HttpRequestMessage Request(string body) =>
        new(HttpMethod.Post, new Uri("/validate?timeout=10s", UriKind.Relative)) { Content = Json(Encoding.UTF8.GetBytes(body)) };

    public static ByteArrayContent Json(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>Sends a review and gives the answer, which must be one.</summary>
    public async Task<JsonNode> ReviewAsync(string body)
    {
        using HttpRequestMessage request = Request(body);
        using HttpResponseMessage response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.StopAsync();
        await Server.DisposeAsync();
    }
}
