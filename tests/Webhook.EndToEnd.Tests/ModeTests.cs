using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>What the one who writes objects and labels sees in each mode, and what the API server's audit log holds.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(SmallSchemas))]
public sealed class ModeTests(SmallSchemaCluster cluster) : IAsyncLifetime
{
    private const string AuditOnly = "overlays/cert-manager-audit-only";

    private static readonly string[] Modes = ["enforce", "warn", "audit", "off"];

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (cluster.IsThere)
        {
            await cluster.RegisterAsync(TestCluster.Registration.Service);
        }
    }

    [Fact]
    public async Task The_same_bad_machine_is_denied_warned_of_recorded_or_left_alone_by_the_label_of_its_namespace()
    {
        cluster.Require();
        await cluster.UnregisterAsync();
        await using WebhookServer webhook = await cluster.WebhookAsync("modes", await cluster.AccountAsync("cert-manager-audit-only"));
        await webhook.StartAsync();
        foreach (string mode in Modes)
        {
            (await cluster.Kubectl.RunAsync("create", "namespace", $"mode-{mode}")).Done();
            (await cluster.Kubectl.RunAsync("label", "namespace", $"mode-{mode}", $"infoscale.internal/mode={mode}")).Done();
            (await cluster.Kubectl.WithInputAsync(Manifests.GoodNetwork("llt1", $"mode-{mode}"), "create", "-f", "-")).Done();
        }

        await RegisterAsync(webhook, "base");
        await Wait.UntilAsync("the labels are seen", 30, async () =>
            (await CreateAsync("probe", "mode-audit", "--dry-run=server")).Error.Length == 0 && (await CreateAsync("probe", "mode-warn", "--dry-run=server")).ExitCode == 0);

        KubectlResult denied = (await CreateAsync("bad", "mode-enforce")).Refused();
        TestContext.Current.TestOutputHelper?.WriteLine(denied.Error);
        Assert.Contains("vm-dynamic-address", Rejections.Rules(denied.Error));
        KubectlResult warned = (await CreateAsync("bad", "mode-warn")).Done();
        TestContext.Current.TestOutputHelper?.WriteLine(warned.Error);
        Assert.Contains(warned.Warnings, static warning => warning.EndsWith("[vm-dynamic-address, would deny]", StringComparison.Ordinal));
        Assert.Empty((await CreateAsync("bad", "mode-audit")).Done().Error);
        Assert.Empty((await CreateAsync("bad", "mode-off")).Done().Error);

        foreach ((string mode, string decision) in ((string, string)[])[("enforce", "denied"), ("warn", "would-deny"), ("audit", "would-deny")])
        {
            IReadOnlyDictionary<string, string> annotations = await cluster.AuditAnnotationsAsync("create", "bad", $"mode-{mode}");
            Assert.Equal((decision, mode), (annotations["decision"], annotations["mode"]));
            Assert.Contains("vm-dynamic-address", annotations["rules"], StringComparison.Ordinal);
        }

        Assert.Empty(await cluster.AuditAnnotationsAsync("create", "bad", "mode-off"));

        // Kinds without a namespace follow the configuration, and so does a rule that it names.
        string policy = Manifests.PolicyWithDhcp("mode-policy");
        Assert.Contains("nncp-dynamic-address", Rejections.Rules((await cluster.Kubectl.WithInputAsync(policy, "create", "--dry-run=server", "-f", "-")).Refused().Error));
        await webhook.ConfigureAsync("mode: enforce\nmodes: {vm-dynamic-address: warn, nncp-dynamic-address: audit}\n");
        await Wait.UntilAsync("the configuration is in force", 30, async () => (await CreateAsync("probe", "mode-enforce", "--dry-run=server")).ExitCode == 0);
        Assert.Contains(
            (await CreateAsync("probe", "mode-enforce", "--dry-run=server")).Warnings, static warning => warning.EndsWith("[vm-dynamic-address, would deny]", StringComparison.Ordinal));
        KubectlResult recorded = (await cluster.Kubectl.WithInputAsync(policy, "create", "--dry-run=server", "-f", "-")).Done();
        Assert.DoesNotContain("nncp-dynamic-address", recorded.Error, StringComparison.Ordinal);

        // One of two existing objects would be rejected; the label is set all the same.
        await webhook.ConfigureAsync(TestCluster.Enforce);
        await Wait.UntilAsync("the configuration is in force", 30, async () => (await CreateAsync("probe", "mode-enforce", "--dry-run=server")).ExitCode != 0);
        KubectlResult? label = null;
        await Wait.UntilAsync("the machine is seen", 30, async () =>
        {
            label = (await cluster.Kubectl.RunAsync("label", "namespace", "mode-audit", "infoscale.internal/mode=enforce", "--overwrite", "--dry-run=server")).Done();
            return label.Warnings.Any();
        });
        TestContext.Current.TestOutputHelper?.WriteLine(label!.Error);
        label = (await cluster.Kubectl.RunAsync("label", "namespace", "mode-audit", "infoscale.internal/mode=enforce", "--overwrite")).Done();
        Assert.StartsWith(
            "mode enforce: 1 of 2 existing objects would be rejected, first VirtualMachine bad [vm-dynamic-address]", Assert.Single(label.Warnings), StringComparison.Ordinal);
        Assert.Empty((await cluster.Kubectl.RunAsync("label", "namespace", "mode-enforce", "infoscale.internal/mode=audit", "--overwrite")).Done().Error);

        string metrics = await webhook.Client().GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        foreach (string mode in Modes[..3])
        {
            Assert.Contains(metrics.Split('\n'), line => line.StartsWith("infoscale_webhook_reviews_total{", StringComparison.Ordinal)
                && line.Contains("kind=\"VirtualMachine\"", StringComparison.Ordinal) && line.Contains($"mode=\"{mode}\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_installation_that_only_audits_says_nothing_to_users_and_blocks_nothing_with_its_process_gone()
    {
        cluster.Require();
        await cluster.UnregisterAsync();
        await using WebhookServer webhook = await cluster.WebhookAsync("watching", await cluster.AccountAsync("cert-manager-audit-only"));
        IReadOnlyList<JsonObject> manifests = await cluster.Kubectl.RenderAsync(Checkout.PathOf(["deploy", .. AuditOnly.Split('/')]));
        await webhook.ConfigureAsync((string)manifests.Single(static manifest => (string?)manifest["kind"] == "ConfigMap")["data"]!["config.yaml"]!);
        await webhook.StartAsync();
        (await cluster.Kubectl.RunAsync("create", "namespace", "watched")).Done();
        (await cluster.Kubectl.RunAsync("label", "namespace", "watched", "infoscale.internal/mode=enforce")).Done();
        (await cluster.Kubectl.WithInputAsync(Manifests.GoodNetwork("llt1", "watched"), "create", "-f", "-")).Done();
        await cluster.RegisterAsync(TestCluster.Registration.Service, webhook.Port, webhook.Authority, AuditOnly);

        // Even where a label enforces.
        int probe = 0;
        await Wait.UntilAsync("the webhook is asked", 30, async () =>
        {
            string name = $"probe{++probe}";
            Assert.Empty((await CreateAsync(name, "watched")).Done().Error);
            return (await cluster.AuditAnnotationsAsync("create", name, "watched")).TryGetValue("decision", out string? decision) && decision == "would-deny";
        });

        await webhook.StopAsync();
        Assert.Empty((await CreateAsync("bad", "watched")).Done().Error);
        Assert.Empty((await cluster.Kubectl.RunAsync("label", "vm", "bad", "-n", "watched", "a=b")).Done().Error);
        Assert.Empty((await cluster.Kubectl.RunAsync("delete", "vm", "bad", "-n", "watched")).Done().Error);
        Assert.Empty((await cluster.Kubectl.WithInputAsync(Manifests.NetworkWithoutMtu("bad", "watched"), "create", "-f", "-")).Done().Error);
        Assert.Empty((await cluster.Kubectl.RunAsync("delete", "net-attach-def", "llt1", "-n", "watched")).Done().Error);
        Assert.Empty((await cluster.Kubectl.WithInputAsync(Manifests.PolicyWithDhcp("watched"), "create", "-f", "-")).Done().Error);
        Assert.Empty((await cluster.Kubectl.RunAsync("delete", "nncp", "watched")).Done().Error);
        Assert.Empty((await cluster.Kubectl.RunAsync("label", "namespace", "watched", "infoscale.internal/mode=warn", "--overwrite")).Done().Error);
    }

    private async Task RegisterAsync(WebhookServer webhook, string manifests)
    {
        await cluster.RegisterAsync(TestCluster.Registration.Service, webhook.Port, webhook.Authority, manifests);
        await cluster.UntilAsync("the webhook is asked", static result => result.ExitCode != 0);
    }

    private Task<KubectlResult> CreateAsync(string name, string @namespace, params string[] arguments) =>
        cluster.Kubectl.WithInputAsync(Manifests.MachineWithDhcp(name, @namespace), ["create", .. arguments, "-f", "-"]);
}
