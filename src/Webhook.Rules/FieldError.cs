using Webhook.Resources.Json;

namespace Webhook.Rules;

/// <summary>
/// A field error in the words of Kubernetes (k8s.io/apimachinery pkg/util/validation/field): <see cref="Type"/> is the reason of the
/// status cause, its text is what the API server prints after the path.
/// </summary>
public sealed class FieldError : ISpanFormattable
{
    private readonly string _words;
    private readonly string _detail;

    private FieldError(FieldPath path, string type, string words, string? value, string detail)
    {
        Path = path;
        Type = type;
        Value = value;
        _words = words;
        _detail = detail;
    }

    /// <summary>The field.</summary>
    public FieldPath Path { get; }

    /// <summary>The reason of the cause, <c>FieldValueInvalid</c> and its like.</summary>
    public string Type { get; }

    /// <summary>The value that was found, as a message may show it, or null where there is none to show.</summary>
    public string? Value { get; }

    /// <summary>How many characters the text has.</summary>
    public int Length => _words.Length + (Value is null ? 0 : 2 + Value.Length) + 2 + _detail.Length;

    /// <summary>The message without the path: <c>Invalid value: 1500: must be 9000 or more</c>.</summary>
    public override string ToString() => Value is null ? $"{_words}: {_detail}" : $"{_words}: {Value}: {_detail}";

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Writes the text: most findings are told once, as a part of a line.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Value is null ? destination.TryWrite($"{_words}: {_detail}", out charsWritten) : destination.TryWrite($"{_words}: {Value}: {_detail}", out charsWritten);

    /// <summary>The value is of the right kind but not allowed here.</summary>
    public static FieldError Invalid(Field field, string detail) =>
        new(field.Path, "FieldValueInvalid", "Invalid value", field.ToString(), detail);

    /// <summary>The same with the value in other words, for findings about more than the field shows.</summary>
    public static FieldError Invalid(FieldPath path, string value, string detail) =>
        new(path, "FieldValueInvalid", "Invalid value", value, detail);

    /// <summary>A value must be there and is not.</summary>
    public static FieldError Required(FieldPath path, string detail) =>
        new(path, "FieldValueRequired", "Required value", null, detail);

    /// <summary>The value is none of the allowed words.</summary>
    public static FieldError NotSupported(Field field, string detail) =>
        new(field.Path, "FieldValueNotSupported", "Unsupported value", field.ToString(), detail);

    /// <summary>The value names something that is not there.</summary>
    public static FieldError NotFound(Field field, string detail) =>
        new(field.Path, "FieldValueNotFound", "Not found", field.ToString(), detail);

    /// <summary>The same for one of several names in a field.</summary>
    public static FieldError NotFound(FieldPath path, string value, string detail) =>
        new(path, "FieldValueNotFound", "Not found", value, detail);

    /// <summary>The value may not stand here, or may not be changed.</summary>
    public static FieldError Forbidden(FieldPath path, string detail) =>
        new(path, "FieldValueForbidden", "Forbidden", null, detail);

    /// <summary>The value stands twice where it may stand once.</summary>
    public static FieldError Duplicate(Field field, string detail) =>
        new(field.Path, "FieldValueDuplicate", "Duplicate value", field.ToString(), detail);

    /// <summary>The value has another JSON type than the field.</summary>
    public static FieldError WrongType(Field field, string detail) =>
        new(field.Path, "FieldValueTypeInvalid", "Invalid value", field.ToString(), detail);
}
