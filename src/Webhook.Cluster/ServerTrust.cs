using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webhook.Cluster;

/// <summary>Whether the certificate of an API server is trusted: by its own authorities, by the system's, or without looking.</summary>
internal sealed class ServerTrust
{
    private readonly Func<string>? _read;
    private readonly bool _isBlind;

    private ServerTrust(Func<string>? read, bool isBlind)
    {
        _read = read;
        _isBlind = isBlind;
    }

    /// <summary>The authorities of the system.</summary>
    public static ServerTrust System { get; } = new(null, isBlind: false);

    /// <summary><c>insecure-skip-tls-verify</c>.</summary>
    public static ServerTrust Blind { get; } = new(null, isBlind: true);

    /// <summary>These authorities and no others, PEM; read for each new connection, since they may be renewed.</summary>
    public static ServerTrust In(Func<string> read) => new(read, isBlind: false);

    /// <summary>A <see cref="RemoteCertificateValidationCallback"/>.</summary>
    public bool IsTrusted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_isBlind || _read is null)
        {
            return _isBlind || errors == SslPolicyErrors.None;
        }

        if (certificate is not X509Certificate2 served || chain is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        try
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(_read());
            chain.ChainPolicy.ExtraStore.AddRange(authorities);

            // One by one: while an authority is renewed, the old and the new one may have the same name.
            foreach (X509Certificate2 authority in authorities)
            {
                chain.Reset();
                chain.ChainPolicy.CustomTrustStore.Clear();
                chain.ChainPolicy.CustomTrustStore.Add(authority);
                if (chain.Build(served))
                {
                    return true;
                }
            }

            return false;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
