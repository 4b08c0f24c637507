using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Webhook.Admission;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Yaml;
using Webhook.Rules;
using Webhook.Rules.Tests;

namespace Webhook.Tests.Admission;

/// <summary>Mutates objects as an API server would have it done, and compares what comes out with what went in.</summary>
internal sealed class Mutation(EnforcementSettings settings, ClusterView cluster)
{
    public static readonly EnforcementSettings Everything = EnforcementSettings.Default with { MutatesNodeNetworks = true };

    /// <summary>The answer to a review.</summary>
    public AdmissionResponse Review(JsonNode @object, string operation = "CREATE", bool dryRun = false, WebhookMetrics? counted = null)
    {
        using var own = new WebhookMetrics();
        WebhookMetrics metrics = counted ?? own;
        string[] version = ((string)@object["apiVersion"]!).Split('/');
        var body = new JsonObject
        {
            ["apiVersion"] = "admission.k8s.io/v1",
            ["kind"] = "AdmissionReview",
            ["request"] = new JsonObject
            {
                ["uid"] = "u",
                ["operation"] = operation,
                ["dryRun"] = dryRun,
                ["kind"] = new JsonObject { ["group"] = version[0], ["version"] = version[^1], ["kind"] = (string)@object["kind"]! },
                ["name"] = (string?)@object["metadata"]?["name"],
                ["namespace"] = (string?)@object["metadata"]?["namespace"],
                ["object"] = @object.DeepClone(),
                ["oldObject"] = operation == "UPDATE" ? @object.DeepClone() : null,
            },
        };
        var store = new ConfigurationStore(null, settings, metrics, NullLogger<ConfigurationStore>.Instance);
        var mutator = new AdmissionMutator(store, () => cluster, new FakeTimeProvider(Example.Moment), metrics, NullLogger<AdmissionMutator>.Instance);
        Assert.True(AdmissionReview.TryRead(Encoding.UTF8.GetBytes(body.ToJsonString()), out AdmissionReview? review, out string? error), error);
        return mutator.Review(review);
    }

    /// <summary>The object after mutation, by an independent implementation of JSON Patch; the same where there is no patch.</summary>
    public JsonNode Mutate(JsonNode @object)
    {
        AdmissionResponse response = Review(@object);
        Assert.True(response.Allowed);
        return response.Patch is byte[] patch
            ? JsonNode.Parse(PatchedBy.Patch(Field.Parse(@object.ToJsonString()), patch).Json)!
            : @object;
    }

    /// <summary>What holds for every object: it mends or leaves alone, changes nothing but MTUs, and once is enough.</summary>
    /// <returns>Whether something was injected.</returns>
    public bool Holds(JsonNode before, string what)
    {
        AdmissionResponse response = Review(before);
        Assert.True(response.Allowed, what);
        Assert.Equal(response.Patch is null, response.Warnings.Length == 0);
        Assert.All(response.Warnings, static warning => Assert.InRange(warning.Length, 20, 256));
        if (response.Patch is null)
        {
            return false;
        }

        JsonNode after = Mutate(before);
        Assert.True(Review(after).Patch is null, $"{what}: mutating twice is not mutating once");
        Assert.True(OnlyMtusDiffer(before, after, ""), $"{what}: {after.ToJsonString()}");
        string? injected = (string?)after["metadata"]!["annotations"]![InfoScaleMetadata.Injected];
        Assert.Contains("mtu=", injected, StringComparison.OrdinalIgnoreCase);
        HashSet<(string, string)> broken = Findings(before);
        Assert.All(Findings(after), finding => Assert.Contains(finding, broken));
        return true;
    }

    private HashSet<(string, string)> Findings(JsonNode @object)
    {
        KubernetesObject view = ResourceKinds.View(Field.Parse(@object.ToJsonString()))!;
        var context = new RuleContext { Settings = settings.Rules, Cluster = cluster, Now = Example.Moment };
        return [.. Judge.Evaluate(view, context, settings).Findings.Where(static finding => !finding.Unverified).Select(static finding => (finding.Rule, finding.Subject))];
    }

    private static bool OnlyMtusDiffer(JsonNode? before, JsonNode? after, string name)
    {
        switch (before, after)
        {
            case (JsonObject one, JsonObject other):
                IEnumerable<string> keys = one.Select(static member => member.Key).Union(other.Select(static member => member.Key));
                return keys.All(key => key switch
                {
                    InfoScaleMetadata.Injected => name == "annotations",
                    _ when IsMtu(key) => one[key] is null || WithoutQuotes(one[key]!) == other[key]?.ToJsonString(),
                    "annotations" when one[key] is null => OnlyMtusDiffer(new JsonObject(), other[key], key),
                    _ => OnlyMtusDiffer(one[key], other[key], key),
                });
            case (JsonArray one, JsonArray other):
                return one.Count == other.Count && Enumerable.Range(0, one.Count).All(i => OnlyMtusDiffer(one[i], other[i], name));
            default:
                return JsonNode.DeepEquals(before, after)
                    || (name is "config" or "networkData" or "networkDataBase64" && OnlyMtusDiffer(Document(before, name), Document(after, name), ""));
        }
    }

    private static bool IsMtu(string key) => key.Equals("mtu", StringComparison.OrdinalIgnoreCase);

    private static string WithoutQuotes(JsonNode mtu) =>
        mtu.GetValueKind() == JsonValueKind.String && int.TryParse((string)mtu!, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? (string)mtu! : mtu.ToJsonString();

    private static JsonNode? Document(JsonNode? text, string name)
    {
        string written = (string)text!;
        written = name == "networkDataBase64" ? Encoding.UTF8.GetString(Convert.FromBase64String(written)) : written;
        Assert.True(YamlText.TryParse(written, out YamlDocument? document, out _));
        return JsonNode.Parse(document!.Value.Json);
    }
}
