using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Tests.Enforcement;

public sealed class ModeInForceTests
{
    private static readonly EnforcementSettings Warn = new()
    {
        Mode = EnforcementMode.Warn,
        Modes = new Dictionary<string, EnforcementMode>
        {
            ["vm-label-removed"] = EnforcementMode.Enforce, ["nad-mtu-not-jumbo"] = EnforcementMode.Audit, ["vm-single-llt-link"] = EnforcementMode.Off,
        },
    };

    [Theory]
    [InlineData("enforce", "any-rule", EnforcementMode.Enforce)]
    [InlineData("audit", "any-rule", EnforcementMode.Audit)]
    [InlineData("off", "any-rule", EnforcementMode.Off)]
    [InlineData("enforced", "any-rule", EnforcementMode.Warn)]
    [InlineData("", "any-rule", EnforcementMode.Warn)]
    [InlineData(null, "any-rule", EnforcementMode.Warn)]
    [InlineData(null, "vm-label-removed", EnforcementMode.Enforce)]
    [InlineData(null, "nad-mtu-not-jumbo", EnforcementMode.Audit)]
    [InlineData("enforce", "nad-mtu-not-jumbo", EnforcementMode.Audit)]
    [InlineData("audit", "vm-label-removed", EnforcementMode.Audit)]
    [InlineData("enforce", "vm-single-llt-link", EnforcementMode.Off)]
    public void The_namespace_decides_then_the_rule_then_the_configuration_and_the_milder_of_the_first_two(
        string? label, string rule, EnforcementMode mode) =>
        Assert.Equal(mode, ModeInForce.For("erp-db", Warn, Cluster(label)).Of(rule));

    [Fact]
    public void What_is_in_no_namespace_or_in_one_that_is_not_seen_has_the_configured_mode()
    {
        Assert.Equal(EnforcementMode.Warn, ModeInForce.For("", Warn, Cluster("enforce")).Mode);
        Assert.Equal(EnforcementMode.Warn, ModeInForce.For("other", Warn, Cluster("enforce")).Mode);
        Assert.Equal(EnforcementMode.Warn, ModeInForce.For("erp-db", Warn, ClusterView.Unseen).Mode);
    }

    [Theory]
    [InlineData("enforce", "any-rule")]
    [InlineData(null, "vm-label-removed")]
    public void Nothing_goes_beyond_the_strictest_mode(string? label, string rule) =>
        Assert.Equal(
            EnforcementMode.Audit,
            ModeInForce.For("erp-db", Warn with { Strictest = EnforcementMode.Audit }, Cluster(label)).Of(rule));

    [Fact]
    public void A_rule_that_is_enforced_is_judged_although_the_mode_is_off()
    {
        EnforcementSettings off = Warn with { Mode = EnforcementMode.Off };
        Assert.False(ModeInForce.For("", off, ClusterView.Unseen).IsOff);
        Assert.True(ModeInForce.For("erp-db", off, Cluster("off")).IsOff);
        Assert.True(ModeInForce.For("", new EnforcementSettings { Mode = EnforcementMode.Off }, ClusterView.Unseen).IsOff);
        Judgement left = ModeInForce.For("", off, ClusterView.Unseen).Apply(new Judgement([Found("vm-label-removed"), Found("any-rule")], [], null));
        Assert.Equal("vm-label-removed", Assert.Single(left.Findings).Rule);
    }

    private static Finding Found(string rule) => new()
    {
        Rule = rule, Severity = Severity.Error, Error = FieldError.Required(FieldPath.Root, "x"), Remedy = "y",
    };

    private static OneNamespace Cluster(string? label) => new(new Namespace(Assert.Single(ManifestReader.Read(
        $$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: erp-db, labels: {a: b{{(label is null ? "" : $", infoscale.internal/mode: '{label}'")}}} }
        """)).Root));

    private sealed class OneNamespace(Namespace @namespace) : ClusterView
    {
        public override Lookup<Namespace> Namespace(string name) => name == @namespace.Name ? Lookup<Namespace>.Of(@namespace) : base.Namespace(name);
    }
}
