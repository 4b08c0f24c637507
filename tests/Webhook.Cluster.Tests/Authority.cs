using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webhook.Cluster.Tests;

/// <summary>A certificate authority for one test.</summary>
internal sealed class Authority : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddDays(-1);

    private readonly X509Certificate2 _certificate;

    public Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(Start, Start.AddDays(10));
    }

    public string Pem => _certificate.ExportCertificatePem();

    public X509Certificate2 Issue(string subject, AsymmetricAlgorithm key, string? dns = null)
    {
        CertificateRequest request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (dns is null)
        {
            names.AddIpAddress(System.Net.IPAddress.Loopback);
        }
        else
        {
            names.AddDnsName(dns);
        }

        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 bare = request.Create(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_certificate.GetECDsaPrivateKey()!), Start, Start.AddDays(5), RandomNumberGenerator.GetBytes(8));
        return key is RSA own ? bare.CopyWithPrivateKey(own) : bare.CopyWithPrivateKey((ECDsa)key);
    }

    public void Dispose() => _certificate.Dispose();
}
