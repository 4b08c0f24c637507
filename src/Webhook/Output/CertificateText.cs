using System.Security.Cryptography.X509Certificates;
using Webhook.Certificates;

namespace Webhook.Output;

/// <summary>Certificates for people at a terminal.</summary>
/// <param name="output">Takes the text.</param>
/// <param name="hasColour">Whether the output takes colours.</param>
internal sealed class CertificateText(TextWriter output, bool hasColour)
{
    private readonly Styles _styles = new(hasColour);

    /// <summary>Writes what was found, and whether it agrees.</summary>
    public void Write(CertificateSurvey survey)
    {
        foreach (CertificateSource source in survey.Sources)
        {
            string title = source.Kind switch { "served" => "served at", "file" => "file", _ => "Secret" };
            output.WriteLine($"{_styles.Bold(title)} {PlainText.OfLine(source.Place)}");
            if (source.Certificate is not X509Certificate2 certificate)
            {
                Row("", source.IsFailure ? _styles.Red(PlainText.OfLine(source.Missing!)) : PlainText.OfLine(source.Missing!));
            }
            else if (source.Kind != "served" && certificate.Thumbprint == survey.Served.Certificate?.Thumbprint)
            {
                Row("", _styles.Green("the one that is served"));
            }
            else
            {
                Write(certificate, survey.Now);
            }

            output.WriteLine();
        }

        foreach (WebhookConfiguration configuration in survey.Configurations)
        {
            Write(configuration, survey);
            output.WriteLine();
        }

        IReadOnlyList<string> problems = survey.Problems();
        foreach (string problem in problems)
        {
            output.WriteLine($"{_styles.Red("problem")}: {PlainText.OfLine(problem)}");
        }

        if (problems.Count == 0 && survey.Served.Certificate is not null)
        {
            output.WriteLine(survey.Sources.Count == 1 && survey.Configurations.Count == 0
                ? "There is nothing to compare it with: give --cert FILE, or --cluster"
                : survey.Failures.Count > 0 ? "What was seen agrees" : _styles.Green("They agree"));
        }
    }

    private void Write(X509Certificate2 certificate, DateTimeOffset now)
    {
        Row("certificate", PlainText.OfLine(certificate.Subject));
        Row("signed by", PlainText.OfLine(certificate.Issuer));
        Row("for", PlainText.OfLine(string.Join(", ", CertificateWords.Names(certificate))));
        Row("valid", $"{CertificateWords.Time(certificate.NotBefore)} to {CertificateWords.Time(certificate.NotAfter)}, {Left(certificate, now)}");
        Row("SHA-256", CertificateWords.Fingerprint(certificate));
    }

    private void Write(WebhookConfiguration configuration, CertificateSurvey survey)
    {
        output.WriteLine($"{_styles.Bold(configuration.Kind)} {PlainText.OfLine(configuration.Name)}");

        // Mostly all webhooks of a configuration are alike.
        foreach (IGrouping<(AuthorityBundle, string?), WebhookEntry> group in configuration.Entries.GroupBy(entry => (entry.Bundle, survey.Doubt(entry))))
        {
            (AuthorityBundle bundle, string? doubt) = group.Key;
            string names = group.Count() == configuration.Entries.Count ? $"all {group.Count()} webhooks" : string.Join(", ", group.Select(static entry => entry.Name));
            string verdict = survey.Served.Certificate is null ? "nothing is served to compare with"
                : doubt is not null ? _styles.Red(PlainText.OfLine(doubt))
                : bundle.IsEmpty ? _styles.Yellow("no caBundle: the API server asks the authorities of its own machine")
                : _styles.Green("trusts what is served");
            Row("", $"{PlainText.OfLine(names)}: {verdict}");
            foreach (X509Certificate2 authority in bundle.Authorities)
            {
                Row("authority", $"{PlainText.OfLine(authority.Subject)} until {CertificateWords.Time(authority.NotAfter)}, {Left(authority, survey.Now)}");
            }
        }
    }

    private string Left(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotAfter <= now ? _styles.Red("expired") : CertificateWords.Left(certificate, now);

    private void Row(string name, string text) => output.WriteLine(name.Length == 0 ? $"  {text}" : $"  {_styles.Dim(name.PadRight(11))}  {text}");
}
