using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>
/// The ValidatingAdmissionPolicy of deploy/components/backstop-policy, judged by a real API server that has such policies (1.30 and newer),
/// while the webhook is not asked: what it denies the webhook denies by the same rule.
/// </summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(SmallSchemas))]
public sealed partial class BackstopTests(SmallSchemaCluster cluster)
{
    private const string Address = "nncp-dynamic-address";
    private const string Mtu = "nncp-mtu-not-jumbo";

    private static readonly string Manifest = Checkout.PathOf("deploy", "components", "backstop-policy", "67-backstop-policy.yaml");
    private static readonly string[] Roles = ["llt", "llt-lowpri", "iscsi", "mixed"];

    // Shapes that prove nothing, because the node fills them in, nmstate refuses them, or the interface is not to be up.
    private static readonly string[] Unproven =
    [
        "{desiredState: '{{ capture.base }}'}",
        "{desiredState: {interfaces: '{{ capture.base.interfaces }}'}}",
        "{desiredState: {interfaces: ['{{ capture.base.interfaces.0 }}', 7, [1], true]}}",
        "{desiredState: {interfaces: {name: ens3f0}}}",
        "{desiredState: [1]}",
        "{desiredState: {interfaces: [{name: ens3f0, ipv4: {enabled: '{{ capture.on }}', dhcp: true}}]}}",
        "{desiredState: {interfaces: [{name: ens3f0, type: ethernet, mtu: '{{ capture.mtu }}', ipv4: '{{ capture.ipv4 }}'}]}}",
        "{desiredState: {interfaces: [{name: ens3f0, type: [ethernet], mtu: [9000], ipv4: [1], ipv6: 3}]}}",
        "{desiredState: {interfaces: [{name: ens3f0, type: ethernet, mtu: 9000, ipv4: {enabled: false, dhcp: true}, ipv6: {enabled: false, autoconf: true}}]}}",
        "{desiredState: {interfaces: [{name: ens3f0, type: ethernet, mtu: 9000, ipv4: {enabled: true, dhcp: maybe}}]}}",
        "{desiredState: {interfaces: [{name: ens3f0, type: ethernet, state: absent, ipv4: {enabled: true, dhcp: true}}]}}",
        "{desiredState: {interfaces: [{name: ens3f0, type: ethernet, mtu: 9000.5}]}}",
        "{capture: {on: x}}",
    ];

    [Fact]
    public Task What_proves_nothing_goes_through() => InForceAsync(async () =>
    {
        foreach (string spec in Unproven)
        {
            (await CreateAsync(Policy("unproven", "llt", spec))).Done();
        }
    });

    [Fact]
    public Task A_proven_mistake_is_denied_beside_shapes_that_prove_nothing() => InForceAsync(async () =>
    {
        KubectlResult denied = (await CreateAsync(Policy("beside", "llt", "{desiredState: {interfaces: ['{{ capture.a }}', {name: ens3f0}, {name: ens3f1, type: ethernet, mtu: 1500}]}}"))).Refused();
        Assert.Matches(@"interface ens3f1: .*\[nncp-mtu-not-jumbo\]", denied.Error);
        Assert.DoesNotContain("ens3f0", denied.Error, StringComparison.Ordinal);
    });

