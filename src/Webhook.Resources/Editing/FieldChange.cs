using System.Globalization;
using System.Text.Json;
using Webhook.Resources.Json;

namespace Webhook.Resources.Editing;

/// <summary>One change of an object: a property set, whether it was there or not, or taken away.</summary>
/// <param name="Path">The property; it may lie in a document inside a string. The map that holds it must be there.</param>
/// <param name="Value">The value as JSON text, one line; null takes the property away.</param>
public sealed record FieldChange(FieldPath Path, string? Value)
{
    /// <summary>Sets a property to a number.</summary>
    public static FieldChange Set(FieldPath path, long value) => new(path, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sets a property to a text.</summary>
    public static FieldChange Set(FieldPath path, string value) => new(path, $"\"{JsonEncodedText.Encode(value)}\"");

    /// <summary>Takes a property away.</summary>
    public static FieldChange Remove(FieldPath path) => new(path, null);

    /// <inheritdoc/>
    public override string ToString() => Value is null ? $"{Path} removed" : $"{Path}={Value}";
}
