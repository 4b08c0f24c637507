using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>What authors leave out, given by the webhook where mutation is installed; judged by what the API server stores.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(SmallSchemas))]
public sealed class MutationTests(SmallSchemaCluster cluster) : IAsyncLifetime
{
    // kubectl writes the string in quotes, with escapes and broken lines, where it cannot be a block.
    private const string Jumbo = @"mtu\\?"":[\s\\]+8990";

    private const string Bridge =
        """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: on-bridge, namespace: default, labels: {infoscale.internal/role: llt}}
        spec:
          config: |
            {
            \t"cniVersion": "0.3.1", "name": "on-bridge",
            \t"type": "bridge", "bridge": "br-llt1"
            }
        """;

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (cluster.IsThere)
        {
            await cluster.UnregisterMutationAsync();
        }
    }

    [Fact]
    public async Task A_network_without_mtu_is_completed_stored_and_accepted_and_without_mutation_rejected()
    {
        cluster.Require();
        string network = Manifests.NetworkWithoutMtu("completed");
        Assert.Equal(["nad-mtu-not-jumbo"], Rejections.Rules((await cluster.Kubectl.WithInputAsync(network, "create", "-f", "-")).Refused().Error));

        await cluster.RegisterMutationAsync();
        KubectlResult created = (await cluster.Kubectl.WithInputAsync(network, "create", "-f", "-")).Done();
        Assert.Contains(
            "spec.config#/mtu: injected: set mtu to 8990, 9000 of the node less 10 for Open vSwitch [nad-mtu-not-jumbo]", created.Warnings);
        string stored = (await cluster.Kubectl.RunAsync("get", "net-attach-def", "completed", "-o", "yaml")).Done().Output;
        Assert.Matches(Jumbo, stored);
        Assert.Contains("infoscale.internal/injected: spec.config#/mtu=8990", stored, StringComparison.Ordinal);
        IReadOnlyDictionary<string, string> annotations = await cluster.AuditAnnotationsAsync("create", "completed");
        Assert.Equal(("spec.config#/mtu=8990", "allowed"), (annotations["injected"], annotations["decision"]));

        // What was injected is a value like any other from then on: applying it again changes nothing.
        KubectlResult applied = (await cluster.Kubectl.WithInputAsync(stored, "apply", "-f", "-")).Done();
        Assert.DoesNotContain(applied.Warnings, static warning => warning.Contains("injected", StringComparison.Ordinal));
        Assert.Equal(Config(stored), Config((await cluster.Kubectl.RunAsync("get", "net-attach-def", "completed", "-o", "yaml")).Done().Output));

        await cluster.UnregisterMutationAsync();
        string other = Manifests.NetworkWithoutMtu("not-completed");
        Assert.Equal(["nad-mtu-not-jumbo"], Rejections.Rules((await cluster.Kubectl.WithInputAsync(other, "create", "-f", "-")).Refused().Error));
    }

    [Fact]
    public async Task A_network_on_a_Linux_bridge_gets_what_the_node_has_and_keeps_the_way_it_is_written()
    {
        cluster.Require();
        await cluster.RegisterMutationAsync();
        string network = Bridge.Replace("\\t", "\t", StringComparison.Ordinal);
        (await cluster.Kubectl.WithInputAsync(network, "create", "-f", "-")).Done();
        string config = (await cluster.Kubectl.RunAsync("get", "net-attach-def", "on-bridge", "-o", "jsonpath={.spec.config}")).Done().Output;
        Assert.Equal("{\n\t\"cniVersion\": \"0.3.1\", \"name\": \"on-bridge\",\n\t\"type\": \"bridge\", \"bridge\": \"br-llt1\", \"mtu\": 9000\n}", config.TrimEnd());
    }

    [Fact]
    public async Task A_dry_run_shows_what_would_be_injected_and_stores_nothing()
    {
        cluster.Require();
        await cluster.RegisterMutationAsync();
        KubectlResult dry = (await cluster.Kubectl.WithInputAsync(
            Manifests.NetworkWithoutMtu("dry-mutation"), "create", "--dry-run=server", "-o", "yaml", "-f", "-")).Done();
        Assert.Matches(Jumbo, dry.Output);
        (await cluster.Kubectl.RunAsync("get", "net-attach-def", "dry-mutation")).Refused();
    }

    [Theory]
    [InlineData("aa-other")]
    [InlineData("zz-other")]
    public async Task Beside_another_webhook_that_edits_the_same_string_the_object_comes_to_rest(string name)
    {
        cluster.Require();
        await cluster.RegisterMutationAsync();
        await using OtherWebhook other = await OtherWebhook.StartAsync(cluster.CertificateFolder);
        try
        {
            (await cluster.Kubectl.WithInputAsync(other.Configuration(name), "apply", "-f", "-")).Done();
            KubectlResult? last = null;
            await Wait.UntilAsync("the other webhook is asked", 30, async () =>
            {
                last = await cluster.Kubectl.WithInputAsync(Manifests.NetworkWithoutMtu("probe-other"), "create", "--dry-run=server", "-o", "yaml", "-f", "-");
                return last.Output.Contains("keepalive", StringComparison.Ordinal);
            }, () => $"{last}");

            int before = other.Calls;
            (await cluster.Kubectl.WithInputAsync(Manifests.NetworkWithoutMtu(name), "create", "-f", "-")).Done();
            Assert.InRange(other.Calls - before, 1, 2);
            string stored = (await cluster.Kubectl.RunAsync("get", "net-attach-def", name, "-o", "jsonpath={.spec.config}")).Done().Output;
            JsonNode config = JsonNode.Parse(stored)!;
            Assert.Equal((8990, true), ((int)config["mtu"]!, (bool)config["keepalive"]!));
            Assert.Equal(2, stored.Split("\"mtu\"").Length);
            string injected = (await cluster.Kubectl.RunAsync("get", "net-attach-def", name, "-o", "jsonpath={.metadata.annotations}")).Done().Output;
            Assert.Equal("spec.config#/mtu=8990", (string?)JsonNode.Parse(injected)!["infoscale.internal/injected"]);
        }
        finally
        {
            (await cluster.Kubectl.RunAsync("delete", "mutatingwebhookconfiguration", name, "--ignore-not-found")).Done();
        }
    }

    private static string Config(string yaml) => string.Join('\n', yaml.Split('\n').SkipWhile(static line => !line.StartsWith("spec:", StringComparison.Ordinal)));
}