    [Fact]
    public Task What_it_denies_the_webhook_denies_for_the_same_rule() => InForceAsync(async () =>
    {
        List<string> policies = [.. (await PoliciesAsync()).SelectMany(Variants).Select(static (policy, at) =>
        {
            policy["metadata"]!["name"] = $"n{at}";
            return policy.ToJsonString();
        })];
        string folder = Directory.CreateTempSubdirectory("webhook-backstop-").FullName;
        try
        {
            string file = Path.Combine(folder, "policies.yaml");
            await File.WriteAllTextAsync(file, string.Join("\n---\n", policies), TestContext.Current.CancellationToken);
            KubectlResult created = await cluster.Kubectl.RunAsync("create", "--dry-run=server", "--validate=false", "-f", file);
            HashSet<string> backstop = [.. Denied().Matches(created.Error).Select(static match => $"{match.Groups["name"].Value} {match.Groups["rule"].Value}")];
            int taken = created.Output.Split("(server dry run)").Length - 1;
            int denied = backstop.Select(static error => error.Split(' ')[0]).Distinct().Count();
            Assert.True(taken + denied == policies.Count, $"{taken} taken, {denied} denied of {policies.Count}\n{created.Error}");

            HashSet<string> webhook = await ErrorsAsync(file);
            Assert.Empty(backstop.Except(webhook));
            foreach (string rule in (string[])[Address, Mtu])
            {
                int all = webhook.Count(error => error.EndsWith(rule, StringComparison.Ordinal)), some = backstop.Count(error => error.EndsWith(rule, StringComparison.Ordinal));
                Assert.NotEqual(0, some);
                TestContext.Current.TestOutputHelper?.WriteLine($"{policies.Count} policies: {rule} denies {all}, the backstop {some}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    [Fact]
    public async Task An_update_is_not_denied_for_what_was_there_nor_an_object_that_is_exempt()
    {
        await RequireAsync();
        await cluster.UnregisterAsync();
        string bad = Policy("before", "llt", "{desiredState: {interfaces: [{name: ens3f0, type: ethernet, mtu: 1500, ipv4: {enabled: true, dhcp: true}}]}}");
        (await cluster.Kubectl.WithInputAsync(bad, "apply", "-f", "-")).Done();
        try
        {
            await InForceAsync(async () =>
            {
                (await ApplyAsync(bad.Replace("mtu: 1500", "mtu: 1400", StringComparison.Ordinal))).Done();
                (await ApplyAsync(bad.Replace("spec: {", "spec: {maxUnavailable: 1, ", StringComparison.Ordinal))).Done();
                KubectlResult denied = (await ApplyAsync(bad.Replace("interfaces: [", "interfaces: [{name: ens3f1, type: ethernet, mtu: 1500}, ", StringComparison.Ordinal))).Refused();
                Assert.Matches(@"interface ens3f1: .*\[nncp-mtu-not-jumbo\]", denied.Error);

                string exempt = bad.Replace("name: before,", $"name: exempt, annotations: {{infoscale.internal/exempt: '{Address}, {Mtu}'}},", StringComparison.Ordinal);
                (await CreateAsync(exempt)).Done();
                (await CreateAsync(exempt.Replace($", {Mtu}", "", StringComparison.Ordinal))).Refused();
                (await CreateAsync(bad.Replace("name: before, labels: {infoscale.internal/role: llt }", "name: others", StringComparison.Ordinal))).Done();
            });
        }
        finally
        {
            (await cluster.Kubectl.RunAsync("delete", "nncp", "before", "--ignore-not-found")).Done();
        }
    }

    [Fact]
    public async Task The_chart_has_the_same_policy_and_binds_it_by_its_mode()
    {
        Assert.SkipWhen(Chart.WhyNot is not null, Chart.WhyNot ?? "");
        string manifest = await File.ReadAllTextAsync(Manifest, TestContext.Current.CancellationToken);
        Assert.Contains(manifest, (await Chart.RenderAsync("infoscale-webhook", "backstopPolicy: true")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Backstop", (await Chart.RenderAsync("infoscale-webhook", "{}")).Output, StringComparison.OrdinalIgnoreCase);
        foreach ((string values, string expected) in ((string, string)[])
            [
                ("configuration: {mode: warn}", "validationActions: [Warn]"),
                ("configuration: {mode: warn, strictest: audit}", "validationActions: [Audit]"),
                ("configuration: {strictest: warn}", "validationActions: [Audit]"),
                ("auditOnly: true", "validationActions: [Audit]"),
                ("configuration: {mtu: {node: 4000}}", "expression: \"4000\""),
            ])
        {
            Assert.Contains(expected, (await Chart.RenderAsync("infoscale-webhook", $"backstopPolicy: true\n{values}")).Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("ValidatingAdmissionPolicy", (await Chart.RenderAsync("infoscale-webhook", "backstopPolicy: true\nconfiguration: {mode: 'off'}")).Output, StringComparison.Ordinal);
        (int code, _, string error) = await Chart.RenderAsync("infoscale-webhook", $"backstopPolicy: true\nconfiguration: {{rules: {{{Mtu}: warning}}}}");
        Assert.NotEqual(0, code);
        Assert.Contains("backstopPolicy", error, StringComparison.Ordinal);
    }

    private static string Policy(string name, string role, string spec) =>
        $$"""
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: {{name}}, labels: {infoscale.internal/role: {{role}} } }
        spec: {{spec}}
        """;

    // As it is, where it has a role, and with each role.
    private static IEnumerable<JsonObject> Variants(JsonObject policy)
    {
        JsonObject metadata = policy["metadata"]!.AsObject();
        metadata.Remove("namespace");
        if (metadata["labels"]?["infoscale.internal/role"] is not null)
        {
            yield return policy;
        }

        foreach (string role in Roles)
        {
            JsonObject variant = policy.DeepClone().AsObject();
            metadata = variant["metadata"]!.AsObject();
            if (metadata["labels"] is not JsonObject)
            {
                metadata["labels"] = new JsonObject();
            }

            metadata["labels"]!["infoscale.internal/role"] = role;
            yield return variant;
        }
    }

    // The examples of the rules' pages, the samples, and the real policies beside the checkout.
    private async Task<List<JsonObject>> PoliciesAsync()
    {
        var texts = new List<string>();
        foreach (string page in Directory.EnumerateFiles(Checkout.PathOf("src", "Webhook.Rules", "Pages"), "nncp-*.md"))
        {
            texts.AddRange(YamlBlock().Matches(await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken)).Select(static block => block.Groups["yaml"].Value));
        }

        IEnumerable<string> folders = [Checkout.PathOf("deploy", "samples"), .. Checkout.Corpus("nncp") is string corpus ? (string[])[corpus] : []];
        foreach (string file in folders.SelectMany(static folder => Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)))
        {
            texts.Add(await File.ReadAllTextAsync(file));
        }

        // One call: a document that kubectl cannot read, or of a kind that is not served, is left out.
        string folder = Directory.CreateTempSubdirectory("webhook-policies-").FullName;
        int number = 0;
        foreach (string document in texts.SelectMany(static text => Separator().Split(text)).Where(static text => text.Contains("NodeNetworkConfigurationPolicy", StringComparison.Ordinal)))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{number++:d4}.yaml"), document);
        }

        KubectlResult read = await cluster.Kubectl.RunAsync("create", "--dry-run=client", "--validate=false", "-o", "json", "-f", folder);
        Directory.Delete(folder, recursive: true);
        return [.. Kubectl.Objects(read.Output).Where(static item => (string?)item["kind"] == "NodeNetworkConfigurationPolicy")];
    }

    private static async Task<HashSet<string>> ErrorsAsync(string file)
    {
        var start = new ProcessStartInfo(WebhookServer.FindProgram()!, ["check", "-o", "json", file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process check = Process.Start(start)!;
        Task<string> error = check.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await check.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await error;
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);
        return
        [
            .. JsonNode.Parse(output)!["findings"]!.AsArray()
                .Where(static finding => (string?)finding!["severity"] == "error")
                .Select(static finding => $"{finding!["name"]} {finding["rule"]}"),
        ];
    }

    private async Task RequireAsync()
    {
        cluster.Require();
        string served = (await cluster.Kubectl.RunAsync("get", "--raw", "/apis/admissionregistration.k8s.io/v1")).Done().Output;
        Assert.SkipUnless(
            served.Contains("validatingadmissionpolicies", StringComparison.Ordinal),
            "this API server has no ValidatingAdmissionPolicy: that needs 1.30, see tests/kube-apiserver/README.md");
    }

    private async Task InForceAsync(Func<Task> test)
    {
        await RequireAsync();
        await cluster.UnregisterAsync();
        try
        {
            (await cluster.Kubectl.RunAsync("apply", "-f", Manifest)).Done();
            await UntilAsync("the policy is in force", static result => result.ExitCode != 0);
            await test();
        }
        finally
        {
            (await cluster.Kubectl.RunAsync("delete", "--ignore-not-found", "-f", Manifest)).Done();
            await UntilAsync("the policy is not in force", static result => result.ExitCode == 0);
            await cluster.RegisterAsync(TestCluster.Registration.Service);
        }

        Task UntilAsync(string what, Func<KubectlResult, bool> fits) =>
            Wait.UntilAsync(what, 60, async () => fits(await CreateAsync(Manifests.PolicyWithDhcp("probe"))));
    }

    private Task<KubectlResult> CreateAsync(string manifest) => cluster.Kubectl.WithInputAsync(manifest, "create", "--dry-run=server", "-f", "-");

    private Task<KubectlResult> ApplyAsync(string manifest) => cluster.Kubectl.WithInputAsync(manifest, "apply", "--dry-run=server", "-f", "-");

    [GeneratedRegex("```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex("^---.*$", RegexOptions.Multiline)]
    private static partial Regex Separator();

    [GeneratedRegex(@"""(?<name>n\d+)"" is forbidden: [^\n]*ValidatingAdmissionPolicy 'infoscale-webhook-backstop'[^\n]*\[(?<rule>nncp-[a-z-]+)\]")]
    private static partial Regex Denied();
}
