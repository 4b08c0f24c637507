using Webhook.Resources;

namespace Webhook.Rules;

/// <summary>The answer to "which are there?": all of them, or that they could not be seen. Never null, never an exception.</summary>
/// <typeparam name="T">The view that was asked for.</typeparam>
public readonly record struct LookupAll<T>
    where T : KubernetesObject
{
    private readonly IReadOnlyList<T>? _found;

    private LookupAll(IReadOnlyList<T>? found, string? unverified)
    {
        _found = found;
        Unverified = unverified;
    }

    /// <summary>The objects; empty where there are none or they could not be seen.</summary>
    public IReadOnlyList<T> Found => _found ?? [];

    /// <summary>What could not be seen, as a clause for a warning, or null where the answer is certain.</summary>
    public string? Unverified { get; }

    /// <summary>These are all there are.</summary>
    public static LookupAll<T> Of(IReadOnlyList<T> found) => new(found, null);

    /// <summary>Nothing is known; <paramref name="reason"/> says what was not seen.</summary>
    public static LookupAll<T> NotSeen(string reason) => new(null, reason);
}
