namespace Webhook.Enforcement;

/// <summary>What findings of severity error do to a request. Ordered from the strictest to the mildest.</summary>
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

/// <summary>The words for modes, as configuration, labels, annotations and metrics have them.</summary>
public static class EnforcementModes
{
    /// <summary>The words, from the strictest to the mildest.</summary>
    public static IReadOnlyList<string> Words { get; } = ["enforce", "warn", "audit", "off"];

    /// <summary>The word for a mode.</summary>
    public static string Word(this EnforcementMode mode) => Words[(int)mode];

    /// <summary>The mode that a word names, or null.</summary>
    public static EnforcementMode? Parse(string? word) => word switch
    {
        "enforce" => EnforcementMode.Enforce,
        "warn" => EnforcementMode.Warn,
        "audit" => EnforcementMode.Audit,
        "off" => EnforcementMode.Off,
        _ => null,
    };
}
