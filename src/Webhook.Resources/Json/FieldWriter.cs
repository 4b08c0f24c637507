using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Webhook.Resources.Json;

/// <summary>
/// Makes a field out of calls in the order of a JSON text, without reading that text again. The caller keeps to the grammar; names are of the
/// methods of <see cref="Utf8JsonWriter"/>.
/// </summary>
internal sealed class FieldWriter
{
    // What one writer keeps for its next field.
    private const int KeptBytes = 64 * 1024;

    private byte[] _text = new byte[2048];
    private int _length;
    private FieldNodes _nodes = new(0);

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        _length = 0;
        _text = _text.Length <= KeptBytes ? _text : new byte[2048];
        FieldNodes.Return(_nodes.Room);
        _nodes = new FieldNodes(0);
    }

    /// <summary>The value that was written, which must be whole, at the root.</summary>
    public Field ToField() => FieldSource.Of(_text.AsSpan(0, _length).ToArray(), _nodes);

    public void WriteStartObject() => Open(FieldKind.Map, (byte)'{');

    public void WriteEndObject() => Close((byte)'}');

    public void WriteStartArray() => Open(FieldKind.List, (byte)'[');

    public void WriteEndArray() => Close((byte)']');

    public void WritePropertyName(ReadOnlySpan<char> name)
    {
        Separate();
        int start = _length + 1;
        int length = Quote(name, out bool isEscaped);
        _nodes.AddName(start, _text.AsSpan(start, length), isEscaped);
        Append((byte)':');
    }

    public void WriteStringValue(ReadOnlySpan<char> value)
    {
        Separate();
        int start = _length + 1;
        _nodes.AddValue(FieldKind.String, start, Quote(value, out bool isEscaped), isEscaped);
    }

    public void WriteNullValue() => Write(FieldKind.Null, "null"u8);

    public void WriteBooleanValue(bool value) => Write(FieldKind.Boolean, value ? "true"u8 : "false"u8);

    public void WriteNumberValue(long value)
    {
        Span<byte> digits = stackalloc byte[32];
        value.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        Write(FieldKind.Number, digits[..length]);
    }

    /// <param name="value">A finite number.</param>
    public void WriteNumberValue(double value)
    {
        Span<byte> digits = stackalloc byte[32];
        value.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        Write(FieldKind.Number, digits[..length]);
    }

    private void Open(FieldKind kind, byte bracket)
    {
        Separate();
        _nodes.Open(kind, _length);
        Append(bracket);
    }

    private void Close(byte bracket)
    {
        _nodes.Close(_length);
        Append(bracket);
    }

    private void Write(FieldKind kind, ReadOnlySpan<byte> text)
    {
        Separate();
        _nodes.AddValue(kind, _length, text.Length);
        text.CopyTo(Room(text.Length));
        _length += text.Length;
    }

    // A comma before everything but the first of a list or map and what follows a name.
    private void Separate()
    {
        if (_length > 0 && _text[_length - 1] is not ((byte)'{' or (byte)'[' or (byte)':'))
        {
            Append((byte)',');
        }
    }

    // Returns the length of what stands between the quotes.
    private int Quote(ReadOnlySpan<char> value, out bool isEscaped)
    {
        Span<byte> room = Room(value.Length + 2);
        room[0] = (byte)'"';
        int plain = 0;
        while (plain < value.Length && value[plain] is >= ' ' and <= '~' and not ('"' or '\\'))
        {
            room[plain + 1] = (byte)value[plain];
            plain++;
        }

        isEscaped = plain < value.Length;
        if (isEscaped)
        {
            ReadOnlySpan<byte> encoded = JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
            plain = encoded.Length;
            room = Room(plain + 2);
            encoded.CopyTo(room[1..]);
        }

        room[plain + 1] = (byte)'"';
        _length += plain + 2;
        return plain;
    }

    private void Append(byte one)
    {
        Room(1)[0] = one;
        _length++;
    }

    private Span<byte> Room(int length)
    {
        if (_length + length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + length));
        }

        return _text.AsSpan(_length);
    }
}
