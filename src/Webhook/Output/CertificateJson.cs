using System.Security.Cryptography.X509Certificates;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Webhook.Certificates;

namespace Webhook.Output;

/// <summary>Certificates for programs. Its names are a contract: members are added, never renamed.</summary>
internal static class CertificateJson
{
    private static readonly CertificateDocument Contract = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes what was found, and whether it agrees.</summary>
    public static void Write(CertificateSurvey survey, TextWriter output)
    {
        IReadOnlyList<string> problems = survey.Problems();
        var document = new Document(
            [.. survey.Sources.Select(static source => new Source(
                source.Kind, source.Place, source.Certificate is null ? null : Item(source.Certificate), source.Missing))],
            [.. survey.Configurations.Select(configuration => new Configuration(
                configuration.Kind,
                configuration.Name,
                [.. configuration.Entries.Select(entry => new Entry(
                    entry.Name,
                    entry.Host,
                    [.. entry.Bundle.Authorities.Select(Item)],
                    survey.Served.Certificate is null || (entry.Bundle.IsEmpty && survey.Doubt(entry) is null) ? null : survey.Doubt(entry) is null,
                    survey.Doubt(entry)))]))],
            problems,
            survey.Failures,
            problems.Count == 0 && survey.Failures.Count == 0);
        output.Write(JsonSerializer.Serialize(document, Contract.Document));
        output.Write('\n');
    }

    private static Certificate Item(X509Certificate2 certificate) => new(
        certificate.Subject,
        certificate.Issuer,
        CertificateWords.Names(certificate),
        CertificateWords.Time(certificate.NotBefore),
        CertificateWords.Time(certificate.NotAfter),
        CertificateWords.Fingerprint(certificate));

    internal sealed record Document(
        IReadOnlyList<Source> Certificates, IReadOnlyList<Configuration> Configurations, IReadOnlyList<string> Problems, IReadOnlyList<string> NotSeen, bool Agree);

    internal sealed record Source(string Kind, string Place, Certificate? Certificate, string? Missing);

    internal sealed record Certificate(string Subject, string Issuer, IReadOnlyList<string> Names, string NotBefore, string NotAfter, string Sha256);

    internal sealed record Configuration(string Kind, string Name, IReadOnlyList<Entry> Webhooks);

    internal sealed record Entry(string Name, string Host, IReadOnlyList<Certificate> Authorities, bool? TrustsServed, string? Problem);
}

/// <summary>The serializer of the certificates.</summary>
[JsonSerializable(typeof(CertificateJson.Document))]
internal sealed partial class CertificateDocument : JsonSerializerContext;
