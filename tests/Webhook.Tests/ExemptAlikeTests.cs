using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Webhook.Admission;
using Webhook.Audit;
using Webhook.Checking;
using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Rules;
using Webhook.Tests.Commands;

namespace Webhook.Tests;

/// <summary>One exempt object through webhook, audit and command line: the same rules are exempt, for the same reason.</summary>
public sealed class ExemptAlikeTests
{
    private const string Annotated =
        """
        infoscale.internal/exempt: nad-mtu-not-jumbo
        infoscale.internal/exempt-reason: switch ports are changed in June
        infoscale.internal/exempt-until: "2026-06-21"
        """;

    private const string Granted =
        "exemptions: {granted: [{rule: nad-mtu-not-jumbo, namespace: erp-*, reason: switch ports are changed in June, until: '2026-06-21'}]}";

    private const string Words = "exempt until 2026-06-21 (ends in 6 days): \"switch ports are changed in June\"";

    [Theory]
    [InlineData(Annotated, "", Words)]
    [InlineData("a: b", Granted, "by configuration " + Words)]
    [InlineData("a: b", "", null)]
    public async Task Webhook_audit_and_command_line_honour_an_exemption_alike(string annotations, string configuration, string? exempt)
    {
        string manifest =
            $$"""
            apiVersion: k8s.cni.cncf.io/v1
            kind: NetworkAttachmentDefinition
            metadata:
              name: llt1
              namespace: erp-db
              labels: {infoscale.internal/role: llt}
              annotations:
                {{annotations.ReplaceLineEndings("\n    ")}}
            spec:
              config: '{"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1"}'
            """;
        EnforcementSettings settings = ConfigurationReader.Read(configuration, out _)!;
        Field root = Assert.Single(ManifestReader.Read(manifest)).Root;

        AdmissionResponse response = Review(root, settings);
        Assert.Equal(exempt is not null, response.Allowed);
        Assert.Equal(
            exempt is null ? null : $"nad-mtu-not-jumbo {exempt}",
            response.AuditAnnotations.FirstOrDefault(static annotation => annotation.Key == "exemptions").Value);
        Assert.Equal(exempt is not null, response.Warnings.Any(warning => warning.Contains(exempt ?? "never", StringComparison.Ordinal)));

        CheckedObject audited = Assert.Single(new AuditRun(settings, Run.Now).Judge(ClusterObjects.Given([root]), null, TestContext.Current.CancellationToken));
        Assert.Equal(exempt, audited.Findings.Single(static found => found.Finding.Rule == "nad-mtu-not-jumbo").Finding.Exemption);

        using var folder = new TemporaryFolder();
        string config = folder.Write("config.yaml", configuration), file = folder.Write("network.yaml", manifest);
        foreach (string command in (string[])["check", "audit"])
        {
            Run run = await Run.Of(command, "-o", "json", "--config", config, file);
            JsonNode finding = JsonNode.Parse(run.Output)!["findings"]!.AsArray().Single(static found => (string?)found!["rule"] == "nad-mtu-not-jumbo")!;
            Assert.Equal(exempt, (string?)finding["exemption"]);
            Assert.Equal(exempt is null ? 1 : 0, run.Code);
        }
    }

    private static AdmissionResponse Review(Field root, EnforcementSettings settings)
    {
        using var metrics = new WebhookMetrics();
        var store = new ConfigurationStore(null, settings, metrics, NullLogger<ConfigurationStore>.Instance);
        var reviewer = new AdmissionReviewer(
            store, static () => ClusterView.Unseen, new FakeTimeProvider(Run.Now), metrics, NullLogger<AdmissionReviewer>.Instance);
        string body =
            $$"""
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","operation":"CREATE","name":"llt1","namespace":"erp-db",
            "kind":{"group":"k8s.cni.cncf.io","version":"v1","kind":"NetworkAttachmentDefinition"},"object":{{root.Json}} } }
            """;
        Assert.True(AdmissionReview.TryRead(Encoding.UTF8.GetBytes(body), out AdmissionReview? review, out string? error), error);
        return reviewer.Review(review);
    }
}
