using Webhook.Resources.Json;

namespace Webhook.Rules;

/// <summary>What one rule says about one place of one object.</summary>
public sealed record Finding
{
    /// <summary>The most characters of <see cref="Line"/>: the API server cuts longer warnings.</summary>
    public const int MaxLength = 256;

    /// <summary>The id of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>What the finding does. A rule gives its own default or less; enforcement may lower or raise it.</summary>
    public required Severity Severity { get; init; }

    /// <summary>Place, reason, value found, what is needed and why.</summary>
    public required FieldError Error { get; init; }

    /// <summary>What to do, as one clause in lower case without a full stop.</summary>
    public required string Remedy { get; init; }

    /// <summary>How to mend it, or null where the answer is not known here.</summary>
    public Fix? Fix => field ??= Mend?.Invoke();

    /// <summary>Works <see cref="Fix"/> out when it is asked for: a verdict needs none, and the one for each of many levels looks at all of them.</summary>
    public Func<Fix?>? Mend { get; init; }

    /// <summary>Whether this says that something could not be seen, rather than that something is wrong.</summary>
    public bool Unverified { get; init; }

    /// <summary>
    /// What the finding is about, stable while list items move: by default the path; rules name list items by interface, NIC or volume.
    /// Two findings of a rule with equal subjects, on the old and the new object, are the same finding (the ratchet).
    /// </summary>
    public string Subject { get; init; } = "";

    /// <summary>The parsed values the finding depends on; by default the value of <see cref="Error"/>. Unchanged evidence is an old finding.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>
    /// How far the value is from what is needed, where that is a number; less than on the old object means that the update mends.
    /// </summary>
    public long? Shortfall { get; init; }

    /// <summary>
    /// Reason and end of the exemption that covers the finding, as a clause for its line: <c>exempt until 2026-09-01: "..."</c>; null where
    /// none does. Set together with <see cref="Severity.Exempt"/>.
    /// </summary>
    public string? Exemption { get; init; }

    /// <summary>Whether it is only a warning because the object had it before the update already (the ratchet).</summary>
    public bool IsOld { get; init; }

    /// <summary>The field.</summary>
    public FieldPath Path => Error.Path;

    /// <summary>The finding without its remedy, in the grammar of Kubernetes field errors, path included.</summary>
    public string Message => Path.ToString() is { Length: > 0 } path ? $"{path}: {Error}" : Error.ToString();

    /// <summary>What follows the message: the remedy, or where an exemption covers the finding that.</summary>
    public string Conclusion => Exemption ?? Remedy;

    /// <summary>
    /// Message and remedy in one line of at most <see cref="MaxLength"/> characters; what is too long is cut before the remedy. The
    /// exemption stands in the remedy's place where there is one.
    /// </summary>
    public string Line => LineWith("");

    /// <summary><see cref="Line"/> followed by something else.</summary>
    /// <param name="suffix">What follows; the line is cut so that both together are no longer than <see cref="MaxLength"/>.</param>
    public string LineWith(string suffix)
    {
        string path = Path.ToString(), end = Conclusion;
        int room = MaxLength - suffix.Length - end.Length - 2;
        int length = path.Length + (path.Length > 0 ? 2 : 0) + Error.Length;
        if (length <= room)
        {
            return path.Length > 0 ? $"{path}: {Error}; {end}{suffix}" : $"{Error}; {end}{suffix}";
        }

        string line = $"{Message.AsSpan(0, Math.Clamp(room - 3, 0, length))}...; {end}";
        return (line.Length <= MaxLength - suffix.Length ? line : line[..(MaxLength - suffix.Length)]) + suffix;
    }
}
