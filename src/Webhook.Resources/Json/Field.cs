using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Webhook.Resources.Json;

/// <summary>
/// One value of an object together with the path where it stands. Every question has an answer: a property of something that is no map,
/// or an item of something that is no list, is an absent field at that path. Nothing here throws on what a manifest holds.
/// </summary>
/// <remarks>What is asked everywhere stays a call: compiled into its callers it doubles them (Decisions/0006 of the program).</remarks>
public readonly struct Field : IEquatable<Field>
{
    private readonly FieldSource? _source;
    private readonly int _node;

    // Null for a value that is there. Else what was asked for below it: a property name, a step, or a whole path.
    private readonly object? _absence;

    internal Field(FieldSource source, int node)
    {
        _source = source;
        _node = node;
    }

    private Field(FieldSource? source, int node, object absence)
    {
        _source = source;
        _node = node;
        _absence = absence;
    }

    /// <summary>An absent field at the root: an object that was not given.</summary>
    public static Field Absent => default;

    /// <summary>Where the field stands, also if it is absent.</summary>
    public FieldPath Path => _absence is null ? _source?.PathOf(_node) ?? FieldPath.Root : PathOf(_absence);

    /// <summary>The name of the property that the field is; null for an item of a list, and for an object that is no property.</summary>
    public string? Name => _absence switch
    {
        null => _source?.NameOf(_node),
        string name => name,
        AbsentStep step => step.Name,
        _ => ((FieldPath)_absence).Name,
    };

    /// <summary>What stands there.</summary>
    public FieldKind Kind => _absence is null && _source is not null ? _source.KindOf(_node) : FieldKind.Absent;

    /// <summary>Whether there is no value: absent, or <c>null</c>, which Kubernetes reads alike.</summary>
    public bool IsMissing => Kind is FieldKind.Absent or FieldKind.Null;

    /// <summary>Whether there is a value other than <c>null</c>.</summary>
    public bool IsPresent => !IsMissing;

    /// <summary>Whether the field is an object.</summary>
    public bool IsMap => Kind == FieldKind.Map;

    /// <summary>Whether the field is a list.</summary>
    public bool IsList => Kind == FieldKind.List;

    /// <summary>Whether the field is a string.</summary>
    public bool IsString => Kind == FieldKind.String;

    /// <summary>Whether the field is an nmstate capture template (<c>"{{ capture.x.interfaces }}"</c>), known only on the node.</summary>
    public bool IsTemplate => IsString
        && (_source!.IsEscaped(_node) ? _source.StringOf(_node).Contains("{{", StringComparison.Ordinal) : _source.TextOf(_node).IndexOf("{{"u8) >= 0);

    /// <summary>The text of a string field, else null.</summary>
    public string? Text
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get => IsString ? _source!.StringOf(_node) : null;
    }

    /// <summary>The value of a boolean field, else null.</summary>
    public bool? Boolean => Kind == FieldKind.Boolean ? _source!.TextOf(_node)[0] == (byte)'t' : null;

    /// <summary>The value of a number field that is a whole number within 64 bits, else null.</summary>
    public long? Integer => Kind == FieldKind.Number ? _source!.IntegerOf(_node) : null;

    /// <summary>The number of items of a list or of properties of a map; 0 for anything else.</summary>
    public int Count => Kind is FieldKind.List or FieldKind.Map ? _source!.CountOf(_node) : 0;

    /// <summary>The value as JSON, as it was written; empty where the field is absent.</summary>
    public string Json => Encoding.UTF8.GetString(Utf8Json);

    /// <summary>The value as JSON in UTF-8, as it was written; empty where the field is absent.</summary>
    public ReadOnlySpan<byte> Utf8Json => Kind == FieldKind.Absent ? default : _source!.JsonOf(_node);

    /// <summary>The property of that exact name; of a repeated name the last, as the Go decoder of the API server has it.</summary>
    public Field this[string name]
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get
        {
            if (!IsMap)
            {
                return Below(name, -1);
            }

            int found = _source!.Find(_node, name);
            return found < 0 ? new Field(_source, _node, name) : new Field(_source, found);
        }
    }

    /// <summary>The item at that index (from 0).</summary>
    public Field this[int index]
    {
        get
        {
            if (!IsList || index < 0 || index >= _source!.CountOf(_node))
            {
                return Below(null, index);
            }

            int at = _node + 1;
            for (; index > 0; index--)
            {
                at = _source.Next(at);
            }

            return new Field(_source, at);
        }
    }

    /// <summary>
    /// The place in the text that the field was read from of what <paramref name="steps"/> lead to below it, or of the nearest step above that is there.
    /// </summary>
    internal Position Locate(IEnumerable<FieldPath> steps)
    {
        Field found = this;
        foreach (FieldPath step in steps)
        {
            Field next = step.Name is string name ? found[name] : found[step.Index];
            if (next.Kind == FieldKind.Absent)
            {
                break;
            }

            found = next;
        }

        return found._source?.PositionOf(found._node) ?? new Position(1, 1);
    }

    /// <summary>An absent field at that path.</summary>
    public static Field AbsentAt(FieldPath path) => new(null, 0, path);

    /// <summary>Reads a JSON text.</summary>
    /// <param name="json">Exactly one value.</param>
    /// <param name="path">Where it stands; the root where nothing is said.</param>
    /// <exception cref="JsonException">It is no JSON, or nested deeper than <see cref="JsonText.MaxDepth"/>.</exception>
    public static Field Parse(string json, FieldPath? path = null) => Parse(Encoding.UTF8.GetBytes(json).AsMemory(), path);

    /// <summary>Reads a JSON text in UTF-8.</summary>
    /// <param name="json">Exactly one value. It is kept, not copied: it must stay as it is while fields of it are read.</param>
    /// <param name="path">Where it stands; the root where nothing is said.</param>
    /// <param name="maxDepth">The deepest nesting that is read.</param>
    /// <exception cref="JsonException">It is no JSON, or nested too deep.</exception>
    public static Field Parse(ReadOnlyMemory<byte> json, FieldPath? path = null, int maxDepth = JsonText.MaxDepth) =>
        FieldSource.Parse(json, maxDepth, path ?? FieldPath.Root);

    /// <summary>
    /// Reads a JSON text whose fields are done with soon: <see cref="Return"/> then gives back what it took, and after that no field of it may
    /// be asked anything. For the rest as <see cref="Parse(ReadOnlyMemory{byte}, FieldPath?, int)"/>.
    /// </summary>
    public static Field ParseLent(ReadOnlyMemory<byte> json) => FieldSource.Parse(json, JsonText.MaxDepth, FieldPath.Root, isLent: true);

    /// <summary>Gives back what <see cref="ParseLent"/> took.</summary>
    public void Return() => _source?.Return();

    /// <summary>The same value as the root of an object of its own, or wherever it is to stand.</summary>
    public Field At(FieldPath path) => _absence is null && _source is not null ? new Field(_source.At(_node, path), _node) : AbsentAt(path);

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

        foreach (Field property in Members())
        {
            if (property.Name!.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                found = property;
            }
        }

        return found;
    }

    /// <summary>The items of a list in order; none for anything else.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public FieldItems Items() => IsList ? new FieldItems(_source!, _node) : default;

    /// <summary>The properties of a map in document order; none for anything else. <see cref="Name"/> of each is its key.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public FieldMembers Members() => IsMap ? new FieldMembers(_source!, _node) : default;

    /// <summary>Whether the field is a string of exactly that text; makes no copy of it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Is(string text) => IsString && _source!.Is(_node, text);

    /// <summary>Whether two fields hold the same value; order of properties does not count, the path does not either.</summary>
    public bool ValueEquals(Field other) =>
        Kind == other.Kind && (Utf8Json.SequenceEqual(other.Utf8Json) || Kind switch
        {
            FieldKind.Map => Count == other.Count && MembersEqual(other),
            FieldKind.List => Count == other.Count && ItemsEqual(other),
            FieldKind.String => (_source!.IsEscaped(_node) || other._source!.IsEscaped(other._node)) && Text == other.Text,
            FieldKind.Number => JsonElement.DeepEquals(JsonElement.Parse(Utf8Json), JsonElement.Parse(other.Utf8Json)),
            _ => false,
        });

    /// <summary>Whether both are one field: the same place of the same text. <see cref="ValueEquals"/> compares values.</summary>
    public static bool operator ==(Field left, Field right) => left.Equals(right);

    /// <summary>Whether both are different fields, whatever their values.</summary>
    public static bool operator !=(Field left, Field right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Field other) => ReferenceEquals(_source, other._source) && _node == other._node && Equals(_absence, other._absence);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Field other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_source, _node, _absence);

    /// <summary>Writes the value as it was written. An absent field is no value: nothing may be written for it.</summary>
    public void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(Utf8Json, skipInputValidation: true);

    /// <summary>The value as nodes that can be changed; of a repeated name, which they refuse, the last counts. Null where the field is missing.</summary>
    public JsonNode? ToNode()
    {
        switch (Kind)
        {
            case FieldKind.Map:
                var map = new JsonObject();
                foreach (Field property in Members())
                {
                    map[property.Name!] = property.ToNode();
                }

                return map;
            case FieldKind.List:
                var list = new JsonArray();
                foreach (Field item in Items())
                {
                    list.Add(item.ToNode());
                }

                return list;
            default:
                return IsMissing ? null : Text is string text ? JsonValue.Create(text) : JsonNode.Parse(Utf8Json);
        }
    }

    /// <summary>The value as a message may show it: strings quoted and cut at 64 characters, lists and maps by their size only.</summary>
    public override string ToString() => Kind switch
    {
        FieldKind.Absent => "absent",
        FieldKind.Null => "null",
        FieldKind.String => Quote(_source!.StringOf(_node)),
        FieldKind.Boolean => Boolean == true ? "true" : "false",
        FieldKind.Number => Shorten(Json, 32),
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

    private bool ItemsEqual(Field other)
    {
        FieldItems.Enumerator others = other.Items().GetEnumerator();
        foreach (Field item in Items())
        {
            if (!others.MoveNext() || !item.ValueEquals(others.Current))
            {
                return false;
            }
        }

        return true;
    }

    private bool MembersEqual(Field other)
    {
        FieldMembers.Enumerator others = other.Members().GetEnumerator();
        foreach (Field member in Members())
        {
            Field twin = others.MoveNext() ? others.Current : default;
            if (twin._source is null || !member._source!.TextOf(member._node - 1).SequenceEqual(twin._source.TextOf(twin._node - 1)))
            {
                return ByName() is var mine && other.ByName() is var theirs && mine.Count == theirs.Count
                    && mine.All(entry => theirs.TryGetValue(entry.Key, out Field value) && entry.Value.ValueEquals(value));
            }

            if (!member.ValueEquals(twin))
            {
                return false;
            }
        }

        return true;
    }

    private Dictionary<string, Field> ByName()
    {
        var byName = new Dictionary<string, Field>(StringComparer.Ordinal);
        foreach (Field member in Members())
        {
            byName[member.Name!] = member;
        }

        return byName;
    }

    private static string Shorten(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "...");

    private Field Below(string? name, int index) =>
        new(_source, _node, _absence is null && name is not null ? name : new AbsentStep(_absence, name, index));

    private FieldPath PathOf(object? absence) => absence switch
    {
        FieldPath path => path,
        string name => PathOf(null).Property(name),
        AbsentStep { Name: string name } step => PathOf(step.Above).Property(name),
        AbsentStep step => PathOf(step.Above).Item(step.Index),
        _ => _source?.PathOf(_node) ?? FieldPath.Root,
    };

    /// <summary>A step below what is not there.</summary>
    private sealed record AbsentStep(object? Above, string? Name, int Index);
}
