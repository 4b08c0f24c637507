using System.Diagnostics;
using System.Text.Json;
using Webhook.Admission;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Hosting;

/// <summary>
/// Self-made reviews that are answered before the server is ready: every rule's examples, as creates and updates. They prove that a review
/// can be answered, and bring into memory what the first real one would wait for.
/// </summary>
internal static class WarmUp
{
    /// <summary>The bodies of the reviews.</summary>
    public static IReadOnlyList<byte[]> Bodies() =>
        [.. RuleCatalog.All.SelectMany(static rule => rule.Info.Examples).Select(Body)];

    /// <summary>Answers each review once and throws the answers away.</summary>
    public static int Run(AdmissionReviewer reviewer)
    {
        int count = 0;
        foreach (byte[] body in Bodies())
        {
            if (!AdmissionReview.TryRead(body, out AdmissionReview? review, out string? error))
            {
                throw new UnreachableException(error);
            }

            using AdmissionReview read = review;
            _ = AdmissionResponseWriter.Write(read.Uid, reviewer.Review(read));
            count++;
        }

        return count;
    }

    private static byte[] Body(Example example)
    {
        Field subject = Parse(example.Yaml);
        string[] version = subject["apiVersion"].Text!.Split('/');
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion", AdmissionReview.ApiVersion);
            writer.WriteString("kind", "AdmissionReview");
            writer.WriteStartObject("request");
            writer.WriteString("uid", "warm-up");
            writer.WriteStartObject("kind");
            writer.WriteString("group", version[0]);
            writer.WriteString("version", version[1]);
            writer.WriteString("kind", subject["kind"].Text);
            writer.WriteEndObject();
            writer.WriteString("operation", example.Old is null ? "CREATE" : "UPDATE");
            writer.WritePropertyName("object");
            subject.WriteTo(writer);
            if (example.Old is not null)
            {
                writer.WritePropertyName("oldObject");
                Parse(example.Old).WriteTo(writer);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static Field Parse(string yaml) => ManifestReader.Read(yaml).First().Root;
}
