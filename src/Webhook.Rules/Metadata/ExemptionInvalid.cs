using System.Globalization;
using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Metadata;

/// <summary>exemption-invalid: annotations that ask for an exemption and do not get it.</summary>
public sealed class ExemptionInvalid : Rule<KubernetesObject>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "exemption-invalid",
        Title = "Exemption does not count",
        Severity = Severity.Warning,
        Rationale =
            "An exemption needs rule ids, a reason of 10 characters or more, and an end within the configured horizon: all three, or it is ignored " +
            "and the findings deny again. So no object stays exempt because everybody has forgotten why, and a misspelled id does not look like an " +
            "exemption that works.",
        Remedy =
            "Set infoscale.internal/exempt to rule ids separated by commas, infoscale.internal/exempt-reason to the reason, and " +
            "infoscale.internal/exempt-until to a date such as 2026-09-01, or remove all three.",
        Guide = [],
        Examples =
        [
            Example.Warned("the end has passed", at: "metadata.annotations[infoscale.internal/exempt-until]", yaml: Network("""
                infoscale.internal/exempt: nad-mtu-not-jumbo
                infoscale.internal/exempt-reason: switch ports are changed in May
                infoscale.internal/exempt-until: "2026-05-31"
                """)),
            Example.Warned("no reason", at: "metadata.annotations[infoscale.internal/exempt-reason]", yaml: Network("""
                infoscale.internal/exempt: nad-mtu-not-jumbo
                infoscale.internal/exempt-until: "2026-06-30"
                """)),
            Example.Warned("a misspelled rule", at: "metadata.annotations[infoscale.internal/exempt]", yaml: Network("""
                infoscale.internal/exempt: nad-mtu-not-jumbo, nad-mtu-too-small
                infoscale.internal/exempt-reason: switch ports are changed in June
                infoscale.internal/exempt-until: "2026-06-30"
                """)),
            Example.Good("rules, reason and end", yaml: Network("""
                infoscale.internal/exempt: nad-mtu-not-jumbo, nad-dynamic-ipam
                infoscale.internal/exempt-reason: switch ports are changed in June
                infoscale.internal/exempt-until: "2026-06-30"
                """)),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(KubernetesObject subject, RuleContext context) =>
        Exemption.Of(subject) is Exemption exemption ? Check(exemption, context) : [];

    private IEnumerable<Finding> Check(Exemption exemption, RuleContext context)
    {
        const string Otherwise = "the exemption is ignored";
        if (exemption.Ids.Count == 0)
        {
            yield return Report(
                FieldError.Required(exemption.Rules.Path, $"no rule is named, so {Otherwise}"), "name the rules, or remove the other annotations");
        }

        foreach (string id in exemption.Ids)
        {
            if (RuleCatalog.Find(id) is null)
            {
                yield return Report(
                    FieldError.NotFound(exemption.Rules.Path, Field.Quote(id), "no rule has this id"), "name a rule by its id, as findings do", id);
            }
        }

        if (!exemption.HasReason)
        {
            yield return Report(
                exemption.Reason.IsMissing
                    ? FieldError.Required(exemption.Reason.Path, $"without a reason {Otherwise}")
                    : FieldError.Invalid(
                        exemption.Reason,
                        string.Create(CultureInfo.InvariantCulture, $"a reason has {Exemption.ShortestReason} characters or more, so {Otherwise}")),
                "write down why");
        }

        if (!exemption.HasEnd)
        {
            yield return Report(
                exemption.Until.IsMissing
                    ? FieldError.Required(exemption.Until.Path, $"without an end {Otherwise}")
                    : FieldError.Invalid(exemption.Until, $"no RFC 3339 date or date-time with its zone, so {Otherwise}"),
                "set a date such as \"2026-09-01\"");
        }
        else if (exemption.IsExpired(context.Now))
        {
            yield return Report(
                FieldError.Invalid(exemption.Until, $"has passed, so {Otherwise}"), "mend the findings, or set a later end");
        }
        else if (exemption.IsBeyondHorizon(context.Now, context.Settings.ExemptionHorizonDays))
        {
            yield return Report(
                FieldError.Invalid(
                    exemption.Until,
                    string.Create(
                        CultureInfo.InvariantCulture, $"is more than {context.Settings.ExemptionHorizonDays} days ahead, so {Otherwise}")),
                "set an earlier end, and renew it when it is near");
        }
    }

    private static string Network(string annotations) =>
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
          config: |
            {"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": 9000}
        """;
}
