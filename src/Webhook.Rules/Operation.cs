namespace Webhook.Rules;

/// <summary>What happens to the object under review.</summary>
public enum Operation
{
    /// <summary>It is created, or judged as it stands in a file.</summary>
    Create,

    /// <summary>It replaces an older self.</summary>
    Update,

    /// <summary>It goes; the object under review is the last state.</summary>
    Delete,
}
