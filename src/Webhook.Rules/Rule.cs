using Webhook.Resources;

namespace Webhook.Rules;

/// <summary>
/// One rule: a value that explains itself. It may look at the whole cluster view but reports only on the object it was given; it never
/// throws on malformed input, never writes, waits or reads a clock, and never changes its input.
/// </summary>
public abstract class Rule
{
    /// <summary>Everything a person reads about the rule.</summary>
    public abstract RuleInfo Info { get; }

    /// <summary>
    /// Whether the rule has anything to say about that operation. A defect of an object that goes is nobody's trouble, so a rule that
    /// judges a delete says so by overriding this.
    /// </summary>
    public virtual bool AppliesTo(Operation operation) => operation != Operation.Delete;

    /// <summary>Whether the rule is about objects of this kind; of the object only its type and kind may be asked.</summary>
    public virtual bool IsAbout(KubernetesObject subject) => true;

    /// <summary>The findings on the object, in document order; none for a kind the rule is not about.</summary>
    public abstract IEnumerable<Finding> Judge(KubernetesObject subject, RuleContext context);

    /// <summary>A finding of the rule's own severity: proven wrong.</summary>
    /// <param name="error">Place, value, what is needed and why.</param>
    /// <param name="remedy">What to do, as one clause in lower case without a full stop.</param>
    /// <param name="subject">What the finding is about, stable while list items move; by default the path.</param>
    protected Finding Report(FieldError error, string remedy, string? subject = null) => Find(error, remedy, subject, Info.Severity);

    /// <summary>A finding that only warns, in a case where the rule is no error.</summary>
    protected Finding Warn(FieldError error, string remedy, string? subject = null) =>
        Find(error, remedy, subject, Severity.Warning);

    /// <summary>A warning that says what could not be seen.</summary>
    protected Finding CannotVerify(FieldError error, string remedy, string? subject = null) =>
        Find(error, remedy, subject, Severity.Warning, unverified: true);

    private Finding Find(FieldError error, string remedy, string? subject, Severity severity, bool unverified = false) => new()
    {
        Rule = Info.Id,
        Severity = severity,
        Error = error,
        Remedy = remedy,
        Subject = subject ?? error.Path.ToString(),
        Evidence = error.Value ?? "",
        Unverified = unverified,
    };
}

/// <summary>A rule about one kind of object.</summary>
/// <typeparam name="T">The view it judges.</typeparam>
public abstract class Rule<T> : Rule
    where T : KubernetesObject
{
    /// <inheritdoc/>
    public sealed override bool IsAbout(KubernetesObject subject) => subject is T;

    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Judge(KubernetesObject subject, RuleContext context) =>
        subject is T view ? Check(view, context) : [];

    /// <summary>The findings on the object, in document order.</summary>
    protected abstract IEnumerable<Finding> Check(T subject, RuleContext context);
}
