using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Webhook.Resources.Json;

/// <summary>
/// One value of an object together with the path where it stands. Every question has an answer: a property of something that is no map,
/// or an item of something that is no list, is an absent field at that path. Nothing here throws on what a manifest holds.
/// </summary>
/// <param name="element">The parsed JSON; an undefined element is an absent field.</param>
/// <param name="path">Where it stands.</param>
public readonly struct Field(JsonElement element, FieldPath path)
{
    private readonly JsonElement _element = element;
    private readonly FieldPath? _path = path;

    /// <summary>An absent field at the root: an object that was not given.</summary>
    public static Field Absent => default;

    /// <summary>Where the field stands, also if it is absent.</summary>
    public FieldPath Path => _path ?? FieldPath.Root;

    /// <summary>What stands there.</summary>
    public FieldKind Kind => _element.ValueKind switch
    {
        JsonValueKind.Undefined => FieldKind.Absent,
        JsonValueKind.Null => FieldKind.Null,
        JsonValueKind.String => FieldKind.String,
        JsonValueKind.Number => FieldKind.Number,
        JsonValueKind.True or JsonValueKind.False => FieldKind.Boolean,
        JsonValueKind.Array => FieldKind.List,
        _ => FieldKind.Map,
    };

    /// <summary>Whether there is no value: absent, or <c>null</c>, which Kubernetes reads alike.</summary>
    public bool IsMissing => _element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>Whether there is a value other than <c>null</c>.</summary>
    public bool IsPresent => !IsMissing;

    /// <summary>Whether the field is an object.</summary>
    public bool IsMap => _element.ValueKind == JsonValueKind.Object;

    /// <summary>Whether the field is a list.</summary>
    public bool IsList => _element.ValueKind == JsonValueKind.Array;

    /// <summary>Whether the field is a string.</summary>
    public bool IsString => _element.ValueKind == JsonValueKind.String;

    /// <summary>Whether the field is an nmstate capture template (<c>"{{ capture.x.interfaces }}"</c>), known only on the node.</summary>
    public bool IsTemplate => IsString && _element.GetString()!.Contains("{{", StringComparison.Ordinal);

    /// <summary>The parsed JSON; undefined where the field is absent.</summary>
    public JsonElement Element => _element;

    /// <summary>The text of a string field, else null.</summary>
    public string? Text => IsString ? _element.GetString() : null;

    /// <summary>The value of a boolean field, else null.</summary>
    public bool? Boolean => _element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The value of a number field that is a whole number within 64 bits, else null.</summary>
    public long? Integer => _element.ValueKind == JsonValueKind.Number && _element.TryGetInt64(out long value) ? value : null;

    /// <summary>The number of items of a list or of properties of a map; 0 for anything else.</summary>
    public int Count => _element.ValueKind switch
    {
        JsonValueKind.Array => _element.GetArrayLength(),
        JsonValueKind.Object => _element.GetPropertyCount(),
        _ => 0,
    };

    /// <summary>The property of that exact name; of a repeated name the last, as the Go decoder of the API server has it.</summary>
    public Field this[string name] =>
        IsMap && _element.TryGetProperty(name, out JsonElement value)
            ? new Field(value, Path.Property(name))
            : new Field(default, Path.Property(name));

    /// <summary>The item at that index (from 0).</summary>
    public Field this[int index] =>
        IsList && index >= 0 && index < _element.GetArrayLength()
            ? new Field(_element[index], Path.Item(index))
            : new Field(default, Path.Item(index));

    /// <summary>
    /// The property whose name equals <paramref name="name"/> without regard to case, as Go's <c>encoding/json</c> matches keys
    /// (CNI plugins read <c>vlanid</c> as <c>vlanID</c>). The path names the key as written.
    /// </summary>
    public Field Find(string name)
    {
        Field found = this[name];
        if (found.Kind != FieldKind.Absent || !IsMap)
        {
            return found;
        }

        foreach (JsonProperty property in _element.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                found = new Field(property.Value, Path.Property(property.Name));
            }
        }

        return found;
    }

    /// <summary>The items of a list in order; none for anything else.</summary>
    public FieldItems Items() => new(this);

    /// <summary>The properties of a map in document order; none for anything else. <see cref="FieldPath.Name"/> of each path is its key.</summary>
    public FieldMembers Members() => new(this);

    /// <summary>Whether the field is a string of exactly that text; makes no copy of it.</summary>
    public bool Is(string text) => IsString && _element.ValueEquals(text);

    /// <summary>Whether two fields hold the same value; order of properties does not count, the path does not either.</summary>
    public bool ValueEquals(Field other) =>
        Kind == other.Kind
        && (Kind == FieldKind.Absent
            || JsonMarshal.GetRawUtf8Value(_element).SequenceEqual(JsonMarshal.GetRawUtf8Value(other._element))
            || JsonElement.DeepEquals(_element, other._element));

    /// <summary>The value as a message may show it: strings quoted and cut at 64 characters, lists and maps by their size only.</summary>
    public override string ToString() => Kind switch
    {
        FieldKind.Absent => "absent",
        FieldKind.Null => "null",
        FieldKind.String => Quote(_element.GetString()!),
        FieldKind.Boolean => _element.GetBoolean() ? "true" : "false",
        FieldKind.Number => Shorten(_element.GetRawText(), 32),
        FieldKind.List => string.Create(CultureInfo.InvariantCulture, $"a list of {Count}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"a map of {Count}"),
    };

    /// <summary>A text as a message may show it: in quotes, on one line, cut at 64 characters.</summary>
    public static string Quote(string text)
    {
        Span<char> clean = stackalloc char[Math.Min(text.Length, 64)];
        for (int i = 0; i < clean.Length; i++)
        {
            clean[i] = char.IsControl(text[i]) ? ' ' : text[i];
        }

        return $"\"{clean}{(text.Length > clean.Length ? "..." : "")}\"";
    }

    private static string Shorten(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "...");
}
