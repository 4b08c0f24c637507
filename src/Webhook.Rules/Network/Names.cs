namespace Webhook.Rules.Network;

/// <summary>Lists of names as messages have them.</summary>
public static class Names
{
    /// <summary>All of up to three names, else the first two and how many more: <c>worker-1, worker-2 and 5 more</c>.</summary>
    /// <param name="names">The names; <c>nothing</c> stands for none.</param>
    public static string List(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "nothing",
        1 => names[0],
        2 => $"{names[0]} and {names[1]}",
        3 => $"{names[0]}, {names[1]} and {names[2]}",
        _ => $"{names[0]}, {names[1]} and {names.Count - 2} more",
    };
}
