using Webhook.Rules;

namespace Webhook.Enforcement;

/// <summary>The part of the configuration that turns findings into answers.</summary>
public sealed record EnforcementSettings
{
    /// <summary>The settings without a configuration file.</summary>
    public static EnforcementSettings Default { get; } = new();

    /// <summary><c>mode</c>.</summary>
    public EnforcementMode Mode { get; init; } = EnforcementMode.Enforce;

    /// <summary><c>modes</c>: mode by rule id where it differs from <see cref="Mode"/>.</summary>
    public IReadOnlyDictionary<string, EnforcementMode> Modes { get; init; } = new Dictionary<string, EnforcementMode>();

    /// <summary><c>strictest</c>: what neither <see cref="Modes"/> nor the label of a namespace goes beyond.</summary>
    public EnforcementMode Strictest { get; init; } = EnforcementMode.Enforce;

    /// <summary>The numbers and choices that rules depend on.</summary>
    public RuleSettings Rules { get; init; } = RuleSettings.Default;

    /// <summary><c>rules</c>: severity by rule id where it differs from the rule's own.</summary>
    public IReadOnlyDictionary<string, Severity> Severities { get; init; } = new Dictionary<string, Severity>();

    /// <summary><c>exemptions.granted</c>.</summary>
    public IReadOnlyList<ConfiguredExemption> Exemptions { get; init; } = [];

    /// <summary><c>exemptions.requirePermission</c>: whether annotations exempt only where the one who makes the request may exempt.</summary>
    public bool ExemptionsNeedPermission { get; init; }

    /// <summary><c>mutation.nodeNetworks</c>: whether node network policies are mutated too, where mutation is installed.</summary>
    public bool MutatesNodeNetworks { get; init; }

    /// <summary><c>audit</c>.</summary>
    public AuditSettings Audit { get; init; } = new();

    /// <summary><c>onRuleFailure</c>.</summary>
    public RuleFailureAction OnRuleFailure { get; init; } = RuleFailureAction.Warn;
}

/// <summary>How the background audit works.</summary>
public sealed record AuditSettings
{
    /// <summary><c>audit.intervalMinutes</c>: how often everything is judged although nothing has changed.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary><c>audit.reports: all</c>: objects without a finding have a report too.</summary>
    public bool KeepsCleanReports { get; init; }
}
