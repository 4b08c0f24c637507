using Webhook.Resources;
using Webhook.Resources.Manifests;

namespace Webhook.Rules;

/// <summary>
/// A small object that shows a rule: printed on its page and run by the tests. A bad example reports exactly at <see cref="At"/> and
/// breaks no other rule; a good one is silent under all rules.
/// </summary>
public sealed record Example
{
    private Example()
    {
    }

    /// <summary>What the example shows, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The object under review, as YAML.</summary>
    public required string Yaml { get; init; }

    /// <summary>The paths at which a bad example reports, in order; empty for a good one.</summary>
    public IReadOnlyList<string> At { get; private init; } = [];

    /// <summary>Whether the rule must report.</summary>
    public bool IsBad => At.Count > 0;

    /// <summary>The severity a bad example reports with.</summary>
    public Severity Severity { get; private init; } = Severity.Error;

    /// <summary>The YAML after the fix of a bad example, letter by letter, or null where it has no fix.</summary>
    public string? FixedTo { get; private init; }

    /// <summary>The object before the update, or null where the object is created.</summary>
    public string? Old { get; init; }

    /// <summary>Other objects that the cluster holds, as YAML documents.</summary>
    public string? Given { get; init; }

    /// <summary>The moment at which examples are judged.</summary>
    public static DateTimeOffset Moment { get; } = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The object under review.</summary>
    public KubernetesObject Subject => View(Yaml);

    /// <summary>What surrounds it: an update where there is an old object, else its creation, in a cluster that holds what is given.</summary>
    public RuleContext Context => new()
    {
        Operation = Old is null ? Operation.Create : Operation.Update,
        Old = Old is null ? null : View(Old),
        Cluster = Given is null ? ClusterView.Unseen : ClusterObjects.Given(ManifestReader.Read(Given).Select(static manifest => manifest.Root)),
        Now = Moment,
    };

    /// <summary>An example that breaks the rule at one path.</summary>
    public static Example Bad(string title, string at, string yaml, string? old = null, string? given = null) =>
        new() { Title = title, At = [at], Yaml = yaml, Old = old, Given = given };

    /// <summary>An example that the rule warns about: it is unverified, or the rule is a warning in this case.</summary>
    public static Example Warned(string title, string at, string yaml, string? old = null, string? given = null) =>
        new() { Title = title, At = [at], Yaml = yaml, Old = old, Given = given, Severity = Severity.Warning };

    /// <summary>An example that breaks no rule.</summary>
    public static Example Good(string title, string yaml, string? old = null, string? given = null) =>
        new() { Title = title, Yaml = yaml, Old = old, Given = given };

    /// <summary>The example with the YAML that its fix leaves: the same with one piece of text in another's place.</summary>
    /// <param name="old">A piece of the YAML.</param>
    /// <param name="now">What the fix makes of it.</param>
    public Example FixedBy(string old, string now) => this with { FixedTo = (FixedTo ?? Yaml).Replace(old, now, StringComparison.Ordinal) };

    // An example is one object of a judged kind; one that is not is a mistake in the rule, and the tests run them all.
    private static KubernetesObject View(string yaml) => ResourceKinds.View(ManifestReader.Read(yaml).Single().Root)!;
}
