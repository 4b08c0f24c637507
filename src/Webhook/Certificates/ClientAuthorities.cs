using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Webhook.Hosting;

namespace Webhook.Certificates;

/// <summary>
/// Who may ask for reviews: clients whose certificate is from the authorities of a file, which is read again when it changes. The handshake asks
/// for a certificate and takes any or none, since probes have none; the answer to a review is what is refused.
/// </summary>
internal sealed class ClientAuthorities : IPolled
{
    private readonly string _file;
    private readonly IReadOnlyList<string> _names;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private string _lastSeen = "";
    private volatile Known? _known;

    /// <summary>Reads the file; <see cref="Problem"/> tells if that failed.</summary>
    /// <param name="file">The authorities, PEM.</param>
    /// <param name="names">The common names of which a client must have one; empty for any.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Tells of a file that cannot be used.</param>
    public ClientAuthorities(string file, IReadOnlyList<string> names, TimeProvider time, ILogger<ClientAuthorities> logger)
    {
        _file = file;
        _names = names;
        _time = time;
        _logger = logger;
        Poll();
    }

    /// <summary>Why the file as it is now cannot be used, or null.</summary>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    public void Poll()
    {
        string seen;
        try
        {
            seen = File.ReadAllText(_file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Reject(exception.Message, exception.Message);
            return;
        }

        if (seen == _lastSeen)
        {
            return;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(seen);
        }
        catch (CryptographicException)
        {
            authorities.Clear();
        }

        if (authorities.Count == 0)
        {
            Reject(seen, $"{_file} holds no certificate of an authority");
            return;
        }

        _known = new Known(AuthorityBundle.Of(authorities));
        _lastSeen = seen;
        Problem = null;
    }

    /// <summary>Why a client may not ask for a review; null where it may.</summary>
    /// <param name="certificate">Its certificate, or null.</param>
    public string? Refusal(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return "a client certificate is needed, and none was sent";
        }

        // A connection shows the same object with each request. To look at it once a millisecond is spent, with each request too many.
        if (_known is not Known known || certificate.NotAfter <= _time.GetUtcNow())
        {
            return "the client certificate is not trusted";
        }

        if (!known.Verdicts.TryGetValue(certificate, out Verdict? verdict))
        {
            verdict = new Verdict(Look(certificate, known.Authorities));
            known.Verdicts.AddOrUpdate(certificate, verdict);
        }

        return verdict.Refusal;
    }

    private string? Look(X509Certificate2 certificate, AuthorityBundle authorities)
    {
        if (!authorities.Trusts(certificate, [], _time.GetUtcNow(), AuthorityBundle.ClientUse))
        {
            return "the client certificate is not trusted";
        }

        return _names.Count == 0 || _names.Contains(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), StringComparer.Ordinal)
            ? null
            : "the client certificate has another name than the allowed ones";
    }

    private void Reject(string seen, string reason)
    {
        Problem = reason;
        if (seen != _lastSeen)
        {
            _lastSeen = seen;
            Log.ClientAuthorityRejected(_logger, reason);
        }
    }

    private sealed record Verdict(string? Refusal);

    // The verdicts go with the authorities by which they were found.
    private sealed record Known(AuthorityBundle Authorities)
    {
        public ConditionalWeakTable<X509Certificate2, Verdict> Verdicts { get; } = [];
    }
}
