using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Checking;

/// <summary>What a cluster held at one moment: what a snapshot stores, and what files are laid over.</summary>
public sealed record ClusterRecording
{
    /// <summary>When it was read.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the API server calls its version (<c>v1.33.2</c>); empty where it did not say.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The kinds that were asked for.</summary>
    public required IReadOnlyList<RecordedKind> Kinds { get; init; }

    /// <summary>The cluster as rules ask it. What a kind's list does not hold is proven absent; of other kinds nothing is known.</summary>
    public ClusterObjects View()
    {
        ClusterObjects view = ClusterObjects.Empty;
        foreach (RecordedKind recorded in Kinds)
        {
            view = recorded.Unseen is string reason ? view.NotServed(recorded.Kind, reason) : view.Replace(recorded.Kind, recorded.Objects);
        }

        return view;
    }
}

/// <summary>The objects of one kind, or why they could not be seen.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Objects">All of them; none where they were not seen.</param>
/// <param name="Unseen">What was not seen, as a clause for a warning, or null.</param>
/// <param name="IsForbidden">Whether that is for want of a right; a snapshot does not keep it.</param>
public sealed record RecordedKind(ClusterKind Kind, IReadOnlyList<Field> Objects, string? Unseen = null, bool IsForbidden = false);
