using Webhook.Resources.Json;

namespace Webhook.Cluster;

/// <summary>One object of a cluster as it is kept: identity, version, and of its content what the views read.</summary>
public sealed class StoredObject
{
    /// <summary>The namespace; empty for cluster-scoped objects.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>What tells it from an earlier object of the same name.</summary>
    public required string Uid { get; init; }

    /// <summary>The version of its content, as the server writes it.</summary>
    public required string ResourceVersion { get; init; }

    /// <summary>The kept content; owns its memory.</summary>
    public required Field Root { get; init; }

    /// <summary>Namespace and name.</summary>
    public ObjectKey Key => new(Namespace, Name);

    /// <summary>
    /// Whether this is a later state than <paramref name="other"/>, or an equal one, of the same object. Versions are decimal numbers in all API
    /// servers, though only newer ones promise it (kubernetes/enhancements keps/sig-api-machinery/5504-comparable-resource-version); others are
    /// taken to be later.
    /// </summary>
    public bool IsAtLeast(StoredObject other) => !IsOlder(ResourceVersion, other.ResourceVersion);

    /// <summary>Whether one version is a smaller number than another.</summary>
    internal static bool IsOlder(string version, string other) =>
        ulong.TryParse(version, out ulong mine) && ulong.TryParse(other, out ulong its) && mine < its;
}

/// <summary>What names an object among those of its kind.</summary>
/// <param name="Namespace">The namespace; empty for cluster-scoped objects.</param>
/// <param name="Name">The name.</param>
public readonly record struct ObjectKey(string Namespace, string Name);
