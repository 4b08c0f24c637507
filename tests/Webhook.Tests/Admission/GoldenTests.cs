using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Webhook.Admission;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Rules;

namespace Webhook.Tests.Admission;

/// <summary>
/// Every folder of golden/ is a case: request.json, response.json, and config.yaml where the defaults do not hold.
/// UPDATE_GOLDEN=1 writes the responses anew.
/// </summary>
public sealed class GoldenTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string Root = Path.Combine(Checkout(), "tests", "Webhook.Tests", "golden");

    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateDirectories(Root).Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_answer_to_a_request_is_the_golden_one(string name)
    {
        string folder = Path.Combine(Root, name);
        string config = Path.Combine(folder, "config.yaml");
        EnforcementSettings? settings = EnforcementSettings.Default;
        if (File.Exists(config))
        {
            settings = ConfigurationReader.Read(File.ReadAllText(config), out IReadOnlyList<ConfigurationError> errors);
            Assert.Empty(errors);
        }

        string answer = Answer(File.ReadAllBytes(Path.Combine(folder, "request.json")), settings!);
        string golden = Path.Combine(folder, "response.json");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(golden, answer);
        }

        Assert.Equal(File.ReadAllText(golden), answer);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_answer_keeps_the_limits_of_the_API_server(string name)
    {
        JsonNode response = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, name, "response.json")))!["response"]!;
        string[] warnings = [.. (response["warnings"]?.AsArray() ?? []).Select(static warning => warning!.GetValue<string>())];
        Assert.All(warnings, static warning => Assert.InRange(warning.Length, 1, 256));
        Assert.InRange(warnings.Sum(static warning => warning.Length), 0, 4096);
        Assert.All(response["auditAnnotations"]?.AsObject() ?? [], static annotation => Assert.Matches("^[a-z][a-z-]{0,62}$", annotation.Key));
        Assert.Equal((bool)response["allowed"]!, response["status"] is null);
    }

    private static string Answer(byte[] body, EnforcementSettings settings)
    {
        using var metrics = new WebhookMetrics();
        var store = new ConfigurationStore(null, settings, metrics, NullLogger<ConfigurationStore>.Instance);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero));
        var reviewer = new AdmissionReviewer(store, static () => ClusterView.Unseen, time, metrics, NullLogger<AdmissionReviewer>.Instance);
        Assert.True(AdmissionReview.TryRead(body, out AdmissionReview? review, out string? error), error);
        JsonNode answer = JsonNode.Parse(AdmissionResponseWriter.Write(review.Uid, reviewer.Review(review)))!;
        Assert.Equal("admission.k8s.io/v1", (string?)answer["apiVersion"]);
        Assert.Equal("AdmissionReview", (string?)answer["kind"]);
        Assert.Equal(review.Uid, (string?)answer["response"]!["uid"]);
        return Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(answer, Indented)) + "\n";
    }

    private static string Checkout()
    {
        string? at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Webhook.sln")))
        {
            at = Path.GetDirectoryName(at) ?? throw new DirectoryNotFoundException("no Webhook.sln above the tests");
        }

        return at;
    }
}
