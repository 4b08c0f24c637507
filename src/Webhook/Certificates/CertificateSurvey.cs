using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Webhook.Cluster;
using Webhook.Resources.Json;

namespace Webhook.Certificates;

/// <summary>A certificate and where it was found.</summary>
/// <param name="Kind"><c>served</c>, <c>file</c> or <c>secret</c>.</param>
/// <param name="Place">The address, the file, or namespace and name of the Secret.</param>
/// <param name="Certificate">The certificate; null where there is none.</param>
/// <param name="Chain">What stands or comes behind it.</param>
/// <param name="Missing">Why there is none, or null.</param>
/// <param name="IsFailure">Whether that is because it could not be looked at.</param>
internal sealed record CertificateSource(
    string Kind, string Place, X509Certificate2? Certificate, X509Certificate2Collection Chain, string? Missing = null, bool IsFailure = false);

/// <summary>Looks at certificates in all the places where they can be, and compares them. Reads no private key but that of a Secret, which it drops.</summary>
/// <param name="Sources">What was found, the served one first.</param>
/// <param name="Configurations">The webhook configurations; those that do not exist are left out.</param>
/// <param name="Failures">What could not be looked at.</param>
/// <param name="Now">The time.</param>
internal sealed record CertificateSurvey(
    IReadOnlyList<CertificateSource> Sources, IReadOnlyList<WebhookConfiguration> Configurations, IReadOnlyList<string> Failures, DateTimeOffset Now)
{
    /// <summary>What is served.</summary>
    public CertificateSource Served => Sources[0];

    /// <summary>Why the API server would not believe what is served when it calls that webhook; null where it does, may, or nothing is served.</summary>
    public string? Doubt(WebhookEntry entry) =>
        Served.Certificate is X509Certificate2 served ? ServedTrust.Doubt(entry, served, Served.Chain, Now) : null;

    /// <summary>What does not agree, each in one line.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        foreach (CertificateSource source in Sources)
        {
            string what = source.Kind == "served" ? "the served certificate" : source.Kind == "secret" ? $"the certificate of Secret {source.Place}" : $"the certificate of {source.Place}";
            if (source.Certificate is not X509Certificate2 certificate)
            {
                continue;
            }

            if (certificate.NotAfter <= Now)
            {
                problems.Add($"{what} has expired");
            }
            else if (certificate.NotBefore > Now)
            {
                problems.Add($"{what} is not valid yet");
            }

            if (Served.Certificate is X509Certificate2 served && certificate.Thumbprint != served.Thumbprint)
            {
                problems.Add($"{what} is not the one that is served; in the middle of a change that passes by itself");
            }
        }

        foreach (WebhookConfiguration configuration in Configurations)
        {
            var told = new HashSet<string>(StringComparer.Ordinal);
            foreach (WebhookEntry entry in configuration.Entries)
            {
                if (Doubt(entry) is string doubt && told.Add(doubt))
                {
                    int count = configuration.Entries.Count(other => Doubt(other) == doubt);
                    problems.Add($"{configuration.Kind} {configuration.Name} does not trust what is served in {count} of {configuration.Entries.Count} webhooks: {doubt}");
                }
            }
        }

        return problems;
    }

    /// <summary>The certificate that a server shows, whoever trusts it.</summary>
    /// <param name="host">The host.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<CertificateSource> ServedAsync(string host, int port, CancellationToken cancellation)
    {
        string place = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
        var sent = new X509Certificate2Collection();
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(host, port, cancellation);
#pragma warning disable CA5359 // It is looked at, not believed; nothing is sent.
            await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, chain, _) =>
            {
                sent.AddRange(chain!.ChainPolicy.ExtraStore);
                return true;
            });
#pragma warning restore CA5359
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellation);
            X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
            return new CertificateSource("served", place, leaf, Copies(sent));
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            string reason = exception is OperationCanceledException ? "no answer in time" : exception.Message;
            return new CertificateSource("served", place, null, [], reason, IsFailure: true);
        }
    }

    /// <summary>The certificate in a file.</summary>
    /// <param name="file">The file, PEM.</param>
    public static CertificateSource OfFile(string file)
    {
        try
        {
            return OfPem("file", file, File.ReadAllText(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CertificateSource("file", file, null, [], exception.Message, IsFailure: true);
        }
    }

    /// <summary>The certificate in the first of some Secrets that exists. One that is named alone must be readable; where several may be, none need.</summary>
    /// <param name="client">The API server.</param>
    /// <param name="namespace">Their namespace.</param>
    /// <param name="names">Their names.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<CertificateSource> OfSecretAsync(ApiClient client, string @namespace, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        ApiError? error = null;
        foreach (string name in names)
        {
            ApiResult<Field> read = await client.SendAsync(
                HttpMethod.Get, $"api/v1/namespaces/{Uri.EscapeDataString(@namespace)}/secrets/{Uri.EscapeDataString(name)}", "get secrets", default, cancellation);
            if (read.Error is null)
            {
                return OfPem("secret", $"{@namespace}/{name}", CertificateSecret.Text(read.Value["data"]["tls.crt"]) ?? "");
            }

            error = read.Error.Kind == ApiErrorKind.NotFound ? error : read.Error;
        }

        // The pod's own account reads no Secrets unless it keeps one: nobody asked for more.
        string place = $"{@namespace}/{string.Join(" or ", names)}";
        return error is null ? new CertificateSource("secret", place, null, [], "there is none")
            : error.Kind == ApiErrorKind.Forbidden && names.Count > 1 ? new CertificateSource("secret", place, null, [], "not looked at: this account may not read Secrets")
            : new CertificateSource("secret", place, null, [], error.Message, IsFailure: true);
    }

    private static CertificateSource OfPem(string kind, string place, string pem)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            found.Clear();
        }

        if (found.Count == 0)
        {
            return new CertificateSource(kind, place, null, [], "holds no certificate", IsFailure: true);
        }

        X509Certificate2 leaf = found[0];
        found.RemoveAt(0);
        return new CertificateSource(kind, place, leaf, found);
    }

    // Those of a chain end with the connection.
    private static X509Certificate2Collection Copies(X509Certificate2Collection sent)
    {
        var copies = new X509Certificate2Collection();
        foreach (X509Certificate2 one in sent)
        {
            copies.Add(X509CertificateLoader.LoadCertificate(one.RawDataMemory.Span));
        }

        return copies;
    }
}
