using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webhook.Hosting;

/// <summary>
/// The serving certificate from two PEM files, taken over when they change. Files that do not fit together, as they are in the middle of a
/// change, leave the last good certificate in place.
/// </summary>
internal sealed class ServerCertificate : IPolled
{
    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly WebhookMetrics _metrics;
    private readonly ILogger _logger;
    private volatile Served? _served;
    private string _lastSeen = "";

    /// <summary>Loads the certificate; <see cref="Problem"/> tells if that failed.</summary>
    /// <param name="certificateFile">The certificate, then those between it and the authority.</param>
    /// <param name="keyFile">Its private key.</param>
    /// <param name="metrics">Counts reloads and shows the expiry.</param>
    /// <param name="logger">Tells of reloads.</param>
    public ServerCertificate(string certificateFile, string keyFile, WebhookMetrics metrics, ILogger<ServerCertificate> logger)
    {
        _certificateFile = certificateFile;
        _keyFile = keyFile;
        _metrics = metrics;
        _logger = logger;
        Poll();
    }

    /// <summary>Why the files as they are now cannot be used, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether there is a certificate to serve.</summary>
    public bool IsLoaded => _served is not null;

    /// <summary>When the certificate that is served expires, in UTC.</summary>
    public DateTime? NotAfter => _served?.NotAfter;

    /// <summary>The options for the next TLS connection: TLS 1.2 and later.</summary>
    public SslServerAuthenticationOptions Options => (_served ?? throw new InvalidOperationException("no certificate is loaded")).Options;

    /// <inheritdoc/>
    public void Poll()
    {
        string certificates, key;
        try
        {
            certificates = File.ReadAllText(_certificateFile);
            key = File.ReadAllText(_keyFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Reject(exception.Message, exception.Message);
            return;
        }

        // The key itself is not kept in memory a second time.
        string seen = Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(certificates + key)));
        if (seen == _lastSeen)
        {
            return;
        }

        try
        {
            Served served = Served.Of(certificates, key);
            _served = served;
            _lastSeen = seen;
            Problem = null;
            _metrics.CertificateReloaded(true);
            _metrics.CertificateExpires(served.NotAfter);
            Log.CertificateLoaded(_logger, served.Subject, served.NotAfter);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            Reject(seen, $"{_certificateFile} and {_keyFile} hold no certificate with its private key: {exception.Message}");
        }
    }

    private void Reject(string seen, string reason)
    {
        Problem = reason;
        if (seen != _lastSeen)
        {
            _lastSeen = seen;
            _metrics.CertificateReloaded(false);
            Log.CertificateRejected(_logger, reason);
        }
    }

    private sealed record Served(SslServerAuthenticationOptions Options, DateTime NotAfter, string Subject)
    {
        public static Served Of(string certificates, string key)
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificates);
            if (chain.Count == 0)
            {
                throw new CryptographicException("no certificate");
            }

            X509Certificate2 leaf = X509Certificate2.CreateFromPem(certificates, key);
            chain.RemoveAt(0);
            return new Served(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
                    EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13,
                },
                leaf.NotAfter.ToUniversalTime(),
                leaf.Subject);
        }
    }
}
