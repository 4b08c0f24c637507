using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>The certificates of the API server, as a server and towards webhooks, and of its administrator, as files in a folder.</summary>
internal static class TestCertificates
{
    /// <summary>Writes ca.crt, apiserver.crt and .key, admin.crt and .key, webhook-client.crt and .key, and service-account.key.</summary>
    public static void Write(string folder)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using ECDsa caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test CA", caKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 ca = request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "ca.crt"), ca.ExportCertificatePem());

        Issue(ca, folder, "apiserver", "CN=kube-apiserver", "1.3.6.1.5.5.7.3.1");
        Issue(ca, folder, "admin", "CN=admin, O=system:masters", "1.3.6.1.5.5.7.3.2");
        Issue(ca, folder, "webhook-client", "CN=kube-apiserver", "1.3.6.1.5.5.7.3.2");
        using var serviceAccounts = RSA.Create(2048);
        File.WriteAllText(Path.Combine(folder, "service-account.key"), serviceAccounts.ExportRSAPrivateKeyPem());
    }

    private static void Issue(X509Certificate2 ca, string folder, string name, string subject, string usage)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(ca, ca.NotBefore, ca.NotAfter, RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(Path.Combine(folder, name + ".crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, name + ".key"), key.ExportPkcs8PrivateKeyPem());
    }
}
