namespace Webhook.Rules;

/// <summary>Everything a person reads about a rule. Page, table, <c>explain</c>, SARIF and README are made from it.</summary>
public sealed record RuleInfo
{
    /// <summary>The id: names the defect, reads after "allow", is the class name in kebab case.</summary>
    public required string Id { get; init; }

    /// <summary>The defect in a few words: capital first, no full stop.</summary>
    public required string Title { get; init; }

    /// <summary>The severity unless configured otherwise.</summary>
    public required Severity Severity { get; init; }

    /// <summary>Why it hurts, in the admin's words, with the search strings an admin would meet. Ends with a full stop.</summary>
    public required string Rationale { get; init; }

    /// <summary>How to mend it, in one or two sentences. Ends with a full stop.</summary>
    public required string Remedy { get; init; }

    /// <summary>The guide's sentences behind it; empty: beyond the guide.</summary>
    public required IReadOnlyList<GuideSentence> Guide { get; init; }

    /// <summary>The best fix that findings of the rule may bring.</summary>
    public FixAvailability Fix { get; init; }

    /// <summary>
    /// Why findings are not fixed where they bring no fix, as a clause in lower case without a full stop; null where there is no more to say than
    /// that the answer is not in the manifests.
    /// </summary>
    public string? WhyNotFixed { get; init; }

    /// <summary>At least one bad and one good example.</summary>
    public required IReadOnlyList<Example> Examples { get; init; }

    /// <summary>Whether the rule looks at what became of an object, which says nothing about admitting it: left out at admission.</summary>
    public bool IsAuditOnly { get; init; }
}
