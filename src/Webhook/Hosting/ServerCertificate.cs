using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webhook.Hosting;

/// <summary>The certificate that is served. Connections that are open keep the one they began with.</summary>
/// <param name="metrics">Counts changes and shows the expiry.</param>
/// <param name="logger">Tells of changes.</param>
/// <param name="asksClients">Whether clients are asked for a certificate. Any is taken here, and none: see <see cref="Certificates.ClientAuthorities"/>.</param>
internal sealed class ServerCertificate(WebhookMetrics metrics, ILogger<ServerCertificate> logger, bool asksClients = false)
{
    private volatile Served? _served;

    /// <summary>Whether there is a certificate to serve.</summary>
    public bool IsLoaded => _served is not null;

    /// <summary>The certificate that is served, or null.</summary>
    public X509Certificate2? Leaf => _served?.Leaf;

    /// <summary>What is sent with it.</summary>
    public X509Certificate2Collection Chain => _served?.Chain ?? [];

    /// <summary>The options for the next TLS connection: TLS 1.2 and later.</summary>
    public SslServerAuthenticationOptions Options => (_served ?? throw new InvalidOperationException("no certificate is loaded")).Options;

    /// <summary>Serves a certificate from the next connection on.</summary>
    /// <param name="certificates">The certificate, then those between it and the authority, PEM.</param>
    /// <param name="key">Its private key, PEM. Stays in memory.</param>
    /// <exception cref="CryptographicException">They do not fit together; what was served stays.</exception>
    /// <exception cref="ArgumentException">The same.</exception>
    public void Serve(string certificates, string key)
    {
        Served served = Served.Of(certificates, key, asksClients);
        _served = served;
        metrics.CertificateReloaded(true);
        metrics.CertificateExpires(served.Leaf.NotAfter.ToUniversalTime());
        Log.CertificateLoaded(logger, served.Leaf.Subject, served.Leaf.NotAfter.ToUniversalTime());
    }

    /// <summary>Serves a certificate that nobody trusts until there is one that somebody does: probes have to be answered before.</summary>
    /// <param name="certificates">The certificate, PEM.</param>
    /// <param name="key">Its private key, PEM.</param>
    public void ServeMeanwhile(string certificates, string key) => _served = Served.Of(certificates, key, asksClients);

    private sealed record Served(SslServerAuthenticationOptions Options, X509Certificate2 Leaf, X509Certificate2Collection Chain)
    {
        public static Served Of(string certificates, string key, bool asksClients)
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificates);
            if (chain.Count == 0)
            {
                throw new CryptographicException("no certificate");
            }

            X509Certificate2 leaf = X509Certificate2.CreateFromPem(certificates, key);
            chain.RemoveAt(0);
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
                EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13,
                ClientCertificateRequired = asksClients,
            };
            if (asksClients)
            {
#pragma warning disable CA5359 // Reviews look at it; a handshake that fails would keep probes out and show no reason.
                options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
            }

            return new Served(options, leaf, chain);
        }
    }
}
