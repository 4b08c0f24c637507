using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>What the webhook sees of a cluster, while the API server comes and goes.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(SmallSchemas))]
public sealed class LiveClusterTests(SmallSchemaCluster cluster)
{
    private const string Review =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"CREATE","name":"llt1","namespace":"seen",
        "kind":{"group":"k8s.cni.cncf.io","version":"v1","kind":"NetworkAttachmentDefinition"},
        "object":{"apiVersion":"k8s.cni.cncf.io/v1","kind":"NetworkAttachmentDefinition","metadata":{"name":"llt1","namespace":"seen",
        "labels":{"infoscale.internal/role":"llt"}},"spec":{"config":"{\"cniVersion\":\"0.4.0\",\"type\":\"bridge\",\"bridge\":\"br-llt1\",\"mtu\":1500}"}}}}
        """;

    /// <summary>A definition of NodeNetworkState, which tests install and take away.</summary>
    internal const string StateDefinition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: nodenetworkstates.nmstate.io}
        spec:
          group: nmstate.io
          scope: Cluster
          names: {kind: NodeNetworkState, listKind: NodeNetworkStateList, plural: nodenetworkstates, singular: nodenetworkstate}
          versions: [{name: v1beta1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
        """;

    [Fact]
    public async Task The_view_follows_the_cluster_outlives_its_API_server_and_finds_what_is_installed_later()
    {
        cluster.Require();
        await using WebhookServer webhook = await cluster.SecondWebhookAsync();
        await webhook.StartAsync();
        using HttpClient client = webhook.Client();
        Assert.Equal("0", await MetricAsync(client, "infoscale_webhook_cache_objects{kind=\"NodeNetworkState\"}"));

        // What the label of the namespace says is seen, and decides.
        (await cluster.Kubectl.RunAsync("create", "namespace", "seen")).Done();
        (await cluster.Kubectl.RunAsync("label", "namespace", "seen", "infoscale.internal/mode=warn")).Done();
        await Wait.UntilAsync("the label is seen", 30, async () => await IsAllowedAsync(client), () => webhook.Log);

        await cluster.ApiServer.KillAsync();
        try
        {
            Assert.True(await IsAllowedAsync(client));
            await Wait.UntilAsync("the age of the view is visible", 30, async () => await AgeAsync(client, "Namespace") > 3);
            Assert.True(await IsAllowedAsync(client));
            Assert.Equal("ok\n", await client.GetStringAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken));
        }
        finally
        {
            await cluster.ApiServer.RestartAsync();
        }

        (await cluster.Kubectl.RunAsync("label", "namespace", "seen", "infoscale.internal/mode=enforce", "--overwrite")).Done();
        await Wait.UntilAsync("the view has recovered", 60, async () => !await IsAllowedAsync(client), () => webhook.Log);
        await Wait.UntilAsync("the view is young again", 60, async () => await AgeAsync(client, "Namespace") < 3, () => webhook.Log);

        (await cluster.Kubectl.WithInputAsync(StateDefinition, "create", "-f", "-")).Done();
        (await cluster.Kubectl.RunAsync("wait", "--for=condition=established", "crd/nodenetworkstates.nmstate.io", "--timeout=60s")).Done();
        (await cluster.Kubectl.WithInputAsync(
            """{"apiVersion":"nmstate.io/v1beta1","kind":"NodeNetworkState","metadata":{"name":"worker-1"}}""", "create", "-f", "-")).Done();
        await Wait.UntilAsync(
            "the kind that was installed later is seen",
            90,
            async () => await MetricAsync(client, "infoscale_webhook_cache_objects{kind=\"NodeNetworkState\"}") == "1",
            () => webhook.Log);
        (await cluster.Kubectl.RunAsync("delete", "crd", "nodenetworkstates.nmstate.io")).Done();
    }

    private static async Task<bool> IsAllowedAsync(HttpClient client)
    {
        using var content = new StringContent(Review, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.PostAsync(new Uri("/validate", UriKind.Relative), content, TestContext.Current.CancellationToken);
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (bool)JsonNode.Parse(answer)!["response"]!["allowed"]!;
    }

    private static async Task<double> AgeAsync(HttpClient client, string kind) =>
        double.Parse(await MetricAsync(client, $"infoscale_webhook_cache_age_seconds{{kind=\"{kind}\"}}"), CultureInfo.InvariantCulture);

    private static async Task<string> MetricAsync(HttpClient client, string series)
    {
        string metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        return metrics.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..];
    }
}
