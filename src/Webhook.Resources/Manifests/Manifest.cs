using Webhook.Resources.Json;

namespace Webhook.Resources.Manifests;

/// <summary>One object of a file, or why a part of the file is none.</summary>
public sealed class Manifest
{
    private readonly Func<FieldPath, Position>? _locate;

    internal Manifest(Field root, Func<FieldPath, Position> locate)
    {
        Root = root;
        _locate = locate;
    }

    internal Manifest(DocumentError error) => Error = error;

    /// <summary>The object; absent where <see cref="Error"/> is set. Its paths start at the object, also for an item of a List.</summary>
    public Field Root { get; }

    /// <summary>Why this part of the file cannot be read, with its place in the file, or null.</summary>
    public DocumentError? Error { get; }

    /// <summary>
    /// Where a field of the object stands in the file; the nearest field above it where it is absent. A field of a document inside a string
    /// is found exactly where the string is a literal block, else the string is the answer.
    /// </summary>
    public Position Locate(FieldPath path) => _locate is null ? Error!.Position : _locate(path);
}
