using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Checking;

/// <summary>What a run over files found: every object of the input is in it, judged or not, and every part that could not be read.</summary>
public sealed record CheckReport
{
    /// <summary>How many files were looked at, standard input included; a path that does not exist counts.</summary>
    public required int Files { get; init; }

    /// <summary>The objects in the order of the input.</summary>
    public required IReadOnlyList<CheckedObject> Objects { get; init; }

    /// <summary>What could not be read, in the order of the input.</summary>
    public required IReadOnlyList<UnreadablePart> Unreadable { get; init; }

    /// <summary>How many objects were judged.</summary>
    public int Judged => Objects.Count(static item => item.NotJudged is null);

    /// <summary>How many objects were not judged.</summary>
    public int NotJudged => Objects.Count - Judged;

    /// <summary>How many findings have that severity.</summary>
    public int Count(Severity severity) => Objects.Sum(item => item.Findings.Count(found => found.Finding.Severity == severity));

    /// <summary>How many findings say that something could not be seen.</summary>
    public int Unverified => Objects.Sum(static item => item.Findings.Count(static found => found.Finding.Unverified));

    /// <summary>How many rules failed, a failure on each object counted.</summary>
    public int Failures => Objects.Sum(static item => item.Failures.Count);

    /// <summary>The objects that were not judged, counted by kind and reason, in ordinal order.</summary>
    public IReadOnlyList<NotJudgedGroup> NotJudgedGroups =>
    [
        .. Objects.Where(static item => item.NotJudged is not null)
            .GroupBy(static item => (item.Kind, Reason: item.NotJudged!))
            .OrderBy(static group => group.Key.Kind, StringComparer.Ordinal)
            .ThenBy(static group => group.Key.Reason, StringComparer.Ordinal)
            .Select(static group => new NotJudgedGroup(group.Key.Kind, group.Key.Reason, group.Count())),
    ];
}

/// <summary>One object of the input.</summary>
public sealed record CheckedObject
{
    /// <summary>The file, as the user would name it; for objects of a cluster <c>cluster/NAMESPACE</c>.</summary>
    public required string File { get; init; }

    /// <summary>Where the object begins in the file; line 0 for objects of a cluster.</summary>
    public required Position Position { get; init; }

    /// <summary>Group and version as written; empty where there is none.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The kind as written; empty where there is none.</summary>
    public required string Kind { get; init; }

    /// <summary>The namespace; empty where there is none.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name; empty where there is none.</summary>
    public required string Name { get; init; }

    /// <summary>The UID that the cluster gave it; empty where there is none.</summary>
    public string Uid { get; init; } = "";

    /// <summary>The InfoScale cluster that a machine belongs to; empty for others.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The mode of its namespace, where a cluster is audited: what the findings would do to a request.</summary>
    public EnforcementMode Mode { get; init; }

    /// <summary>Why the object was not judged, or null where it was.</summary>
    public string? NotJudged { get; init; }

    /// <summary>The findings: errors first, then in catalog and document order.</summary>
    public IReadOnlyList<LocatedFinding> Findings { get; init; } = [];

    /// <summary>The rules that threw.</summary>
    public IReadOnlyList<RuleFailure> Failures { get; init; } = [];

    /// <summary>Kind, namespace and name as a message has them.</summary>
    public string Title => $"{(Kind.Length > 0 ? Kind : "document")} {(Namespace.Length > 0 ? Namespace + "/" : "")}{Name}".TrimEnd();
}

/// <summary>A finding and its place in the file.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Position">Where the field stands, or the nearest field above it.</param>
public sealed record LocatedFinding(Finding Finding, Position Position);

/// <summary>A file, or a document of one, that could not be read.</summary>
/// <param name="File">The file, as the user would name it.</param>
/// <param name="Position">Where reading ended, or null where the file as a whole could not be read.</param>
/// <param name="Reason">What is wrong, in lower case and without a full stop.</param>
public sealed record UnreadablePart(string File, Position? Position, string Reason);

/// <summary>Objects of one kind that were not judged for one reason.</summary>
/// <param name="Kind">The kind; empty for a document that is no Kubernetes object.</param>
/// <param name="Reason">Why they were not judged.</param>
/// <param name="Count">How many there are.</param>
public sealed record NotJudgedGroup(string Kind, string Reason, int Count);
