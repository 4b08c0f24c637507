namespace Webhook.Enforcement;

/// <summary>What findings of severity error do to a request.</summary>
public enum EnforcementMode
{
    /// <summary>They deny.</summary>
    Enforce,

    /// <summary>They warn.</summary>
    Warn,

    /// <summary>The user sees nothing; audit annotations and metrics carry them.</summary>
    Audit,

    /// <summary>Nothing is judged.</summary>
    Off,
}
