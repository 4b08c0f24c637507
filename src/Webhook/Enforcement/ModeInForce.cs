using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Enforcement;

/// <summary>
/// What findings on the objects of one namespace do: the configured mode, unless the namespace's label or the configuration of a rule says
/// otherwise. Where label and rule both speak, the milder counts: a label does not switch on a rule that is still on trial, and a rule that
/// is enforced does not break the peace of a namespace that is only watched.
/// </summary>
/// <param name="Settings">The configuration.</param>
/// <param name="Label">The mode of the namespace's label, or null where it has none that can be read.</param>
public readonly record struct ModeInForce(EnforcementSettings Settings, EnforcementMode? Label)
{
    /// <summary>The mode of rules that the configuration does not name.</summary>
    public EnforcementMode Mode => Milder(Label ?? Settings.Mode, Settings.Strictest);

    /// <summary>Whether no rule has another mode than off.</summary>
    public bool IsOff => Mode == EnforcementMode.Off
        && (Label is not null || Settings.Strictest == EnforcementMode.Off || Settings.Modes.Values.All(static mode => mode == EnforcementMode.Off));

    /// <summary>The strictest mode that any rule has: that of a review of which nothing was evaluated.</summary>
    public EnforcementMode OfAll
    {
        get
        {
            EnforcementMode strictest = Mode;
            foreach (string rule in Settings.Modes.Keys)
            {
                strictest = Of(rule) < strictest ? Of(rule) : strictest;
            }

            return strictest;
        }
    }

    /// <summary>The mode for the objects of a namespace. A namespace that cannot be seen has the configured one.</summary>
    /// <param name="namespace">The namespace, or empty for cluster-scoped objects.</param>
    /// <param name="settings">The configuration.</param>
    /// <param name="cluster">Knows the namespaces.</param>
    public static ModeInForce For(string @namespace, EnforcementSettings settings, ClusterView cluster) =>
        new(settings, @namespace.Length == 0 ? null : LabelOf(cluster.Namespace(@namespace).Found));

    /// <summary>The mode that a namespace's label names, or null where it has none that can be read.</summary>
    public static EnforcementMode? LabelOf(KubernetesObject? @namespace) => EnforcementModes.Parse(@namespace?.Label(InfoScaleMetadata.Mode).Text);

    /// <summary>The mode of one rule.</summary>
    public EnforcementMode Of(string rule) =>
        Settings.Modes.Count > 0 && Settings.Modes.TryGetValue(rule, out EnforcementMode own) ? Milder(Milder(own, Label ?? own), Settings.Strictest)
        : Mode;

    /// <summary>What is left of a judgement: nothing of rules whose mode is off.</summary>
    public Judgement Apply(Judgement judgement)
    {
        if (Mode != EnforcementMode.Off && Settings.Modes.Count == 0)
        {
            return judgement;
        }

        ModeInForce mode = this;
        return judgement with
        {
            Findings = [.. judgement.Findings.Where(finding => mode.Of(finding.Rule) != EnforcementMode.Off)],
            Failures = [.. judgement.Failures.Where(failure => mode.Of(failure.Rule) != EnforcementMode.Off)],
            NotEvaluated = [.. judgement.NotEvaluated.Where(rule => mode.Of(rule) != EnforcementMode.Off)],
        };
    }

    private static EnforcementMode Milder(EnforcementMode one, EnforcementMode other) => one > other ? one : other;
}
