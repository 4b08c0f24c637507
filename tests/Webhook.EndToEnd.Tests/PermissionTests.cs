using System.Text;
using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>A cluster of its own, with all kinds that the webhook knows.</summary>
[CollectionDefinition(nameof(Permissions))]
public sealed class Permissions : ICollectionFixture<SmallSchemaCluster>;

/// <summary>What deploy's roles allow is what the program does, both ways, by the audit log of the API server.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(Permissions))]
public sealed class PermissionTests(SmallSchemaCluster cluster)
{
    private const string Account = "infoscale-webhook";

    // What the roles name beyond the built-in kinds and those of the shared definitions: group/version, kind, plural, scope.
    private static readonly (string Group, string Version, string Kind, string Plural, bool IsNamespaced)[] Others =
    [
        ("config.openshift.io", "v1", "Network", "networks", false),
        ("nmstate.io", "v1beta1", "NodeNetworkState", "nodenetworkstates", false),
        ("instancetype.kubevirt.io", "v1beta1", "VirtualMachineInstancetype", "virtualmachineinstancetypes", true),
        ("instancetype.kubevirt.io", "v1beta1", "VirtualMachineClusterInstancetype", "virtualmachineclusterinstancetypes", false),
        ("instancetype.kubevirt.io", "v1beta1", "VirtualMachinePreference", "virtualmachinepreferences", true),
        ("instancetype.kubevirt.io", "v1beta1", "VirtualMachineClusterPreference", "virtualmachineclusterpreferences", false),
        ("cdi.kubevirt.io", "v1beta1", "DataVolume", "datavolumes", true),
        ("cdi.kubevirt.io", "v1beta1", "StorageProfile", "storageprofiles", false),
        ("wgpolicyk8s.io", "v1alpha2", "PolicyReport", "policyreports", true),
        ("wgpolicyk8s.io", "v1alpha2", "ClusterPolicyReport", "clusterpolicyreports", false),
    ];

    private static readonly (string Group, string Version, string Kind, string Plural, bool IsNamespaced)[] OpenReports =
    [
        ("openreports.io", "v1alpha1", "Report", "reports", true),
        ("openreports.io", "v1alpha1", "ClusterReport", "clusterreports", false),
    ];

