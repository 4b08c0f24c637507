using Webhook.Resources;

namespace Webhook.Rules;

/// <summary>The answer to "which are there?": all of them, those that could be seen, or none. Never null, never an exception.</summary>
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

    /// <summary>The objects that are known; where <see cref="Unverified"/> is set there may be more.</summary>
    public IReadOnlyList<T> Found => _found ?? [];

    /// <summary>What could not be seen, as a clause for a warning, or null where the answer is certain.</summary>
    public string? Unverified { get; }

    /// <summary>These are all there are.</summary>
    public static LookupAll<T> Of(IReadOnlyList<T> found) => new(found, null);

    /// <summary>These are there, and others may be; <paramref name="reason"/> says what was not seen.</summary>
    public static LookupAll<T> AtLeast(IReadOnlyList<T> found, string reason) => new(found, reason);

    /// <summary>Nothing is known; <paramref name="reason"/> says what was not seen.</summary>
    public static LookupAll<T> NotSeen(string reason) => new(null, reason);
}
