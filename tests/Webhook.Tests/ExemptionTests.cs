using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Tests;

public sealed class ExemptionTests
{
    private static readonly RuleContext Context = new() { Now = new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero) };

    [Fact]
    public void A_covered_finding_stays_and_says_reason_and_end_in_place_of_the_remedy()
    {
        Judgement judgement = Judged("nad-mtu-not-jumbo", "2026-06-30");
        Assert.Equal(["nad-dynamic-ipam Error", "nad-mtu-not-jumbo Exempt"], judgement.Findings.Select(static finding => $"{finding.Rule} {finding.Severity}"));
        Finding exempt = judgement.Findings[1];
        Assert.EndsWith("; exempt until 2026-06-30: \"switch ports are changed in June\"", exempt.Line, StringComparison.Ordinal);
        Assert.DoesNotContain(exempt.Remedy, exempt.Line, StringComparison.Ordinal);
        Assert.Null(judgement.Findings[0].Exemption);
    }

    [Fact]
    public void Every_named_rule_is_covered() =>
        Assert.All(Judged("nad-dynamic-ipam,nad-mtu-not-jumbo", "2026-06-30").Findings, static finding => Assert.Equal(Severity.Exempt, finding.Severity));

    [Fact]
    public void An_exemption_that_does_not_count_leaves_the_errors_and_adds_a_warning() =>
        Assert.Equal(
            ["nad-dynamic-ipam Error", "nad-mtu-not-jumbo Error", "exemption-invalid Warning"],
            Judged("nad-mtu-not-jumbo", "2026-06-14").Findings.Select(static finding => $"{finding.Rule} {finding.Severity}"));

    [Fact]
    public void A_rule_that_is_switched_off_needs_no_exemption()
    {
        var settings = new EnforcementSettings { Severities = new Dictionary<string, Severity> { ["nad-mtu-not-jumbo"] = Severity.Off } };
        Assert.Equal("nad-dynamic-ipam", Assert.Single(Judged("nad-mtu-not-jumbo", "2026-06-30", settings).Findings).Rule);
    }

    [Fact]
    public void A_long_reason_is_cut_and_the_line_still_fits()
    {
        Finding exempt = Judged("nad-mtu-not-jumbo", "2026-06-30", reason: new string('x', 500)).Findings[1];
        Assert.InRange(exempt.Line.Length, 1, Finding.MaxLength);
        Assert.EndsWith("xxx...\"", exempt.Line, StringComparison.Ordinal);
    }

    private static Judgement Judged(
        string ids, string until, EnforcementSettings? settings = null, string reason = "switch ports are changed in June")
    {
        KubernetesObject network = ResourceKinds.View(Assert.Single(ManifestReader.Read(
            $$$"""
            apiVersion: k8s.cni.cncf.io/v1
            kind: NetworkAttachmentDefinition
            metadata:
              name: llt1
              namespace: erp-db
              labels: {infoscale.internal/role: llt}
              annotations:
                infoscale.internal/exempt: {{{ids}}}
                infoscale.internal/exempt-reason: {{{reason}}}
                infoscale.internal/exempt-until: "{{{until}}}"
            spec:
              config: '{"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "ipam": {"type": "dhcp"} }'
            """)).Root)!;
        return Judge.Evaluate(network, Context, settings ?? EnforcementSettings.Default);
    }
}