    private const string MachineOnAMissingNetwork =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","operation":"CREATE","name":"db1","namespace":"default",
        "kind":{"group":"kubevirt.io","version":"v1","kind":"VirtualMachine"},
        "object":{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine","metadata":{"name":"db1","namespace":"default",
        "labels":{"infoscale.internal/cluster":"erp"}},"spec":{"template":{"spec":{"domain":{"devices":{"interfaces":[{"name":"llt1","bridge":{}}]}},
        "networks":[{"name":"llt1","multus":{"networkName":"not-there-yet"}}]}}}}}}
        """;

    [Fact]
    public async Task Each_verb_of_the_roles_is_used_and_nothing_else_is_tried()
    {
        cluster.Require();
        await cluster.UnregisterAsync();
        IReadOnlyList<JsonObject> manifests = await cluster.Kubectl.RenderAsync(Checkout.PathOf("deploy", "overlays", "openshift-service-ca-audit"));
        foreach (JsonObject manifest in manifests.Where(static manifest => (string)manifest["kind"]! is "ServiceAccount" || Contains((string)manifest["kind"]!, "Role")))
        {
            (await cluster.Kubectl.WithInputAsync(manifest.ToJsonString(), "apply", "-f", "-")).Done();
        }

        await InstallAsync(Others);
        string kubeconfig = await cluster.ApiServer.KubeconfigOfAsync(Account, Account);
        await using WebhookServer webhook = await cluster.SecondWebhookAsync(kubeconfig, TestCluster.Enforce, "--audit", "--webhook-configuration", "infoscale-webhook");
        await webhook.StartAsync();
        using (HttpClient client = webhook.Client())
        {
            using var review = new StringContent(MachineOnAMissingNetwork, Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await client.PostAsync(new Uri("/validate", UriKind.Relative), review, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode);
        }

        await MakeChangeAndRemoveFindingsAsync(webhook, "policyreports.wgpolicyk8s.io,clusterpolicyreports.wgpolicyk8s.io");
        await webhook.StopAsync();

        // Where both are installed the newer one is written to.
        await InstallAsync(OpenReports);
        await webhook.StartAsync();
        await MakeChangeAndRemoveFindingsAsync(webhook, "reports.openreports.io,clusterreports.openreports.io");
        await webhook.StopAsync();

        (HashSet<string> used, List<string> denied) = await UsedAsync();
        Assert.Empty(denied);
        Assert.Equal(Allowed(manifests).Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    private async Task MakeChangeAndRemoveFindingsAsync(WebhookServer webhook, string reports)
    {
        (await cluster.Kubectl.WithInputAsync(Manifests.NetworkWithoutMtu("used"), "create", "-f", "-")).Done();
        (await cluster.Kubectl.WithInputAsync(Manifests.PolicyWithDhcp("used"), "create", "-f", "-")).Done();
        await ReportsAsync("findings are reported", static text => Contains(text, "nad-mtu-not-jumbo") && Contains(text, "nncp-dynamic-address"));

        (await cluster.Kubectl.WithInputAsync(
            Manifests.NetworkWithoutMtu("used").Replace("\"topology\"", "\"subnets\": \"172.30.1.0/24\", \"topology\"", StringComparison.Ordinal), "apply", "-f", "-")).Done();
        (await cluster.Kubectl.WithInputAsync(
            Manifests.PolicyWithDhcp("used").Replace("mtu: 9000", "mtu: 1500", StringComparison.Ordinal), "apply", "-f", "-")).Done();
        await ReportsAsync("other findings are reported", static text => Contains(text, "nad-dynamic-ipam") && Contains(text, "nncp-mtu-not-jumbo"));

        (await cluster.Kubectl.RunAsync("delete", "net-attach-def/used", "nncp/used")).Done();
        await ReportsAsync("the reports are gone", static text => !Contains(text, "nncp-") && !Contains(text, "nad-"));

        Task ReportsAsync(string what, Func<string, bool> fits)
        {
            string last = "";
            return Wait.UntilAsync(
                what,
                120,
                async () => fits(last = (await cluster.Kubectl.RunAsync("get", reports, "--all-namespaces", "-o", "json")).Done().Output),
                () => $"{last}\n{webhook.Log}");
        }
    }

    private async Task InstallAsync((string Group, string Version, string Kind, string Plural, bool IsNamespaced)[] definitions)
    {
        foreach ((string group, string version, string kind, string plural, bool isNamespaced) in definitions)
        {
            (await cluster.Kubectl.WithInputAsync(
                $$"""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata:
                  name: {{plural}}.{{group}}
                spec:
                  group: {{group}}
                  scope: {{(isNamespaced ? "Namespaced" : "Cluster")}}
                  names: {kind: {{kind}}, listKind: {{kind}}List, plural: {{plural}}, singular: {{kind.ToLowerInvariant()}}}
                  versions:
                  - name: {{version}}
                    served: true
                    storage: true
                    schema:
                      openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
                """,
                "create", "-f", "-")).Done();
        }

        (await cluster.Kubectl.RunAsync("wait", "--for=condition=established", "crd", "--all", "--timeout=60s")).Done();
    }

    // "verb resource.group", as often as the rules of the roles say.
    private static List<string> Allowed(IReadOnlyList<JsonObject> manifests)
    {
        List<string> allowed =
        [
            .. from manifest in manifests
               where (string)manifest["kind"]! is "ClusterRole" or "Role"
               from rule in manifest["rules"]!.AsArray()
               from verb in rule!["verbs"]!.AsArray()
               from @group in rule["apiGroups"]!.AsArray()
               from resource in rule["resources"]!.AsArray()
               select $"{verb} {resource}.{@group}",
        ];
        Assert.Distinct(allowed);
        return allowed;
    }

    private async Task<(HashSet<string> Used, List<string> Denied)> UsedAsync()
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var denied = new List<string>();
        foreach (string line in await File.ReadAllLinesAsync(cluster.ApiServer.AuditLog, TestContext.Current.CancellationToken))
        {
            JsonNode record = JsonNode.Parse(line)!;
            if ((string?)record["user"]!["username"] != $"system:serviceaccount:{Account}:{Account}" || record["objectRef"]?["resource"] is not JsonNode resource)
            {
                continue;
            }

            used.Add($"{record["verb"]} {resource}.{record["objectRef"]!["apiGroup"]}");
            if ((int?)record["responseStatus"]?["code"] is 401 or 403)
            {
                denied.Add(line);
            }
        }

        return (used, denied);
    }

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.Ordinal);
}
