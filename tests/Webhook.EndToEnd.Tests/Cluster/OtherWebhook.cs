using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>
/// A mutating webhook of somebody else, which edits the same string as ours: it adds a key to the configuration of each network, and writes the
/// JSON anew as it does so.
/// </summary>
internal sealed class OtherWebhook : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _authority;
    private int _calls;

    private OtherWebhook(WebApplication app, int port, string authority)
    {
        _app = app;
        Port = port;
        _authority = authority;
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>How often it was asked.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Starts it.</summary>
    /// <param name="certificates">The folder with apiserver.crt, apiserver.key and ca.crt.</param>
    public static async Task<OtherWebhook> StartAsync(string certificates)
    {
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(
            Path.Combine(certificates, "apiserver.crt"), Path.Combine(certificates, "apiserver.key"));
        X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        int port = ServerProcess.FreePort();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate)));
        var other = new OtherWebhook(builder.Build(), port, await File.ReadAllTextAsync(Path.Combine(certificates, "ca.crt")));
        other._app.Run(other.AnswerAsync);
        await other._app.StartAsync();
        return other;
    }

    /// <summary>Its configuration; webhooks are asked in the order of their configurations' names.</summary>
    public string Configuration(string name) => new JsonObject
    {
        ["apiVersion"] = "admissionregistration.k8s.io/v1",
        ["kind"] = "MutatingWebhookConfiguration",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = "networks.other.example",
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["sideEffects"] = "None",
            ["reinvocationPolicy"] = "IfNeeded",
            ["clientConfig"] = new JsonObject
            {
                ["url"] = $"https://127.0.0.1:{Port}/", ["caBundle"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(_authority)),
            },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["apiGroups"] = new JsonArray("k8s.cni.cncf.io"), ["apiVersions"] = new JsonArray("v1"), ["operations"] = new JsonArray("CREATE"),
                ["resources"] = new JsonArray("network-attachment-definitions"),
            }),
        }),
    }.ToJsonString();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        JsonNode request = (await JsonNode.ParseAsync(context.Request.Body))!["request"]!;
        var response = new JsonObject { ["uid"] = (string)request["uid"]!, ["allowed"] = true };
        JsonNode config = JsonNode.Parse((string)request["object"]!["spec"]!["config"]!)!;
        if (config["keepalive"] is null)
        {
            config["keepalive"] = true;
            var patch = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/spec/config", ["value"] = config.ToJsonString() });
            response["patchType"] = "JSONPatch";
            response["patch"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(patch.ToJsonString()));
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response }.ToJsonString());
    }
}
