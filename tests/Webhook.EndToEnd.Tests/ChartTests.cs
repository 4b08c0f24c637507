using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>The Helm chart and the kustomize overlays install the same.</summary>
/// <param name="cluster">The cluster, whose kubectl renders the overlays.</param>
[Collection(nameof(SmallSchemas))]
public sealed class ChartTests(SmallSchemaCluster cluster)
{
    [Theory]
    [InlineData("openshift-service-ca", "certificates: service-ca")]
    [InlineData("cert-manager", "certificates: cert-manager")]
    [InlineData("built-in-certificates", "certificates: built-in")]
    [InlineData("built-in-certificates-audit", "{certificates: built-in, audit: true}")]
    [InlineData("built-in-certificates-audit-only", "{certificates: built-in, auditOnly: true}")]
    [InlineData("built-in-certificates-mutation", "{certificates: built-in, mutation: true}")]
    [InlineData("openshift-service-ca-audit", "{certificates: service-ca, audit: true}")]
    [InlineData("cert-manager-audit", "{certificates: cert-manager, audit: true}")]
    [InlineData("openshift-service-ca-monitoring", "{certificates: service-ca, audit: true, monitoring: true}")]
    [InlineData("built-in-certificates-monitoring", "{certificates: built-in, audit: true, monitoring: true}")]
    [InlineData("cert-manager-monitoring", "{certificates: cert-manager, audit: true, monitoring: true}")]
    [InlineData("openshift-service-ca-audit-only", "{certificates: service-ca, auditOnly: true}")]
    [InlineData("cert-manager-audit-only", "{certificates: cert-manager, auditOnly: true}")]
    [InlineData("openshift-service-ca-mutation", "{certificates: service-ca, mutation: true}")]
    [InlineData("cert-manager-mutation", "{certificates: cert-manager, mutation: true}")]
    public async Task The_chart_installs_what_the_overlay_installs(string overlay, string values)
    {
        Require();
        (int code, string output, string error) = await Chart.RenderAsync("infoscale-webhook", values);
        Assert.True(code == 0, error);
        Dictionary<string, string> chart = ByName(await cluster.Kubectl.ReadAsync(output));
        Dictionary<string, string> kustomize = ByName(await cluster.Kubectl.RenderAsync(Checkout.PathOf("deploy", "overlays", overlay)));
        Assert.True(kustomize.Remove("Namespace infoscale-webhook")); // Helm makes it itself.
        Assert.Equal(kustomize.Keys.Order(StringComparer.Ordinal), chart.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, string manifest) in kustomize)
        {
            Assert.Equal(manifest, chart[name]);
        }
    }

    [Fact]
    public async Task Another_namespace_is_taken_everywhere_and_the_API_server_accepts_the_result()
    {
        Require();
        (int code, string output, string error) = await Chart.RenderAsync("default", "{certificates: secret, caBundle: Zm9v, mutation: true, replicas: 3, image: 'registry.example/webhook@sha256:0', configuration: {exemptions: {requirePermission: true}}}");
        Assert.True(code == 0, error);
        Assert.DoesNotContain("namespace: infoscale-webhook", output, StringComparison.Ordinal);
        Assert.Contains("name: infoscale-exempter", output, StringComparison.Ordinal); // since the configuration asks for permissions
        Assert.Contains("switch it off", error, StringComparison.OrdinalIgnoreCase); // the notes
        foreach (JsonObject manifest in await cluster.Kubectl.ReadAsync(output))
        {
            (await cluster.Kubectl.WithInputAsync(manifest.ToJsonString(), "apply", "--dry-run=server", "-f", "-")).Done();
        }
    }

    [Theory]
    [InlineData("certificates: somebody", "certificates must be one of")]
    [InlineData("certificates: secret", "Must validate \"then\"")]
    [InlineData("image: webhook", "Does not match pattern")]
    [InlineData("replica: 3", "Additional property replica is not allowed")]
    [InlineData("replicas: 0", "Must be greater than or equal to 1")]
    [InlineData("configuration: {mode: on}", "configuration.mode must be one of")]
    public async Task Values_that_make_no_sense_are_refused_by_the_schema(string values, string reason)
    {
        Require();
        (int code, _, string error) = await Chart.RenderAsync("default", values);
        Assert.NotEqual(0, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    private void Require()
    {
        cluster.Require();
        if (Chart.WhyNot is string reason)
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") != "true", reason);
            Assert.Skip(reason);
        }
    }

    private static Dictionary<string, string> ByName(IReadOnlyList<JsonObject> manifests) => manifests.ToDictionary(
        static manifest => $"{manifest["kind"]} {manifest["metadata"]!["name"]}",
        static manifest =>
        {
            // The chart writes the configuration sorted and without comments.
            if (manifest["data"]?["config.yaml"] is JsonNode configuration)
            {
                manifest["data"]!["config.yaml"] = string.Join('\n', ((string)configuration!).Split('\n')
                    .Where(static line => line.Length > 0 && !line.StartsWith('#')).Order(StringComparer.Ordinal));
            }

            return Sorted(manifest)!.ToJsonString();
        });

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(static member => member.Key, StringComparer.Ordinal)
            .Select(static member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
