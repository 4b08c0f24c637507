using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Resources;
using Webhook.Resources.Editing;
using Webhook.Rules;

namespace Webhook.Admission;

/// <summary>
/// Gives objects that are created the MTUs that their author left out, by the fixes of the rules. It never changes a value, never touches an
/// object that a controller owns, never denies; what it cannot do safely it leaves to validation.
/// </summary>
/// <param name="configuration">The settings in force.</param>
/// <param name="cluster">Gives the cluster as it is known now.</param>
/// <param name="time">The clock that exemptions are compared with.</param>
/// <param name="metrics">Counts what was injected.</param>
/// <param name="logger">Tells of it.</param>
internal sealed class AdmissionMutator(
    ConfigurationStore configuration, Func<ClusterView> cluster, TimeProvider time, WebhookMetrics metrics, ILogger<AdmissionMutator> logger)
    : IReviewer
{
    /// <inheritdoc/>
    /// <remarks>Always allowed, with a patch where something is injected.</remarks>
    public AdmissionResponse Review(AdmissionReview review, Func<bool>? isOver = null, ClusterView? seen = null, ExemptionPermission? permission = null)
    {
        try
        {
            return Subject(review, configuration.Current) is KubernetesObject subject ? Mutate(review, subject, isOver, seen ?? cluster()) : AdmissionResponse.Untouched;
        }
#pragma warning disable CA1031 // Whatever goes wrong here is a defect of this program, and must not cost the user the request: validation judges it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.MutationFailed(logger, review.Kind, exception.GetType().Name, exception.StackTrace ?? "", review.Uid);
            return AdmissionResponse.Untouched;
        }
    }

    /// <inheritdoc/>
    /// <remarks>What was not mutated is judged all the same.</remarks>
    public AdmissionResponse NotEvaluated(Shortage shortage)
    {
        metrics.NotEvaluated(shortage);
        return AdmissionResponse.Untouched;
    }

    // The object, if it is one that may be mutated.
    private static KubernetesObject? Subject(AdmissionReview review, EnforcementSettings settings) =>
        review.Operation == Operation.Create && review.SubResource.Length == 0
        && review.Subject is KubernetesObject subject && subject.Kind == review.Kind && !subject.HasController
        && (subject is not NodeNetworkConfigurationPolicy || settings.MutatesNodeNetworks)
            ? subject
            : null;

    private AdmissionResponse Mutate(AdmissionReview review, KubernetesObject subject, Func<bool>? isOver, ClusterView view)
    {
        ModeInForce mode = ModeInForce.For(review.Namespace, configuration.Current, view);
        if (mode.IsOff)
        {
            return AdmissionResponse.Untouched;
        }

        var context = new RuleContext { IsMending = true, Settings = mode.Settings.Rules, Cluster = view, Now = time.GetUtcNow() };
        Repair repair = Repair.Of(
            subject, state => mode.Apply(Judge.Evaluate(state, context, mode.Settings, isOver)), static fix => fix is { IsInjection: true, Applicability: FixAvailability.Safe });
        Spans.Decided(review.Uid, review.Kind, review.OperationWord, mode.Mode.Word(), repair.Changes.Count == 0 ? "allowed" : "injected");
        if (repair.Changes.Count == 0)
        {
            return AdmissionResponse.Untouched;
        }

        string injected = string.Join(", ", repair.Changes);
        string known = subject.Annotation(InfoScaleMetadata.Injected).Text is { Length: > 0 } before ? $"{before}, {injected}" : injected;
        Log.Injected(logger, review.Kind, review.Namespace, subject.Name, injected, review.UserName, review.IsDryRun, review.Uid);
        if (!review.IsDryRun)
        {
            metrics.Injected(review.Kind, repair.Changes.Count);
        }

        return new AdmissionResponse
        {
            Allowed = true,
            Patch = JsonPatch.Of(subject.Root, repair.Subject.Root, repair.Changes).WithAnnotation(subject.Root, InfoScaleMetadata.Injected, known).ToUtf8(),
            Warnings = AdmissionResponses.Bounded([.. repair.Mended.Select(Warning)]),
            AuditAnnotations = [new("injected", AdmissionResponses.Cut(injected))],
        };
    }

    private static string Warning(Finding finding)
    {
        string warning = $"{finding.Fix!.Changes[0].Path}: injected: {finding.Fix.Title} [{finding.Rule}]";
        return warning.Length <= Finding.MaxLength ? warning : warning[..Finding.MaxLength];
    }
}
