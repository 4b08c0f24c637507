using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Webhook.Certificates;

/// <summary>The authorities that a <c>caBundle</c> names: whom the API server believes when it calls a webhook.</summary>
internal sealed class AuthorityBundle
{
    /// <summary>The use of a certificate by a server.</summary>
    public static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");

    /// <summary>The use of a certificate by a client.</summary>
    public static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private AuthorityBundle(X509Certificate2Collection authorities, bool isEmpty)
    {
        Authorities = authorities;
        IsEmpty = isEmpty;
    }

    /// <summary>The authorities. None where the bundle cannot be read: then the API server believes nobody.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>Whether there is no bundle: then the API server believes the authorities of its own machine, which nobody here can know.</summary>
    public bool IsEmpty { get; }

    /// <summary>A bundle of these.</summary>
    public static AuthorityBundle Of(X509Certificate2Collection authorities) => new(authorities, authorities.Count == 0);

    /// <summary>Reads a <c>caBundle</c>.</summary>
    /// <param name="base64">What stands there: PEM in base64, or nothing.</param>
    public static AuthorityBundle Read(string base64)
    {
        if (base64.Length == 0)
        {
            return new([], isEmpty: true);
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(base64)));
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            authorities.Clear();
        }

        return new(authorities, isEmpty: false);
    }

    /// <summary>The same as a <c>caBundle</c>.</summary>
    public string Write()
    {
        var pem = new StringBuilder();
        foreach (X509Certificate2 authority in Authorities)
        {
            pem.Append(authority.ExportCertificatePem()).Append('\n');
        }

        return Convert.ToBase64String(Encoding.ASCII.GetBytes(pem.ToString()));
    }

    /// <summary>Whether an authority is among them.</summary>
    public bool Contains(X509Certificate2 authority)
    {
        foreach (X509Certificate2 one in Authorities)
        {
            if (one.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether who believes these authorities believes a certificate. As in Go (crypto/x509 verify.go) each certificate of the bundle is an
    /// anchor, be it a root or not.
    /// </summary>
    /// <param name="certificate">The certificate of a server or client.</param>
    /// <param name="chain">What is sent with it.</param>
    /// <param name="now">The time.</param>
    /// <param name="use">What the certificate must be good for; <see cref="ServerUse"/> without it.</param>
    public bool Trusts(X509Certificate2 certificate, X509Certificate2Collection chain, DateTimeOffset now, Oid? use = null)
    {
        // One by one: while an authority is renewed, the old and the new one may have the same name.
        foreach (X509Certificate2 anchor in Authorities)
        {
            using var built = new X509Chain();
            built.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            built.ChainPolicy.CustomTrustStore.Add(anchor);
            built.ChainPolicy.ExtraStore.AddRange(chain);
            built.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            built.ChainPolicy.ApplicationPolicy.Add(use ?? ServerUse);
            built.ChainPolicy.DisableCertificateDownloads = true;
            built.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
            built.ChainPolicy.VerificationTimeIgnored = false;
            built.ChainPolicy.VerificationTime = now.LocalDateTime;
            if (!built.Build(certificate))
            {
                continue;
            }

            foreach (X509ChainElement element in built.ChainElements)
            {
                if (element.Certificate.RawDataMemory.Span.SequenceEqual(anchor.RawDataMemory.Span))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>What the bundle must become, or null where it may stay: it has what it needs, and nothing that has ended or cannot be read.</summary>
    /// <param name="needed">The authorities that must be in it.</param>
    /// <param name="now">The time.</param>
    public AuthorityBundle? Mended(IEnumerable<X509Certificate2> needed, DateTimeOffset now)
    {
        var mended = new X509Certificate2Collection();
        var result = new AuthorityBundle(mended, isEmpty: false);
        foreach (X509Certificate2 authority in needed)
        {
            if (!result.Contains(authority))
            {
                mended.Add(authority);
            }
        }

        // What is there and has not ended stays: a replica may still serve a certificate of it.
        bool isSame = Authorities.Count > 0;
        foreach (X509Certificate2 authority in mended)
        {
            isSame &= Contains(authority);
        }

        foreach (X509Certificate2 authority in Authorities)
        {
            bool isOver = authority.NotAfter <= now;
            isSame &= !isOver;
            if (!isOver && !result.Contains(authority))
            {
                mended.Add(authority);
            }
        }

        return isSame ? null : result;
    }
}
