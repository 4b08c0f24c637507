using System.Text;
using Webhook.Admission;
using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Tests.Admission;

public sealed class AdmissionResponsesTests
{
    private static readonly AdmissionReview Review = Read();

    [Fact]
    public void A_denial_names_every_error_on_a_line_of_its_own()
    {
        AdmissionResponse response = Respond([Found("a-rule", Severity.Error, "spec.x"), Found("b-rule", Severity.Error, "spec.y"), Found("c-rule", Severity.Warning, "spec.z")]);
        Assert.False(response.Allowed);
        Assert.Equal(
            """
            NetworkAttachmentDefinition erp-db/llt1 is not fit for InfoScale:
            - spec.x: Required value: must be there; write it down [a-rule]
            - spec.y: Required value: must be there; write it down [b-rule]
            """,
            response.Status!.Message);
        Assert.Equal(["spec.x", "spec.y"], response.Status.Causes.Select(static cause => cause.Field));
        Assert.Equal(["spec.z: Required value: must be there; write it down [c-rule]"], response.Warnings);
    }

    [Fact]
    public void More_causes_than_a_terminal_holds_are_counted()
    {
        AdmissionResponse response = Respond([.. Enumerable.Range(0, 1000).Select(static i => Found("a-rule", Severity.Error, $"x{i}"))]);
        Assert.Equal(AdmissionResponses.MaxCauses + 1, response.Status!.Causes.Count);
        Assert.EndsWith("\nand 950 more", response.Status.Message, StringComparison.Ordinal);
        Assert.Equal("and 950 more", response.Status.Causes[^1].Message);
    }

    [Fact]
    public void More_warnings_than_the_API_server_passes_on_are_counted()
    {
        AdmissionResponse response = Respond([.. Enumerable.Range(0, 1000).Select(static i => Found("a-rule", Severity.Warning, $"x{i}"))]);
        Assert.True(response.Allowed);
        Assert.InRange(response.Warnings.Sum(static warning => warning.Length), 3000, AdmissionResponses.MaxWarningsLength);
        Assert.Equal($"and {1000 - response.Warnings.Length + 1} more warnings", response.Warnings[^1]);
    }

    [Fact]
    public void A_long_warning_keeps_its_rule()
    {
        Finding finding = Found("a-rule", Severity.Warning, "x") with { Remedy = new string('r', 400) };
        string warning = Assert.Single(Respond([finding]).Warnings);
        Assert.Equal(256, warning.Length);
        Assert.EndsWith("r [a-rule]", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EnforcementMode.Enforce, false, 0, "denied")]
    [InlineData(EnforcementMode.Warn, true, 1, "would-deny")]
    [InlineData(EnforcementMode.Audit, true, 0, "would-deny")]
    public void The_mode_decides_what_an_error_does(EnforcementMode mode, bool allowed, int warnings, string decision)
    {
        AdmissionResponse response = Respond([Found("a-rule", Severity.Error, "x")], mode: mode);
        Assert.Equal(allowed, response.Allowed);
        Assert.Equal(warnings, response.Warnings.Length);
        Assert.Equal(decision, Annotation(response, "decision"));
        Assert.Equal("a-rule", Annotation(response, "rules"));
    }

    [Fact]
    public void Only_findings_of_enforced_rules_deny_and_those_of_the_others_warn_or_stay_silent()
    {
        var settings = new EnforcementSettings
        {
            Modes = new Dictionary<string, EnforcementMode> { ["b-rule"] = EnforcementMode.Warn, ["c-rule"] = EnforcementMode.Audit },
        };
        AdmissionResponse response = AdmissionResponses.Of(
            Review, ResourceKinds.View(Review.Object)!,
            new Judgement(
                [
                    Found("a-rule", Severity.Error, "x"), Found("b-rule", Severity.Error, "y"), Found("c-rule", Severity.Error, "z"),
                    Found("c-rule", Severity.Warning, "z"),
                ],
                [],
                null),
            new ModeInForce(settings, null));
        Assert.Equal(["x"], response.Status!.Causes.Select(static cause => cause.Field));
        Assert.EndsWith("[b-rule, would deny]", Assert.Single(response.Warnings), StringComparison.Ordinal);
        Assert.Equal("a-rule,b-rule,c-rule", Annotation(response, "rules"));
    }

    [Theory]
    [InlineData(RuleFailureAction.Warn, EnforcementMode.Enforce, true, 1)]
    [InlineData(RuleFailureAction.Deny, EnforcementMode.Enforce, false, 0)]
    [InlineData(RuleFailureAction.Deny, EnforcementMode.Warn, true, 1)]
    public void A_rule_that_throws_warns_unless_it_is_to_deny(RuleFailureAction action, EnforcementMode mode, bool allowed, int warnings)
    {
        AdmissionResponse response = Respond([], [new RuleFailure("a-rule", new InvalidOperationException("a secret"))], mode, action);
        Assert.Equal(allowed, response.Allowed);
        Assert.Equal(warnings, response.Warnings.Length);
        Assert.Equal("a-rule", Annotation(response, "failed"));
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(AdmissionResponseWriter.Write("u", response)), StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_tell_what_was_unverified_exempt_and_old()
    {
        AdmissionResponse response = Respond(
        [
            Found("a-rule", Severity.Warning, "x") with { Unverified = true },
            Found("b-rule", Severity.Warning, "x") with { IsOld = true },
            Found("c-rule", Severity.Exempt, "x"),
            Found("d-rule", Severity.Warning, "x"),
            Found("d-rule", Severity.Warning, "y"),
        ]);
        Assert.Equal(
            ["allowed", "enforce", "b-rule", "d-rule", "a-rule", "c-rule"],
            response.AuditAnnotations.Select(static annotation => annotation.Value));
        Assert.Contains(response.Warnings, static warning => warning.EndsWith("[b-rule, no worse than before]", StringComparison.Ordinal));
    }

    private static string? Annotation(AdmissionResponse response, string key) =>
        response.AuditAnnotations.Single(annotation => annotation.Key == key).Value;

    private static AdmissionResponse Respond(
        IReadOnlyList<Finding> findings, IReadOnlyList<RuleFailure>? failures = null,
        EnforcementMode mode = EnforcementMode.Enforce, RuleFailureAction action = RuleFailureAction.Warn) =>
        AdmissionResponses.Of(
            Review, ResourceKinds.View(Review.Object)!, new Judgement([.. findings], [.. failures ?? []], null),
            new ModeInForce(new EnforcementSettings { Mode = mode, OnRuleFailure = action }, null));

    private static Finding Found(string rule, Severity severity, string field) => new()
    {
        Rule = rule,
        Severity = severity,
        Error = FieldError.Required(field.Split('.').Aggregate(FieldPath.Root, static (path, name) => path.Property(name)), "must be there"),
        Remedy = "write it down",
    };

    private static AdmissionReview Read()
    {
        Assert.True(AdmissionReview.TryRead(
            """
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","operation":"CREATE","name":"llt1","namespace":"erp-db",
            "kind":{"group":"k8s.cni.cncf.io","version":"v1","kind":"NetworkAttachmentDefinition"},
            "object":{"apiVersion":"k8s.cni.cncf.io/v1","kind":"NetworkAttachmentDefinition","metadata":{"name":"llt1","namespace":"erp-db"}}}}
            """u8.ToArray(), out AdmissionReview? review, out string? error), error);
        return review;
    }
}
