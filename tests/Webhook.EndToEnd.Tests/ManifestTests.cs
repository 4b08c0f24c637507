using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>Every manifest under deploy/ is one that a real API server takes.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(SmallSchemas))]
public sealed class ManifestTests(SmallSchemaCluster cluster)
{
    [Theory]
    [InlineData("base", 10)]
    [InlineData("overlays/openshift-service-ca", 10)]
    [InlineData("overlays/cert-manager", 14)]
    [InlineData("overlays/built-in-certificates", 14)]
    [InlineData("overlays/built-in-certificates-audit", 18)]
    [InlineData("overlays/built-in-certificates-audit-only", 18)]
    [InlineData("overlays/built-in-certificates-mutation", 15)]
    [InlineData("overlays/openshift-service-ca-audit", 14)]
    [InlineData("overlays/cert-manager-audit", 18)]
    [InlineData("overlays/openshift-service-ca-monitoring", 17)]
    [InlineData("overlays/cert-manager-monitoring", 21)]
    [InlineData("overlays/built-in-certificates-monitoring", 21)]
    [InlineData("overlays/openshift-service-ca-audit-only", 14)]
    [InlineData("overlays/cert-manager-audit-only", 18)]
    [InlineData("overlays/openshift-service-ca-mutation", 11)]
    [InlineData("overlays/cert-manager-mutation", 15)]
    public async Task A_rendered_folder_is_accepted_by_a_server_side_dry_run(string folder, int count)
    {
        cluster.Require();
        IReadOnlyList<JsonObject> manifests = await RenderAsync(folder);
        Assert.Equal(count, manifests.Count);
        foreach (JsonObject manifest in manifests)
        {
            KubectlResult apply = await cluster.Kubectl.WithInputAsync(manifest.ToJsonString(), "apply", "--dry-run=server", "-f", "-");
            Assert.Contains("(server dry run)", apply.Done().Output, StringComparison.Ordinal);
            Assert.Empty(apply.Warnings);
        }
    }

    [Fact]
    public async Task The_overlays_ask_for_the_certificate_that_the_deployment_mounts()
    {
        cluster.Require();
        foreach (string folder in (string[])["overlays/openshift-service-ca", "overlays/cert-manager"])
        {
            IReadOnlyList<JsonObject> manifests = await RenderAsync(folder);
            string mounted = (string)Of(manifests, "Deployment")["spec"]!["template"]!["spec"]!["volumes"]!.AsArray()
                .Single(static volume => (string?)volume!["name"] == "tls")!["secret"]!["secretName"]!;
            string? made = folder == "overlays/cert-manager"
                ? (string?)manifests.Single(static manifest => (string?)manifest["kind"] == "Certificate" && (string?)manifest["metadata"]!["name"] == "infoscale-webhook")["spec"]!["secretName"]
                : (string?)Of(manifests, "Service")["metadata"]!["annotations"]!["service.beta.openshift.io/serving-cert-secret-name"];
            Assert.Equal(mounted, made);
            Assert.Single(Of(manifests, "ValidatingWebhookConfiguration")["metadata"]!["annotations"]!.AsObject());
        }
    }

    [Fact]
    public async Task Each_entry_of_the_webhook_configuration_is_bounded()
    {
        cluster.Require();
        JsonArray entries = Of(await RenderAsync("base"), "ValidatingWebhookConfiguration")["webhooks"]!.AsArray();
        foreach (JsonNode? entry in entries)
        {
            Assert.Equal("None", (string?)entry!["sideEffects"]);
            Assert.Equal("Equivalent", (string?)entry["matchPolicy"]);
            Assert.Equal(5, (int?)entry["timeoutSeconds"]);
            if ((string?)entry["name"] != "virtualmachinecopies.infoscale.internal") // they carry no label
            {
                Assert.Equal("Exists", (string?)Assert.Single(entry["objectSelector"]!["matchExpressions"]!.AsArray())!["operator"]);
            }

            foreach (JsonNode? rule in entry["rules"]!.AsArray())
            {
                Assert.DoesNotContain("*", rule!.ToJsonString(), StringComparison.Ordinal);
                Assert.True(entry["namespaceSelector"] is not null || (string?)rule["scope"] == "Cluster", $"{entry["name"]}");
            }
        }

        // What repairs nodes, and what controllers create to recover, never waits for the webhook.
        Assert.Equal(
            ["nodenetworkconfigurationpolicies", "virtualmachineinstances", "virtualmachinepools", "virtualmachinecopies", "namespaces"],
            entries.Where(static entry => (string?)entry!["failurePolicy"] == "Ignore").Select(static entry => ((string)entry!["name"]!).Split('.')[0]));
    }

