namespace Webhook.Rules;

/// <summary>What a finding does. Ordered, so that a limit can be compared.</summary>
public enum Severity
{
    /// <summary>The rule is switched off.</summary>
    Off,

    /// <summary>The finding stands, but an exemption with reason and end covers it.</summary>
    Exempt,

    /// <summary>Shown, never denies.</summary>
    Warning,

    /// <summary>Denies where the mode is <c>enforce</c>.</summary>
    Error,
}
