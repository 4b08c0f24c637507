using Webhook.Configuration;
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
        Judgement judgement = Judged("nad-mtu-not-jumbo", "2026-07-30");
        Assert.Equal(["nad-dynamic-ipam Error", "nad-mtu-not-jumbo Exempt"], judgement.Findings.Select(static finding => $"{finding.Rule} {finding.Severity}"));
        Finding exempt = judgement.Findings[1];
        Assert.EndsWith("; exempt until 2026-07-30: \"switch ports are changed in June\"", exempt.Line, StringComparison.Ordinal);
        Assert.DoesNotContain(exempt.Remedy, exempt.Line, StringComparison.Ordinal);
        Assert.Null(judgement.Findings[0].Exemption);
    }

    [Fact]
    public void Every_named_rule_is_covered() =>
        Assert.All(Judged("nad-dynamic-ipam,nad-mtu-not-jumbo", "2026-07-30").Findings, static finding => Assert.Equal(Severity.Exempt, finding.Severity));

    [Fact]
    public void An_exemption_that_does_not_count_leaves_the_errors_and_adds_a_warning() =>
        Assert.Equal(
            ["nad-dynamic-ipam Error", "nad-mtu-not-jumbo Error", "exemption-invalid Warning"],
            Judged("nad-mtu-not-jumbo", "2026-06-14").Findings.Select(static finding => $"{finding.Rule} {finding.Severity}"));

    [Fact]
    public void A_rule_that_is_switched_off_needs_no_exemption()
    {
        var settings = new EnforcementSettings { Severities = new Dictionary<string, Severity> { ["nad-mtu-not-jumbo"] = Severity.Off } };
        Assert.Equal("nad-dynamic-ipam", Assert.Single(Judged("nad-mtu-not-jumbo", "2026-07-30", settings).Findings).Rule);
    }

    [Fact]
    public void A_long_reason_is_cut_and_the_line_still_fits()
    {
        Finding exempt = Judged("nad-mtu-not-jumbo", "2026-07-30", reason: new string('x', 500)).Findings[1];
        Assert.InRange(exempt.Line.Length, 1, Finding.MaxLength);
        Assert.EndsWith("xxx...\"", exempt.Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-06-30", "2026-06-30:")]
    [InlineData("2026-06-29", "2026-06-29 (ends in 14 days):")]
    [InlineData("2026-06-21", "2026-06-21 (ends in 6 days):")]
    [InlineData("2026-06-16", "2026-06-16 (ends tomorrow):")]
    [InlineData("2026-06-15", "2026-06-15 (ends today):")]
    public void A_near_end_is_counted_down(string until, string words) =>
        Assert.StartsWith($"exempt until {words}", Judged("nad-mtu-not-jumbo", until).Findings[1].Exemption, StringComparison.Ordinal);

    [Theory]
    [InlineData("rule: nad-mtu-not-jumbo", true)]
    [InlineData("rule: nad-mtu-not-jumbo, kind: NetworkAttachmentDefinition, namespace: erp-*, name: 'llt?'", true)]
    [InlineData("rule: nad-mtu-not-jumbo, kind: VirtualMachine", false)]
    [InlineData("rule: nad-mtu-not-jumbo, namespace: erp", false)]
    [InlineData("rule: nad-mtu-not-jumbo, name: llt2", false)]
    public void The_configuration_exempts_the_objects_that_it_describes(string entry, bool covered)
    {
        Judgement judgement = Judged("", "", Granted(entry, "2026-06-21"));
        Assert.Equal(
            covered ? "by configuration exempt until 2026-06-21 (ends in 6 days): \"a whole new switch\"" : null,
            judgement.Findings.Single(static finding => finding.Rule == "nad-mtu-not-jumbo").Exemption);
    }

    [Theory]
    [InlineData("2026-06-14", "has passed, so it is ignored")]
    [InlineData("2026-12-24", "is more than 90 days ahead, so it is ignored")]
    public void An_exemption_of_the_configuration_that_does_not_count_leaves_the_error_and_says_so(string until, string why)
    {
        Judgement judgement = Judged("", "", Granted("rule: nad-mtu-not-jumbo", until));
        Assert.Contains(judgement.Findings, static finding => finding is { Rule: "nad-mtu-not-jumbo", Severity: Severity.Error });
        Assert.Contains(why, judgement.Findings.Last(static finding => finding.Rule == "exemption-invalid").Message, StringComparison.Ordinal);
    }

    private static EnforcementSettings Granted(string entry, string until) =>
        ConfigurationReader.Read($"exemptions: {{granted: [{{{entry}, reason: a whole new switch, until: '{until}'}}]}}", out _)!;

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
