using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>The webhook over its life: new certificate, new configuration, and gone.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(SmallSchemas))]
public sealed class OperationTests(SmallSchemaCluster cluster)
{
    [Fact]
    public async Task A_renewed_certificate_is_served_without_a_restart()
    {
        cluster.Require();
        string before = await cluster.Webhook.ServedSerialNumberAsync();
        await cluster.Webhook.MakeCertificateAsync();
        await Wait.UntilAsync("the new certificate is served", 30, async () => await cluster.Webhook.ServedSerialNumberAsync() != before);

        // From the same authority, so the API server goes on asking.
        (await cluster.Kubectl.WithInputAsync(Manifests.GoodNetwork("renewed"), "create", "--dry-run=server", "-f", "-")).Done();
        await cluster.UntilAsync("it still denies", static result => result.Error.Contains("nad-mtu-not-jumbo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_configuration_takes_effect_and_a_broken_one_does_not()
    {
        cluster.Require();
        await cluster.Webhook.ConfigureAsync("mode: warn\n");
        KubectlResult? warned = null;
        await cluster.UntilAsync("mode warn is in force", result => (warned = result).ExitCode == 0);
        Assert.Contains("nad-mtu-not-jumbo", Assert.Single(warned!.Warnings), StringComparison.Ordinal);

        await cluster.Webhook.ConfigureAsync("mode: enforec\n");
        await Wait.UntilAsync("the broken configuration was read", 30, () => Task.FromResult(cluster.Webhook.Log.Contains("enforec", StringComparison.Ordinal)), () => cluster.Webhook.Log);
        await cluster.UntilAsync("mode warn stays", static result => result.ExitCode == 0);

        await cluster.Webhook.ConfigureAsync(TestCluster.Enforce);
        await cluster.UntilAsync("mode enforce is back", static result => result.ExitCode != 0);
    }

    [Fact]
    public async Task While_it_is_down_networks_wait_and_policies_that_repair_nodes_do_not()
    {
        cluster.Require();
        Assert.Equal(0, await cluster.Webhook.StopAsync());
        try
        {
            KubectlResult network = (await cluster.Kubectl.WithInputAsync(Manifests.GoodNetwork("waiting"), "create", "-f", "-")).Refused();
            Assert.Contains("failed calling webhook", network.Error, StringComparison.Ordinal);
            (await cluster.Kubectl.WithInputAsync(Manifests.PolicyWithDhcp("repair"), "create", "-f", "-")).Done();
            (await cluster.Kubectl.WithInputAsync(Manifests.Unlabelled(Manifests.NetworkWithoutMtu("others")), "create", "-f", "-")).Done();
        }
        finally
        {
            await cluster.Webhook.StartAsync();
        }

        (await cluster.Kubectl.WithInputAsync(Manifests.GoodNetwork("waiting"), "create", "-f", "-")).Done();
        (await cluster.Kubectl.RunAsync("delete", "nncp", "repair")).Done();
    }
}
