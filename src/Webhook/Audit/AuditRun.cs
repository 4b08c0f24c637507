using Webhook.Checking;
using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Audit;

/// <summary>Judges everything that a cluster holds, by the same <see cref="Enforcement.Judge"/> as the webhook and <c>check</c>.</summary>
/// <param name="settings">The configuration.</param>
/// <param name="now">The moment of the audit.</param>
public sealed class AuditRun(EnforcementSettings settings, DateTimeOffset now)
{
    /// <summary>Reason of an object whose namespace, or the configuration, switches judging off.</summary>
    public const string ModeOff = "mode off";

    /// <summary>The objects with what was found, in a fixed order.</summary>
    /// <param name="cluster">What exists.</param>
    /// <param name="progress">Hears how many of how many are done.</param>
    /// <param name="cancellation">Gives up.</param>
    public IReadOnlyList<CheckedObject> Judge(ClusterObjects cluster, Action<int, int>? progress, CancellationToken cancellation)
    {
        KubernetesObject[] all = [.. cluster.Judged()];
        var results = new CheckedObject[all.Length];
        for (int i = 0; i < all.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Invoke(i, all.Length);
            results[i] = Judge(all[i], cluster);
        }

        return results;
    }

    private CheckedObject Judge(KubernetesObject subject, ClusterObjects cluster)
    {
        var described = new CheckedObject
        {
            File = subject.Namespace.Length > 0 ? $"cluster/{subject.Namespace}" : "cluster",
            Position = new Position(0, 0),
            ApiVersion = subject.ApiVersion,
            Kind = subject.Kind,
            Namespace = subject.Namespace,
            Name = subject.Name,
            Uid = subject.Metadata["uid"].Text ?? "",
        };
        ModeInForce mode = ModeInForce.For(subject.Namespace, settings, cluster);
        described = described with { Mode = mode.Mode };
        if (mode.IsOff)
        {
            return described with { NotJudged = ModeOff };
        }

        var context = new RuleContext { Now = now, Settings = settings.Rules, Cluster = cluster };
        Judgement judgement = mode.Apply(Enforcement.Judge.Evaluate(subject, context, settings));
        return described with
        {
            Cluster = (subject as VirtualMachine)?.Cluster ?? "",
            NotJudged = judgement.NotJudged,
            Findings = [.. judgement.Findings.Select(finding => new LocatedFinding(finding, described.Position))],
            Failures = judgement.Failures,
        };
    }
}
