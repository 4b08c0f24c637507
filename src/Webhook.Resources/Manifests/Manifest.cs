using Webhook.Resources.Json;

namespace Webhook.Resources.Manifests;

/// <summary>One object of a file, or why a part of the file is none.</summary>
public sealed class Manifest
{
    private readonly Func<FieldPath, Position>? _locate;

    internal Manifest(Field root, Func<FieldPath, Position> locate, ManifestDocument document, FieldPath prefix)
    {
        Root = root;
        _locate = locate;
        Document = document;
        Prefix = prefix;
    }

    internal Manifest(DocumentError error) => Error = error;

    /// <summary>The object; absent where <see cref="Error"/> is set. Its paths start at the object, also for an item of a List.</summary>
    public Field Root { get; }

    /// <summary>Why this part of the file cannot be read, with its place in the file, or null.</summary>
    public DocumentError? Error { get; }

    /// <summary>The document of the file that the object stands in; null where <see cref="Error"/> is set.</summary>
    public ManifestDocument? Document { get; }

    /// <summary>Where in the document the object stands: the root, or an item of a List.</summary>
    internal FieldPath Prefix { get; } = FieldPath.Root;

    /// <summary>
    /// Where a field of the object stands in the file; the nearest field above it where it is absent. A field of a document inside a string
    /// is found exactly where the string is a literal block, else the string is the answer.
    /// </summary>
    public Position Locate(FieldPath path) => _locate is null ? Error!.Position : _locate(path);
}

/// <summary>A document of a file.</summary>
/// <param name="Text">Its text, without the separators around it.</param>
/// <param name="Offset">Where it begins in the text of the file.</param>
public sealed record ManifestDocument(string Text, int Offset);
