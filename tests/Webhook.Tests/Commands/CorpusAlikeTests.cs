using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Webhook.Admission;
using Webhook.Audit;
using Webhook.Checking;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Output;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Tests.Commands;

/// <summary>
/// Real manifests (<c>../shared/corpus</c> beside the checkout) through webhook, audit and command line: the same findings. All files together
/// are the cluster, and their objects are opted in, since few of them are.
/// </summary>
public sealed class CorpusAlikeTests
{
    [Fact]
    public async Task Webhook_audit_and_command_line_find_the_same_in_all_files()
    {
        string corpus = Path.GetFullPath(Path.Combine(Golden.Checkout, "..", "shared", "corpus"));
        Assert.SkipUnless(Directory.Exists(corpus), "no ../shared/corpus beside the checkout");
        IReadOnlyDictionary<string, Field> world = OptedIn(Directory.EnumerateFiles(corpus, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        var cluster = ClusterObjects.Given(world.Values);
        using var metrics = new WebhookMetrics();
        var reviewer = new AdmissionReviewer(
            new ConfigurationStore(null, EnforcementSettings.Default, metrics, NullLogger<ConfigurationStore>.Instance),
            () => cluster, new FakeTimeProvider(Run.Now), metrics, NullLogger<AdmissionReviewer>.Instance);
        using var folder = new TemporaryFolder();
        Run run = await Run.Of("check", "-o", "json", folder.Write("world.yaml", string.Join("\n---\n", world.Values.Select(static root => root.Json))));
        Assert.True(run.Code is 0 or 1, run.Error);
        ILookup<string, JsonNode> fromFiles = JsonNode.Parse(run.Output)!["findings"]!.AsArray().ToLookup(static found => Key(found!), static found => found!);

        IReadOnlyList<CheckedObject> audit = new AuditRun(EnforcementSettings.Default, Run.Now).Judge(cluster, null, TestContext.Current.CancellationToken);
        foreach (CheckedObject audited in audit)
        {
            string key = $"{audited.Kind} {audited.Namespace}/{audited.Name}";
            Finding[] found = [.. audited.Findings.Select(static one => one.Finding)];
            Assert.Equal(
                found.Select(one => $"{key}: {one.Rule} {JsonOutput.Word(one.Severity)} {one.Path} {one.Message} {one.Remedy}"),
                fromFiles[key].Select(one => $"{key}: {one["rule"]} {one["severity"]} {one["path"]} {one["message"]} {one["remedy"]}"));
            AssertSame(key, [.. found.Where(static one => !RuleCatalog.Find(one.Rule)!.Info.IsAuditOnly)], Review(reviewer, world[key]));
        }

        Assert.Empty(fromFiles.Select(static group => group.Key).Except(audit.Select(static item => $"{item.Kind} {item.Namespace}/{item.Name}")));
        TestContext.Current.TestOutputHelper?.WriteLine($"{audit.Count} objects, {fromFiles.Sum(static group => group.Count())} findings");
        Assert.True(audit.Count > 500, $"{audit.Count} objects");
    }

    private static void AssertSame(string title, Finding[] expected, AdmissionResponse response)
    {
        Finding[] errors = [.. expected.Where(static one => one.Severity == Severity.Error)];
        Assert.True(response.Allowed == (errors.Length == 0), title);
        Assert.Equal((title, Ids(errors)), (title, Annotation(response, "rules")));
        Assert.Equal(
            (title, Ids(expected.Where(static one => one is { Severity: Severity.Warning, Unverified: false }))), (title, Annotation(response, "warnings")));
        Assert.Equal((title, Ids(expected.Where(static one => one.Unverified))), (title, Annotation(response, "unverified")));
        string[] places = [.. (response.Status?.Causes ?? []).Take(AdmissionResponses.MaxCauses).Select(static cause => cause.Field)];
        Assert.Equal(errors.Take(AdmissionResponses.MaxCauses).Select(static one => one.Path.ToString()), places);
    }

    private static string Ids(IEnumerable<Finding> findings) =>
        AdmissionResponses.Cut(string.Join(',', findings.Select(static finding => finding.Rule).Distinct(StringComparer.Ordinal)));

    private static string Annotation(AdmissionResponse response, string key) =>
        response.AuditAnnotations.FirstOrDefault(annotation => annotation.Key == key).Value ?? "";

    private static string Key(JsonNode found) => $"{found["kind"]} {found["namespace"]}/{found["name"]}";

    private static string Key(Field root) => $"{root["kind"].Text} {root["metadata"]["namespace"].Text}/{root["metadata"]["name"].Text}";

    private static AdmissionResponse Review(AdmissionReviewer reviewer, Field root)
    {
        string[] parts = root["apiVersion"].Text!.Split('/');
        var review = new JsonObject
        {
            ["apiVersion"] = "admission.k8s.io/v1",
            ["kind"] = "AdmissionReview",
            ["request"] = new JsonObject
            {
                ["uid"] = "1",
                ["operation"] = "CREATE",
                ["name"] = root["metadata"]["name"].Text,
                ["namespace"] = root["metadata"]["namespace"].Text ?? "",
                ["kind"] = new JsonObject { ["group"] = parts.Length > 1 ? parts[0] : "", ["version"] = parts[^1], ["kind"] = root["kind"].Text },
                ["object"] = JsonNode.Parse(root.Json),
            },
        };
        Assert.True(AdmissionReview.TryRead(Encoding.UTF8.GetBytes(review.ToJsonString()), out AdmissionReview? read, out string? error), error);
        return reviewer.Review(read);
    }

    // An API server never sends a key twice.
    private static JsonObject? Parse(Field root)
    {
        try
        {
            return JsonNode.Parse(root.Json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!.AsObject();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Every object with a name of its own, in a namespace where its kind is in one, and with the label that opts it in.
    private static Dictionary<string, Field> OptedIn(IEnumerable<string> files)
    {
        var world = new Dictionary<string, Field>(StringComparer.Ordinal);
        foreach (Manifest manifest in files.SelectMany(static file => ManifestReader.Read(File.ReadAllText(file))))
        {
            bool isMachine = manifest.Error is null && ResourceKinds.View(manifest.Root) is VirtualMachine;
            ClusterKind? kind = manifest.Error is null ? ClusterKind.Find(manifest.Root["apiVersion"].Text, manifest.Root["kind"].Text) : null;
            if ((kind is null && !isMachine) || Parse(manifest.Root) is not JsonObject root || root["metadata"] is not JsonObject metadata)
            {
                continue;
            }

            if (kind?.IsNamespaced != false)
            {
                metadata["namespace"] ??= "corpus";
            }
            else
            {
                metadata.Remove("namespace");
            }

            if (metadata["labels"] is null or JsonObject)
            {
                JsonObject labels = metadata["labels"]?.DeepClone().AsObject() ?? [];
                labels[isMachine ? InfoScaleMetadata.Cluster : InfoScaleMetadata.Role] ??= isMachine ? "erp" : "llt";
                metadata["labels"] = labels;
            }

            metadata["name"] ??= "nameless";
            if (world.ContainsKey(Key(Read(root))))
            {
                metadata["name"] = $"{metadata["name"]}-{world.Count}";
            }

            Field field = Read(root);
            world.Add(Key(field), field);
        }

        return world;
    }

    private static Field Read(JsonObject root) => Field.Parse(root.ToJsonString());
}
