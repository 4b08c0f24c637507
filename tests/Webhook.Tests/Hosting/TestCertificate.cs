using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webhook.Tests.Hosting;

/// <summary>Self-signed certificates as PEM files.</summary>
internal static class TestCertificate
{
    public static (string Certificate, string Key) Write(Commands.TemporaryFolder folder, string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return (folder.Write("tls.crt", certificate.ExportCertificatePem()), folder.Write("tls.key", key.ExportPkcs8PrivateKeyPem()));
    }
}
