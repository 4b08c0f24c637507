using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webhook.Output;

/// <summary>What is said of a certificate.</summary>
internal static class CertificateWords
{
    /// <summary>The names that it is for.</summary>
    public static IReadOnlyList<string> Names(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (X509SubjectAlternativeNameExtension extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            names.AddRange(extension.EnumerateDnsNames());
            names.AddRange(extension.EnumerateIPAddresses().Select(static address => address.ToString()));
        }

        return names;
    }

    /// <summary>SHA-256 of the certificate, in hexadecimal digits.</summary>
    public static string Fingerprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>A time in UTC, as RFC 3339 has it.</summary>
    public static string Time(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>How long it still holds.</summary>
    public static string Left(X509Certificate2 certificate, DateTimeOffset now)
    {
        TimeSpan left = certificate.NotAfter - now;
        return left <= TimeSpan.Zero ? "expired"
            : left >= TimeSpan.FromDays(2) ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalDays} days left")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours} hours left");
    }
}
