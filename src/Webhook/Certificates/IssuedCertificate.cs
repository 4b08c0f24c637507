using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webhook.Certificates;

/// <summary>
/// A serving certificate of the program's own making, ECDSA P-256, with its key and the authority that signed it. The authority signs one
/// certificate and its key is forgotten (as knative/pkg webhook/certificates/resources/certs.go has it): what a thief of the Secret gets can
/// serve until it ends, and sign nothing. So each renewal is a change of the authority, and there is one way to renew.
/// </summary>
internal sealed class IssuedCertificate
{
    /// <summary>From the issue to the end of certificate and authority.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(90);

    /// <summary>The name of the authority.</summary>
    public const string AuthorityName = "infoscale-webhook-ca";

    // For API servers whose clock is late.
    private static readonly TimeSpan Earlier = TimeSpan.FromHours(1);

    private IssuedCertificate(string authorityPem, string certificatePem, string keyPem, X509Certificate2 authority, X509Certificate2 certificate)
    {
        AuthorityPem = authorityPem;
        CertificatePem = certificatePem;
        KeyPem = keyPem;
        Authority = authority;
        Certificate = certificate;
    }

    /// <summary>The authority, PEM.</summary>
    public string AuthorityPem { get; }

    /// <summary>The certificate, PEM.</summary>
    public string CertificatePem { get; }

    /// <summary>The private key of the certificate, PEM. For the Secret and the server; for no log and no output.</summary>
    public string KeyPem { get; }

    /// <summary>The authority, without a key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The certificate, without its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset IssuedAt => Certificate.NotBefore + Earlier;

    /// <summary>When it ends.</summary>
    public DateTimeOffset NotAfter => Certificate.NotAfter;

    /// <summary>Makes an authority and one certificate of it.</summary>
    /// <param name="names">The names of the server, the first one of which becomes the subject.</param>
    /// <param name="now">The time.</param>
    public static IssuedCertificate Make(IReadOnlyList<string> names, DateTimeOffset now)
    {
        DateTimeOffset from = now - Earlier, until = now + Life;
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN={AuthorityName}", authorityKey, HashAlgorithmName.SHA256);
        var identifier = new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, critical: false);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        authorityRequest.CertificateExtensions.Add(identifier);
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(from, until);

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([AuthorityBundle.ServerUse], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier));
        request.CertificateExtensions.Add(alternatives.Build());
        using X509Certificate2 certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(16));
        string authorityPem = authority.ExportCertificatePem() + "\n", certificatePem = certificate.ExportCertificatePem() + "\n";
        return new IssuedCertificate(
            authorityPem, certificatePem, key.ExportPkcs8PrivateKeyPem() + "\n", X509Certificate2.CreateFromPem(authorityPem), X509Certificate2.CreateFromPem(certificatePem));
    }

    /// <summary>Reads one back.</summary>
    /// <param name="authority">The authority, PEM.</param>
    /// <param name="certificate">The certificate, PEM.</param>
    /// <param name="key">Its private key, PEM.</param>
    /// <param name="issued">What was read.</param>
    /// <returns>Whether the three belong together.</returns>
    public static bool TryRead(string authority, string certificate, string key, [NotNullWhen(true)] out IssuedCertificate? issued)
    {
        issued = null;
        try
        {
            using X509Certificate2 both = X509Certificate2.CreateFromPem(certificate, key);
            var read = new IssuedCertificate(
                authority, certificate, key, X509Certificate2.CreateFromPem(authority), X509Certificate2.CreateFromPem(certificate));
            if (AuthorityBundle.Of([read.Authority]).Trusts(read.Certificate, [], read.Certificate.NotBefore))
            {
                issued = read;
            }
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // Then they do not.
        }

        return issued is not null;
    }

    /// <summary>Whether it is time for the next one: two thirds of its life are over, which leaves a month.</summary>
    public bool IsDue(DateTimeOffset now)
    {
        DateTimeOffset from = Certificate.NotBefore;
        return now >= from + ((NotAfter - from) * 2 / 3);
    }

    /// <summary>Whether it is good for a server of all these names.</summary>
    public bool IsFor(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (!Certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether both are the same certificate.</summary>
    public bool IsSameAs(IssuedCertificate other) => Certificate.RawDataMemory.Span.SequenceEqual(other.Certificate.RawDataMemory.Span);
}
