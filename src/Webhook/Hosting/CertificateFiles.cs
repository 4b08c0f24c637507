using System.Security.Cryptography;

namespace Webhook.Hosting;

/// <summary>
/// The serving certificate in two PEM files, taken over when they change. Files that do not fit together, as they are in the middle of a
/// change, leave the last good certificate in place.
/// </summary>
internal sealed class CertificateFiles : IPolled
{
    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly ServerCertificate _served;
    private readonly WebhookMetrics _metrics;
    private readonly ILogger _logger;
    private string _lastSeen = "";

    /// <summary>Loads the certificate; <see cref="Problem"/> tells if that failed.</summary>
    /// <param name="certificateFile">The certificate, then those between it and the authority.</param>
    /// <param name="keyFile">Its private key.</param>
    /// <param name="served">Serves it.</param>
    /// <param name="metrics">Counts what is rejected.</param>
    /// <param name="logger">Tells of it.</param>
    public CertificateFiles(string certificateFile, string keyFile, ServerCertificate served, WebhookMetrics metrics, ILogger<CertificateFiles> logger)
    {
        _certificateFile = certificateFile;
        _keyFile = keyFile;
        _served = served;
        _metrics = metrics;
        _logger = logger;
        Poll();
    }

    /// <summary>Why the files as they are now cannot be used, or null.</summary>
    public string? Problem { get; private set; }

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
            _served.Serve(certificates, key);
            _lastSeen = seen;
            Problem = null;
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
}
