using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>UPDATE, DELETE, dry run, other versions of the API, and what the audit log says of them.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(SmallSchemas))]
public sealed class ChangeTests(SmallSchemaCluster cluster)
{
    [Fact]
    public async Task A_cluster_member_does_not_lose_its_label_while_it_is_on_the_networks()
    {
        cluster.Require();
        string machines = await File.ReadAllTextAsync(
            Checkout.PathOf("deploy", "samples", "good", "40-virtual-machines.yaml"), TestContext.Current.CancellationToken);
        string machine = machines.Split("\n---\n")[1].Replace("erp-node2", "relabelled", StringComparison.Ordinal)
            .Replace("namespace: erp-db", "namespace: default", StringComparison.Ordinal);
        (await cluster.Kubectl.WithInputAsync(machine, "apply", "-f", "-")).Done();

        KubectlResult removed = (await cluster.Kubectl.RunAsync("label", "vm", "relabelled", "infoscale.internal/cluster-")).Refused();
        Assert.Equal(["vm-label-removed"], Rejections.Rules(removed.Error));
        IReadOnlyDictionary<string, string> annotations = await cluster.AuditAnnotationsAsync("patch", "relabelled");
        Assert.Equal(("denied", "vm-label-removed"), (annotations["decision"], annotations["rules"]));

        (await cluster.Kubectl.RunAsync("label", "vm", "relabelled", "team=databases")).Done();
        (await cluster.Kubectl.RunAsync("delete", "vm", "relabelled")).Done();
    }

    [Fact]
    public async Task An_object_that_was_wrong_before_can_still_be_annotated_and_mended_but_not_made_worse()
    {
        cluster.Require();
        const string Mode = "infoscale.internal/mode";
        (await cluster.Kubectl.RunAsync("create", "namespace", "legacy")).Done();
        (await cluster.Kubectl.RunAsync("label", "namespace", "legacy", $"{Mode}=off")).Done();
        string network = Manifests.NetworkWithoutMtu("old", "legacy");

        // A namespace in mode "off" is not sent: that is how the old object gets in.
        KubectlResult? created = null;
        await Wait.UntilAsync(
            "the namespace is left out", 30, async () => (created = await cluster.Kubectl.WithInputAsync(network, "create", "-f", "-")).ExitCode == 0, () => $"{created}");
        (await cluster.Kubectl.RunAsync("label", "namespace", "legacy", $"{Mode}-")).Done();
        string other = Manifests.NetworkWithoutMtu("other", "legacy");
        await Wait.UntilAsync(
            "the namespace is sent again", 30, async () => (await cluster.Kubectl.WithInputAsync(other, "create", "--dry-run=server", "-f", "-")).ExitCode != 0);

        (await cluster.Kubectl.RunAsync("annotate", "net-attach-def", "old", "-n", "legacy", "owner=databases")).Done();
        string tagged = network.Replace("\"topology\":", "\"vlanID\": 301, \"topology\":", StringComparison.Ordinal);
        KubectlResult warned = (await cluster.Kubectl.WithInputAsync(tagged, "replace", "-f", "-")).Done();
        Assert.Contains(warned.Warnings, static warning => warning.Contains("nad-mtu-not-jumbo", StringComparison.Ordinal));
        string worse = tagged.Replace("\"topology\":", "\"subnets\": \"172.30.1.0/24\", \"topology\":", StringComparison.Ordinal);
        KubectlResult denied = (await cluster.Kubectl.WithInputAsync(worse, "replace", "-f", "-")).Refused();
        Assert.Equal(["nad-dynamic-ipam"], Rejections.Rules(denied.Error));
        (await cluster.Kubectl.WithInputAsync(Manifests.GoodNetwork("old", "legacy"), "replace", "-f", "-")).Done();
    }

    [Fact]
    public async Task A_delete_is_asked_about_and_allowed()
    {
        cluster.Require();
        (await cluster.Kubectl.WithInputAsync(Manifests.GoodNetwork("going"), "create", "-f", "-")).Done();
        (await cluster.Kubectl.RunAsync("delete", "net-attach-def", "going")).Done();
        Assert.Equal("allowed", (await cluster.AuditAnnotationsAsync("delete", "going"))["decision"]);
    }

    [Fact]
    public async Task A_dry_run_is_judged_like_the_real_thing()
    {
        cluster.Require();
        KubectlResult denied = (await cluster.Kubectl.WithInputAsync(Manifests.NetworkWithoutMtu("dry"), "create", "--dry-run=server", "-f", "-")).Refused();
        Assert.Equal(["nad-mtu-not-jumbo"], Rejections.Rules(denied.Error));
        (await cluster.Kubectl.WithInputAsync(Manifests.GoodNetwork("dry"), "create", "--dry-run=server", "-f", "-")).Done();
        (await cluster.Kubectl.RunAsync("get", "net-attach-def", "dry")).Refused();
    }

    [Fact]
    public async Task An_older_version_of_the_API_is_no_way_round()
    {
        cluster.Require();
        KubectlResult denied = (await cluster.Kubectl.WithInputAsync(Manifests.PolicyWithDhcp("older", "v1beta1"), "create", "-f", "-")).Refused();
        Assert.Contains("nncp-dynamic-address", Rejections.Rules(denied.Error));
    }

    [Fact]
    public async Task Objects_without_the_label_are_nobodys_business()
    {
        cluster.Require();
        (await cluster.Kubectl.WithInputAsync(Manifests.Unlabelled(Manifests.NetworkWithoutMtu("unlabelled")), "create", "-f", "-")).Done();
        Assert.Empty(await cluster.AuditAnnotationsAsync("create", "unlabelled"));

        // Opting in is an update like any other, and judged.
        KubectlResult labelled = (await cluster.Kubectl.RunAsync("label", "net-attach-def", "unlabelled", "infoscale.internal/role=llt")).Refused();
        Assert.Contains("nad-mtu-not-jumbo", Rejections.Rules(labelled.Error));
    }
}
