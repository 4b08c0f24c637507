using System.Collections.Immutable;

namespace Webhook.Admission;

/// <summary>What the API server is told about one request.</summary>
internal sealed record AdmissionResponse
{
    /// <summary>The answer for whatever is not judged: allowed, and not a word.</summary>
    public static AdmissionResponse Untouched { get; } = new() { Allowed = true };

    /// <summary>
    /// Why there is no answer: one line of text for an HTTP 503, on which the API server does what the webhook's <c>failurePolicy</c> says.
    /// Null where there is one.
    /// </summary>
    public string? Unavailable { get; init; }

    /// <summary>What has to be asked before there is an answer, or null: the rest says nothing then.</summary>
    public ExemptionPermission? Asks { get; init; }

    /// <summary>Whether the request goes through.</summary>
    public required bool Allowed { get; init; }

    /// <summary>Why not; null where allowed.</summary>
    public AdmissionStatus? Status { get; init; }

    /// <summary>Shown to the user as <c>Warning: ...</c>, at most 256 characters each and 4096 in total (the API server cuts beyond).</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The JSON Patch (RFC 6902) that the API server applies, in UTF-8; null for none.</summary>
    public byte[]? Patch { get; init; }

    /// <summary>For the audit log; the API server puts the webhook's name before each key.</summary>
    public ImmutableArray<KeyValuePair<string, string>> AuditAnnotations { get; init; } = [];
}

/// <summary>A <c>metav1.Status</c> of status Failure.</summary>
/// <param name="Code">The HTTP code the user's client sees, 400 or more.</param>
/// <param name="Reason">The reason as a word: Invalid, BadRequest.</param>
/// <param name="Message">All of it, for a terminal: a headline, then a line for each cause.</param>
/// <param name="Name">The object's name, or empty.</param>
/// <param name="Group">The object's group.</param>
/// <param name="Kind">The object's kind.</param>
/// <param name="Causes">One for each error.</param>
internal sealed record AdmissionStatus(
    int Code, string Reason, string Message, string Name, string Group, string Kind, IReadOnlyList<StatusCause> Causes);

/// <summary>
/// A <c>metav1.StatusCause</c>. For reason Invalid kubectl prints <c>field: message</c> of each cause and leaves the status message out
/// (kubernetes/kubectl pkg/cmd/util/helpers.go), so a cause must say everything by itself.
/// </summary>
/// <param name="Reason">The kind of field error.</param>
/// <param name="Message">Value, what is needed, remedy and rule.</param>
/// <param name="Field">The field path.</param>
internal sealed record StatusCause(string Reason, string Message, string Field);
