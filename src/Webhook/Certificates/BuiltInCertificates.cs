using System.Security.Cryptography.X509Certificates;
using Webhook.Cluster;
using Webhook.Hosting;

namespace Webhook.Certificates;

/// <summary>
/// The certificate without anybody's help: shared in a Secret, trusted by the caBundle of the project's own webhook configurations, renewed
/// well before its end. One rule keeps every change free of failures, whoever makes it and in whatever order replicas see it: a replica serves
/// a certificate only once every webhook trusts it and the API servers have had time to hear of that, and until then what it served before.
/// See Decisions/0011.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="secret">Where the replicas keep it.</param>
/// <param name="configuration">The name of the webhook configurations.</param>
/// <param name="certificate">What is served.</param>
/// <param name="trust">Whether it is trusted.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells of changes and failures.</param>
internal sealed class BuiltInCertificates(
    ApiClient client, CertificateSecret secret, string configuration, ServerCertificate certificate, ServedTrust trust, TimeProvider time,
    ILogger<BuiltInCertificates> logger) : ICertificateKeeper
{
    /// <summary>How long every webhook must have trusted a certificate before it is served: API servers hear of a change by a watch.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private const int MostTries = 3;

    // A replica that starts and finds a certificate of this age trusted need not wait: another one has published it before.
    private static readonly TimeSpan Known = TimeSpan.FromMinutes(2);

    private IssuedCertificate? _served;
    private IssuedCertificate? _newest;
    private IssuedCertificate? _trusted;
    private long _trustedSince;
    private volatile string? _missing = "not read yet";

    /// <inheritdoc/>
    public string? Problem => _missing is string reason ? $"the certificate of Secret {secret.Place} is not served yet: {reason}" : trust.Problem;

    /// <inheritdoc/>
    public TimeSpan? Soon => _trusted is not null && _trusted != _served ? Settling : null;

    /// <inheritdoc/>
    public async Task<ApiError?> LookAsync(CancellationToken cancellation)
    {
        (IssuedCertificate? issued, ApiError? error) = await secret.GetAsync(cancellation);
        _newest = issued ?? _newest;
        bool isTrusted = issued is not null, isChanged = false;
        foreach (string resource in WebhookConfiguration.Resources)
        {
            (ApiResult<WebhookConfiguration?> now, bool changed) = await TrustAsync(resource, cancellation);
            error ??= now.Error;
            isTrusted &= now.Error is null;
            isChanged |= changed;
            if (now.Error is null)
            {
                trust.Take(resource, now.Value);
            }
        }

        Adopt(isTrusted, isChanged);
        if (_served is null)
        {
            _missing = error?.Message ?? "API servers have to hear of it first";
            return error;
        }

        trust.Judge();
        _missing = null;
        return error;
    }

    // Makes a configuration trust what is served and what will be, and gives it as it is then.
    private async Task<(ApiResult<WebhookConfiguration?> Now, bool IsChanged)> TrustAsync(string resource, CancellationToken cancellation)
    {
        ApiResult<WebhookConfiguration?> read = default;
        for (int tries = 0; tries < MostTries; tries++)
        {
            read = await WebhookConfiguration.ReadAsync(client, resource, configuration, cancellation);
            if (read.Error is not null || read.Value is null || _newest is null)
            {
                return (read, false);
            }

            Dictionary<int, AuthorityBundle> wanted = Wanted(read.Value, _newest);
            if (wanted.Count == 0)
            {
                return (read, false);
            }

            ApiResult<WebhookConfiguration> patched = await read.Value.PatchAsync(client, wanted, cancellation);
            if (patched.Error is null)
            {
                Log.CertificateAuthorityPublished(logger, read.Value.Kind, configuration, wanted.Count);
                return (patched.Value, true);
            }

            // Refused: it has fewer webhooks by now.
            read = patched.Error;
            if (patched.Error.Kind is not (ApiErrorKind.Conflict or ApiErrorKind.Rejected))
            {
                break;
            }
        }

        return (read, false);
    }

    private Dictionary<int, AuthorityBundle> Wanted(WebhookConfiguration read, IssuedCertificate newest)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<X509Certificate2> needed = [newest.Authority];
        if (_served is not null && _served.NotAfter > now)
        {
            needed.Add(_served.Authority);
        }

        var wanted = new Dictionary<int, AuthorityBundle>();
        for (int i = 0; i < read.Entries.Count; i++)
        {
            // Somebody may have named the configuration of another project: its webhooks lead to other Services.
            WebhookEntry entry = read.Entries[i];
            if (entry.IsService && entry.Host == secret.Hosts[0] && entry.Bundle.Mended(needed, now) is AuthorityBundle mended)
            {
                wanted[i] = mended;
            }
        }

        return wanted;
    }

    private void Adopt(bool isTrusted, bool isChanged)
    {
        if (_newest is null || !isTrusted)
        {
            _trusted = null;
            return;
        }

        if (_served is not null && _served.IsSameAs(_newest))
        {
            _trusted = _served;
            return;
        }

        if (_trusted is null || !_trusted.IsSameAs(_newest))
        {
            _trusted = _newest;
            _trustedSince = time.GetTimestamp();
            if (isChanged || time.GetUtcNow() - _newest.IssuedAt < Known)
            {
                return;
            }
        }
        else if (time.GetElapsedTime(_trustedSince) < Settling)
        {
            return;
        }

        certificate.Serve(_newest.CertificatePem, _newest.KeyPem);
        _served = _trusted = _newest;
    }
}
