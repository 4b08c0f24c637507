using System.Security.Cryptography.X509Certificates;
using Webhook.Hosting;

namespace Webhook.Certificates;

/// <summary>
/// Whether the API server believes the certificate that is served, as far as the webhook configurations could be read. What could be read last
/// counts until it can be read again.
/// </summary>
/// <param name="certificate">What is served.</param>
/// <param name="metrics">Shows how many webhooks do not believe it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells when that changes.</param>
internal sealed class ServedTrust(ServerCertificate certificate, WebhookMetrics metrics, TimeProvider time, ILogger<ServedTrust> logger)
{
    private readonly Dictionary<string, WebhookConfiguration?> _seen = new(StringComparer.Ordinal);
    private string _told = "";
    private volatile string? _problem;

    /// <summary>
    /// Why no review can arrive: every webhook that names authorities names others than that of the certificate. Null where one believes it, or
    /// may: a replica that one kind of request reaches must not be taken from it because another kind fails. See Decisions/0011.
    /// </summary>
    public string? Problem => _problem;

    /// <summary>A configuration was read.</summary>
    /// <param name="resource">The plural name of its kind.</param>
    /// <param name="configuration">What was read; null where there is none.</param>
    public void Take(string resource, WebhookConfiguration? configuration) => _seen[resource] = configuration;

    /// <summary>Compares what is served now with what was read last.</summary>
    public void Judge()
    {
        var distrust = new List<string>();
        var doubts = new Dictionary<(AuthorityBundle, string), string?>();
        bool isReached = false;
        DateTimeOffset now = time.GetUtcNow();
        if (certificate.Leaf is X509Certificate2 leaf)
        {
            foreach (WebhookConfiguration? configuration in _seen.Values)
            {
                foreach (WebhookEntry entry in configuration?.Entries ?? [])
                {
                    if (!doubts.TryGetValue((entry.Bundle, entry.Host), out string? doubt))
                    {
                        doubts[(entry.Bundle, entry.Host)] = doubt = Doubt(entry, leaf, certificate.Chain, now);
                    }

                    if (doubt is null)
                    {
                        isReached = true;
                    }
                    else
                    {
                        distrust.Add($"{configuration!.Kind} {configuration.Name}, {entry.Name}: {doubt}");
                    }
                }
            }
        }

        _problem = distrust.Count > 0 && !isReached ? $"the API server does not trust the certificate that is served: {distrust[0]}" : null;
        metrics.CertificateDistrusted(distrust.Count);
        string told = distrust.Count > 0 ? distrust[0] : "";
        if (told != _told)
        {
            _told = told;
            if (distrust.Count > 0)
            {
                Log.CertificateDistrusted(logger, distrust.Count, distrust[0]);
            }
            else
            {
                Log.CertificateTrusted(logger);
            }
        }
    }

    /// <summary>Why the API server does not believe a certificate when it calls a webhook; null where it does, or may.</summary>
    /// <param name="entry">The webhook.</param>
    /// <param name="leaf">The certificate.</param>
    /// <param name="chain">What is sent with it.</param>
    /// <param name="now">The time.</param>
    public static string? Doubt(WebhookEntry entry, X509Certificate2 leaf, X509Certificate2Collection chain, DateTimeOffset now) =>
        leaf.NotAfter <= now ? "the certificate has expired"
        : Uri.CheckHostName(entry.Host) == UriHostNameType.Unknown ? "it leads to no host"
        : !leaf.MatchesHostname(entry.Host, allowWildcards: true, allowCommonName: false) ? $"the certificate is not for {entry.Host}"
        : entry.Bundle.IsEmpty || entry.Bundle.Trusts(leaf, chain, now) ? null
        : entry.Bundle.Authorities.Count == 0 ? "the caBundle cannot be read"
        : "the caBundle has other authorities";
}
