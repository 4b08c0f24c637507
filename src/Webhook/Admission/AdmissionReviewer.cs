using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Admission;

/// <summary>Judges one request: from the review to the answer, in memory, without waiting for anything.</summary>
/// <param name="configuration">The settings in force.</param>
/// <param name="cluster">Gives the cluster as it is known now.</param>
/// <param name="time">The clock that exemptions are compared with.</param>
/// <param name="metrics">Counts what was decided.</param>
/// <param name="logger">Tells of denials and of rules that threw.</param>
/// <param name="permissions">Knows who may exempt; null where there is no API server to ask.</param>
internal sealed class AdmissionReviewer(
    ConfigurationStore configuration, Func<ClusterView> cluster, TimeProvider time, WebhookMetrics metrics, ILogger<AdmissionReviewer> logger,
    ExemptionPermissions? permissions = null)
    : IReviewer
{
    /// <inheritdoc/>
    public AdmissionResponse Review(AdmissionReview review, Func<bool>? isOver = null, ClusterView? seen = null, ExemptionPermission? permission = null)
    {
        long start = time.GetTimestamp();
        EnforcementSettings settings = configuration.Current;
        ClusterView view = seen ?? cluster();
        ModeInForce mode = ModeInForce.For(review.Namespace, settings, view);
        AdmissionResponse response = Answer(review, mode, view, isOver, permission, out string decision);
        if (response.Asks is not null)
        {
            return response;
        }

        metrics.Reviewed(Label(review), review.OperationWord, mode.Mode.Word(), decision, time.GetElapsedTime(start));
        Spans.Decided(review.Uid, Label(review), review.OperationWord, mode.Mode.Word(), decision);
        return response;
    }

    /// <inheritdoc/>
    public AdmissionResponse NotEvaluated(Shortage shortage)
    {
        metrics.NotEvaluated(shortage);
        return AdmissionResponses.NotEvaluated(
            shortage == Shortage.Turn ? "its turn did not come in time" : "the webhook has more to do than it can",
            new ModeInForce(configuration.Current, null).OfAll);
    }

    private AdmissionResponse Answer(
        AdmissionReview review, ModeInForce mode, ClusterView view, Func<bool>? isOver, ExemptionPermission? permission, out string decision)
    {
        decision = "ignored";
        if (review.SubResource.Length > 0 || review.Operation is not Operation operation)
        {
            return AdmissionResponse.Untouched;
        }

        if (IsNamespace(review))
        {
            AdmissionResponse advice = NamespaceMode.Review(review, mode.Settings, view, time.GetUtcNow());
            decision = advice.Warnings.Length > 0 ? "warned" : "allowed";
            return advice;
        }

        if (mode.IsOff || !review.IsJudgedKind)
        {
            return AdmissionResponse.Untouched;
        }

        if (!TryView(review, operation == Operation.Delete ? "oldObject" : "object", out KubernetesObject? subject, out string? problem))
        {
            return Malformed(review, problem!, mode.Mode, out decision);
        }

        KubernetesObject? old = null;
        if (operation == Operation.Update && !TryView(review, "oldObject", out old, out problem))
        {
            return Malformed(review, problem!, mode.Mode, out decision);
        }

        var context = new RuleContext
        {
            Operation = operation, Old = old, AtAdmission = true, Settings = mode.Settings.Rules, Cluster = view, Now = time.GetUtcNow(),
        };
        Func<string, string?>? whyNotExempt = null;
        if (mode.Settings.ExemptionsNeedPermission)
        {
            permission ??= permissions?.Of(review);
            whyNotExempt = permission is null ? static _ => ExemptionPermissions.NobodyToAsk : permission.WhyNot;
        }

        Judgement judgement = mode.Apply(Judge.Evaluate(subject!, context, mode.Settings, isOver, whyNotExempt));
        if (permission is { IsOpen: true })
        {
            return new AdmissionResponse { Allowed = false, Asks = permission };
        }

        AdmissionResponse response = AdmissionResponses.Of(review, subject!, judgement, mode);
        decision = Report(review, judgement, response);
        return response;
    }

    private AdmissionResponse Malformed(AdmissionReview review, string problem, EnforcementMode mode, out string decision)
    {
        decision = "malformed";
        Log.MalformedObject(logger, review.OperationWord, review.Kind, problem, review.UserName, review.Uid);
        return AdmissionResponses.Malformed(review, problem, mode);
    }

    private string Report(AdmissionReview review, Judgement judgement, AdmissionResponse response)
    {
        Spans.Found(judgement.Findings);
        foreach (RuleFailure failure in judgement.Failures)
        {
            metrics.RuleFailed(failure.Rule);
            Log.RuleFailed(logger, failure.Rule, failure.Exception.GetType().Name, failure.Exception.StackTrace ?? "", review.Uid);
        }

        if (judgement.NotEvaluated.Length > 0)
        {
            metrics.NotEvaluated(Shortage.Rules);
        }

        if (response.Unavailable is not null)
        {
            return "not-evaluated";
        }

        foreach (Finding finding in judgement.Findings)
        {
            metrics.Found(finding.Rule, finding.Severity);
        }

        if (!response.Allowed)
        {
            IEnumerable<string> rules = judgement.Findings.Where(static finding => finding.Severity == Severity.Error)
                .Select(static finding => finding.Rule).Distinct(StringComparer.Ordinal);
            Log.Denied(
                logger, review.OperationWord, review.Kind, review.Namespace, response.Status!.Name, review.UserName,
                string.Join(',', rules), review.IsDryRun, review.Uid);
            return "denied";
        }

        return judgement.NotJudged is not null ? "ignored"
            : response.AuditAnnotations is [{ Value: AdmissionResponses.WouldDenyWord }, ..] ? "would-deny"
            : response.Warnings.Length > 0 ? "warned"
            : "allowed";
    }

    private static bool TryView(AdmissionReview review, string member, out KubernetesObject? view, out string? problem)
    {
        bool isNew = member == "object";
        Field field = isNew ? review.Object : review.OldObject;
        view = isNew ? review.Subject : field.IsMap ? ResourceKinds.View(field) : null;
        problem = !field.IsMap ? $"request.{member}: must be an object, is {(field.Text is null ? field.ToString() : "text")}"
            : view is null || view.Kind != review.Kind
                ? $"request.{member}: must be a {review.Kind} of {review.Group}, is {field["kind"]} of {field["apiVersion"]}"
            : null;
        return problem is null;
    }

    // What callers may choose freely must not become a label of its own.
    private static string Label(AdmissionReview review) =>
        review.IsJudgedKind || IsNamespace(review) ? review.Kind : "other";

    private static bool IsNamespace(AdmissionReview review) => review is { Group: "", Kind: "Namespace" };
}