    [Theory]
    [InlineData("overlays/openshift-service-ca-audit-only")]
    [InlineData("overlays/cert-manager-audit-only")]
    [InlineData("overlays/built-in-certificates-audit-only")]
    public async Task An_installation_that_only_audits_can_block_nothing(string folder)
    {
        cluster.Require();
        IReadOnlyList<JsonObject> manifests = await RenderAsync(folder);
        Assert.All(
            Of(manifests, "ValidatingWebhookConfiguration")["webhooks"]!.AsArray(), static entry => Assert.Equal("Ignore", (string?)entry!["failurePolicy"]));
        string configuration = (string)Of(manifests, "ConfigMap")["data"]!["config.yaml"]!;
        Assert.Contains("\nmode: audit\nstrictest: audit\n", configuration, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mutating_configuration_is_bounded_like_the_validating_one_and_waits_for_nothing()
    {
        cluster.Require();
        foreach (string folder in (string[])["overlays/openshift-service-ca-mutation", "overlays/cert-manager-mutation", "overlays/built-in-certificates-mutation"])
        {
            IReadOnlyList<JsonObject> manifests = await RenderAsync(folder);
            JsonObject mutating = Of(manifests, "MutatingWebhookConfiguration"), validating = Of(manifests, "ValidatingWebhookConfiguration");
            Assert.True(JsonNode.DeepEquals(validating["metadata"]!["annotations"], mutating["metadata"]!["annotations"]));
            foreach (JsonNode? entry in mutating["webhooks"]!.AsArray())
            {
                Assert.Equal(
                    ("None", "Equivalent", "IfNeeded", "Ignore", 5),
                    ((string?)entry!["sideEffects"], (string?)entry["matchPolicy"], (string?)entry["reinvocationPolicy"], (string?)entry["failurePolicy"], (int?)entry["timeoutSeconds"]));
                Assert.Equal("/mutate", (string?)entry["clientConfig"]!["service"]!["path"]);

                // The same objects as are judged afterwards, but only as they are created.
                JsonNode judged = validating["webhooks"]!.AsArray().Single(other => $"mutation.{other!["name"]}" == (string?)entry["name"])!;
                Assert.True(JsonNode.DeepEquals(judged["objectSelector"], entry["objectSelector"]));
                Assert.True(JsonNode.DeepEquals(judged["namespaceSelector"], entry["namespaceSelector"]));
                Assert.Equal(judged["rules"]!.AsArray().Select(Matched), entry["rules"]!.AsArray().Select(Matched));
                Assert.All(entry["rules"]!.AsArray(), static rule => Assert.Equal("[\"CREATE\"]", rule!["operations"]!.ToJsonString()));
            }
        }

        static string Matched(JsonNode? rule) => $"{rule!["apiGroups"]!.ToJsonString()} {rule["apiVersions"]!.ToJsonString()} {rule["resources"]!.ToJsonString()} {rule["scope"]}";
    }

    private static JsonObject Of(IReadOnlyList<JsonObject> manifests, string kind) => manifests.Single(manifest => (string?)manifest["kind"] == kind);

    private Task<IReadOnlyList<JsonObject>> RenderAsync(string folder) => cluster.Kubectl.RenderAsync(Checkout.PathOf(["deploy", .. folder.Split('/')]));
}
