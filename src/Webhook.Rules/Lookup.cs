using Webhook.Resources;

namespace Webhook.Rules;

/// <summary>The answer to "what else is there?": the object, its proven absence, or that it could not be seen. Never null, never an exception.</summary>
/// <typeparam name="T">The view that was asked for.</typeparam>
public readonly record struct Lookup<T>
    where T : KubernetesObject
{
    private Lookup(T? found, string? unverified)
    {
        Found = found;
        Unverified = unverified;
    }

    /// <summary>The object, or null where it is absent or could not be seen.</summary>
    public T? Found { get; }

    /// <summary>What could not be seen, as a clause for a warning, or null where the answer is certain.</summary>
    public string? Unverified { get; }

    /// <summary>Whether the object is proven not to exist.</summary>
    public bool IsAbsent => Found is null && Unverified is null;

    /// <summary>The object exists.</summary>
    public static Lookup<T> Of(T found) => new(found, null);

    /// <summary>The object is proven not to exist.</summary>
    public static Lookup<T> Absent() => new(null, null);

    /// <summary>Nothing is known; <paramref name="reason"/> says what was not seen.</summary>
    public static Lookup<T> NotSeen(string reason) => new(null, reason);
}
