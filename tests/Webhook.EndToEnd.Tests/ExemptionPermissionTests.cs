using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>A cluster whose rights and networks nobody else meets.</summary>
[CollectionDefinition(nameof(Exempting))]
public sealed class Exempting : ICollectionFixture<SmallSchemaCluster>;

/// <summary>
/// exemptions.requirePermission in front of real RBAC: the webhook calls as the account of deploy/base, with the rights that the manifests
/// give and no others.
/// </summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(Exempting))]
public sealed class ExemptionPermissionTests(SmallSchemaCluster cluster) : IAsyncLifetime
{
    private const string Exempt = "exempt-erp", Other = "exempt-crm";

    private static readonly string Rights = Checkout.PathOf("deploy", "components", "exemption-permission", "82-exemption-permission.yaml");

    private readonly string _kubeconfig = Path.GetTempFileName();
    private WebhookServer? _webhook;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!cluster.IsThere)
        {
            return;
        }

        await cluster.UnregisterAsync();
        foreach (string file in (string[])[Checkout.PathOf("deploy", "base", "10-service-account.yaml"), Checkout.PathOf("deploy", "base", "11-cluster-role.yaml")])
        {
            (await cluster.Kubectl.RunAsync("apply", "-f", file)).Done();
        }

        // Both users may write networks; one of them may exempt, in one namespace.
        (await cluster.Kubectl.WithInputAsync(
            $$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{Exempt}}}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{Other}}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: network-author}
            rules: [{apiGroups: [k8s.cni.cncf.io], resources: [network-attachment-definitions], verbs: [get, create, update, patch]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: network-authors}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: network-author}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: authors}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: exempters, namespace: {{Exempt}}}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: infoscale-exempter}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: exempters}]
            """,
            "apply", "-f", "-")).Done();
        KubectlResult token = (await cluster.Kubectl.WithInputAsync(
            """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":3600}}""",
            "create", "--raw", "/api/v1/namespaces/infoscale-webhook/serviceaccounts/infoscale-webhook/token", "-f", "-")).Done();
        await File.WriteAllTextAsync(
            _kubeconfig,
            $$"""
            apiVersion: v1
            kind: Config
            current-context: test
            contexts: [{name: test, context: {cluster: test, user: webhook} }]
            clusters: [{name: test, cluster: {server: "{{cluster.ApiServer.Address}}", certificate-authority: "{{cluster.CertificateFolder}}/ca.crt"} }]
            users: [{name: webhook, user: {token: "{{(string)JsonNode.Parse(token.Output)!["status"]!["token"]!}}"} }]
            """,
            TestContext.Current.CancellationToken);
        _webhook = await cluster.SecondWebhookAsync(_kubeconfig, TestCluster.Enforce + "exemptions: {requirePermission: true}\n");
        await _webhook.StartAsync();
        await cluster.RegisterAsync(TestCluster.Registration.Service, _webhook.Port, _webhook.Authority);
        await cluster.UntilAsync("the webhook is asked", static result => result.ExitCode != 0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        File.Delete(_kubeconfig);
        if (_webhook is not null)
        {
            await cluster.UnregisterAsync();
            await _webhook.DisposeAsync();
            await cluster.Kubectl.RunAsync("delete", "--ignore-not-found", "-f", Rights);
            await cluster.RegisterAsync(TestCluster.Registration.Service);
        }
    }

    [Fact]
    public async Task Who_may_exempt_is_decided_by_RBAC_and_what_was_admitted_goes_on()
    {
        cluster.Require();

        // The component is not installed: the webhook may not ask, so nobody may exempt.
        KubectlResult answer = await CreateAsync("refused", Exempt, "admin", "authors", "exempters");
        Assert.Contains("nad-mtu-not-jumbo", answer.Refused().Error, StringComparison.Ordinal);
        Assert.Contains(answer.Warnings, static warning => warning.Contains("did not say whether the user may exempt (forbidden)", StringComparison.Ordinal));

        (await cluster.Kubectl.RunAsync("apply", "-f", Rights)).Done();
        await Wait.UntilAsync(
            "who may exempt does", 30, async () => (answer = await CreateAsync("llt1", Exempt, "admin", "authors", "exempters")).ExitCode == 0, () => $"{answer}\n{_webhook!.Log}");
        Assert.Contains(answer.Warnings, static warning => warning.Contains("exempt until", StringComparison.Ordinal));
        Assert.StartsWith("nad-mtu-not-jumbo exempt until", (await cluster.AuditAnnotationsAsync("create", "llt1"))["exemptions"], StringComparison.Ordinal);

        // Another user, and the same one in another namespace.
        answer = (await CreateAsync("llt2", Exempt, "dev", "authors")).Refused();
        Assert.Contains(
            answer.Warnings, static warning => warning.Contains("the user lacks the verb exempt on rules.infoscale.internal", StringComparison.Ordinal));
        (await CreateAsync("llt2", Other, "admin", "authors", "exempters")).Refused();

        // Somebody else touches what was admitted, then breaks a rule anew under the exemption that is there.
        (await cluster.Kubectl.RunAsync(
            "patch", "net-attach-def", "llt1", "-n", Exempt, "--type=merge", "-p", """{"metadata":{"labels":{"infoscale.internal/role":"llt-lowpri"}}}""",
            "--as=dev", "--as-group=authors")).Done();
        (await cluster.Kubectl.WithInputAsync(Network("llt3", Exempt, "\"mtu\": 8990, "), "create", "-f", "-", "--as=dev", "--as-group=authors")).Done();
        (await cluster.Kubectl.WithInputAsync(Network("llt3", Exempt, ""), "replace", "-f", "-", "--as=dev", "--as-group=authors")).Refused();
        (await cluster.Kubectl.WithInputAsync(Network("llt3", Exempt, ""), "replace", "-f", "-", "--as=admin", "--as-group=authors", "--as-group=exempters")).Done();
    }

    private Task<KubectlResult> CreateAsync(string name, string space, string user, params string[] groups) =>
        cluster.Kubectl.WithInputAsync(
            Network(name, space, ""), ["create", "-f", "-", $"--as={user}", .. groups.Select(static group => $"--as-group={group}")]);

    private static string Network(string name, string space, string mtu) =>
        $$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata:
          name: {{name}}
          namespace: {{space}}
          labels: {infoscale.internal/role: llt}
          annotations:
            infoscale.internal/exempt: nad-mtu-not-jumbo
            infoscale.internal/exempt-reason: the switch is exchanged soon
            infoscale.internal/exempt-until: "{{TimeProvider.System.GetUtcNow().AddDays(30):yyyy-MM-dd}}"
        spec:
          config: |
            {"cniVersion": "0.3.1", "name": "{{name}}", {{mtu}}"type": "ovn-k8s-cni-overlay", "topology": "localnet",
             "physicalNetworkName": "physnet-llt1", "netAttachDefName": "{{space}}/{{name}}"}
        """;
}
