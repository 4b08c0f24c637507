using System.Text;
using System.Text.Json.Nodes;
using Webhook.Cluster;
using Webhook.Hosting;
using Webhook.Resources.Json;

namespace Webhook.Certificates;

/// <summary>
/// The Secret that the replicas share: <c>ca.crt</c>, <c>tls.crt</c> and <c>tls.key</c>, as cert-manager names them. Whoever finds it missing or
/// due makes a certificate and writes it; of several only the first can, by the rule that names are unique and by resourceVersion, and the
/// others take what is there. No Lease is needed.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="namespace">Its namespace.</param>
/// <param name="name">Its name.</param>
/// <param name="hosts">The names of the server.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells of renewals.</param>
internal sealed class CertificateSecret(
    ApiClient client, string @namespace, string name, IReadOnlyList<string> hosts, TimeProvider time, ILogger<CertificateSecret> logger)
{
    /// <summary>The name that it has unless the command line says otherwise.</summary>
    public const string DefaultName = "infoscale-webhook-certificate";

    private const int MostTries = 5;

    /// <summary>Namespace and name.</summary>
    public string Place => $"{@namespace}/{name}";

    /// <summary>The names of the server.</summary>
    public IReadOnlyList<string> Hosts => hosts;

    /// <summary>What the Secret holds, after it was made or renewed if that was due.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>
    /// A certificate, an error, or both: one that is due but can be served while it cannot be renewed.
    /// </returns>
    public async Task<(IssuedCertificate? Issued, ApiError? Error)> GetAsync(CancellationToken cancellation)
    {
        IssuedCertificate? found = null;
        ApiError? error = null;
        for (int tries = 0; tries < MostTries; tries++)
        {
            ApiResult<Field> read = await client.SendAsync(HttpMethod.Get, $"{Folder}/{Uri.EscapeDataString(name)}", "get secrets", default, cancellation);
            if (read.Error is { Kind: not ApiErrorKind.NotFound })
            {
                return (found, read.Error);
            }

            DateTimeOffset now = time.GetUtcNow();
            bool isThere = read.Error is null;
            found = isThere && TryRead(read.Value, out IssuedCertificate? kept) && kept.NotAfter > now && kept.IsFor(hosts) ? kept : null;
            if (found is not null && !found.IsDue(now))
            {
                return (found, null);
            }

            IssuedCertificate made = IssuedCertificate.Make(hosts, now);
            ApiResult<Field> written = isThere
                ? await WriteAsync(HttpMethod.Put, $"{Folder}/{Uri.EscapeDataString(name)}", Changed(read.Value, made), "update secrets", cancellation)
                : await WriteAsync(HttpMethod.Post, Folder, New(made), "create secrets", cancellation);
            if (written.Error is null)
            {
                Log.CertificateIssued(logger, Place, made.NotAfter);
                return (made, null);
            }

            error = written.Error;
            if (error.Kind != ApiErrorKind.Conflict)
            {
                return (found, error);
            }
        }

        return (found, error);
    }

    private string Folder => $"api/v1/namespaces/{Uri.EscapeDataString(@namespace)}/secrets";

    /// <summary>Reads what a Secret holds.</summary>
    /// <param name="secret">The object.</param>
    /// <param name="issued">What was read.</param>
    internal static bool TryRead(Field secret, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IssuedCertificate? issued)
    {
        Field data = secret["data"];
        issued = null;
        return Text(data["ca.crt"]) is string authority && Text(data["tls.crt"]) is string certificate && Text(data["tls.key"]) is string key
            && IssuedCertificate.TryRead(authority, certificate, key, out issued);
    }

    /// <summary>The text of a field of a Secret; null where it has none.</summary>
    internal static string? Text(Field base64)
    {
        try
        {
            return base64.Text is string text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static JsonObject Data(IssuedCertificate made)
    {
        static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
        return new JsonObject
        {
            ["ca.crt"] = Base64(made.AuthorityPem),
            ["tls.crt"] = Base64(made.CertificatePem),
            ["tls.key"] = Base64(made.KeyPem),
        };
    }

    private JsonObject New(IssuedCertificate made) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = @namespace,
            ["labels"] = new JsonObject { ["app.kubernetes.io/name"] = "infoscale-webhook" },
        },
        ["type"] = "kubernetes.io/tls",
        ["data"] = Data(made),
    };

    // With the version that was read, so that nobody else's change is lost.
    private static JsonObject Changed(Field read, IssuedCertificate made)
    {
        JsonObject secret = JsonNode.Parse(read.Json)!.AsObject();
        secret["data"] = Data(made);
        return secret;
    }

    private Task<ApiResult<Field>> WriteAsync(HttpMethod method, string path, JsonObject body, string call, CancellationToken cancellation) =>
        client.SendAsync(method, path, call, Encoding.UTF8.GetBytes(body.ToJsonString()), cancellation);
}
