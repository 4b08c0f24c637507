using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Webhook.Admission;

/// <summary>Writes an answer as an AdmissionReview of admission.k8s.io/v1.</summary>
internal sealed class AdmissionResponseWriter : IDisposable
{
    private const int KeptCapacity = 64 * 1024;

    // Go decodes the answer as UTF-8 JSON; nothing shows it in HTML, so there is nothing to escape for it.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static AdmissionResponseWriter? Cached;

    private ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _writer;

    private AdmissionResponseWriter() => _writer = new Utf8JsonWriter(_buffer, Options);

    /// <summary>The answer as bytes, valid until the next call on the same thread.</summary>
    /// <param name="uid">The uid of the request.</param>
    /// <param name="response">The answer.</param>
    public static ReadOnlySpan<byte> Write(string uid, AdmissionResponse response)
    {
        AdmissionResponseWriter writer = Cached ??= new AdmissionResponseWriter();
        writer.Reset();
        writer.WriteReview(uid, response);
        return writer._buffer.WrittenSpan;
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private void Reset()
    {
        if (_buffer.Capacity > KeptCapacity)
        {
            _buffer = new ArrayBufferWriter<byte>(1024);
        }

        _buffer.ResetWrittenCount();
        _writer.Reset(_buffer);
    }

    private void WriteReview(string uid, AdmissionResponse response)
    {
        _writer.WriteStartObject();
        _writer.WriteString("apiVersion"u8, AdmissionReview.ApiVersion);
        _writer.WriteString("kind"u8, "AdmissionReview"u8);
        _writer.WriteStartObject("response"u8);
        _writer.WriteString("uid"u8, uid);
        _writer.WriteBoolean("allowed"u8, response.Allowed);
        if (response.Status is AdmissionStatus status)
        {
            WriteStatus(status);
        }

        if (response.Patch is byte[] patch)
        {
            _writer.WriteString("patchType"u8, "JSONPatch"u8);
            _writer.WriteBase64String("patch"u8, patch);
        }

        if (response.Warnings.Length > 0)
        {
            _writer.WriteStartArray("warnings"u8);
            foreach (string warning in response.Warnings)
            {
                WriteText(warning);
            }

            _writer.WriteEndArray();
        }

        if (response.AuditAnnotations.Length > 0)
        {
            _writer.WriteStartObject("auditAnnotations"u8);
            foreach ((string key, string value) in response.AuditAnnotations)
            {
                _writer.WriteString(key, value);
            }

            _writer.WriteEndObject();
        }

        _writer.WriteEndObject();
        _writer.WriteEndObject();
        _writer.Flush();
    }

    private void WriteStatus(AdmissionStatus status)
    {
        _writer.WriteStartObject("status"u8);
        _writer.WriteString("status"u8, "Failure"u8);
        _writer.WriteNumber("code"u8, status.Code);
        _writer.WriteString("reason"u8, status.Reason);
        _writer.WritePropertyName("message"u8);
        WriteText(status.Message);
        _writer.WriteStartObject("details"u8);
        if (status.Name.Length > 0)
        {
            _writer.WriteString("name"u8, status.Name);
        }

        _writer.WriteString("group"u8, status.Group);
        _writer.WriteString("kind"u8, status.Kind);
        if (status.Causes.Count > 0)
        {
            _writer.WriteStartArray("causes"u8);
            foreach (StatusCause cause in status.Causes)
            {
                _writer.WriteStartObject();
                _writer.WriteString("reason"u8, cause.Reason);
                _writer.WritePropertyName("message"u8);
                WriteText(cause.Message);
                _writer.WriteString("field"u8, cause.Field);
                _writer.WriteEndObject();
            }

            _writer.WriteEndArray();
        }

        _writer.WriteEndObject();
        _writer.WriteEndObject();
    }

    // Messages quote what they name, and from the first quote on the library looks at letter by letter.
    private void WriteText(string text)
    {
        ReadOnlySpan<char> rest = text;
        if (rest.IndexOf('"') < 0 || rest.ContainsAnyExceptInRange(' ', '~') || rest.Contains('\\'))
        {
            _writer.WriteStringValue(text);
            return;
        }

        byte[] room = ArrayPool<byte>.Shared.Rent((2 * text.Length) + 2);
        int length = 0;
        room[length++] = (byte)'"';
        for (int plain = rest.IndexOf('"'); plain >= 0; plain = rest.IndexOf('"'))
        {
            length += Encoding.ASCII.GetBytes(rest[..plain], room.AsSpan(length));
            room[length++] = (byte)'\\';
            room[length++] = (byte)'"';
            rest = rest[(plain + 1)..];
        }

        length += Encoding.ASCII.GetBytes(rest, room.AsSpan(length));
        room[length++] = (byte)'"';
        _writer.WriteRawValue(room.AsSpan(0, length), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(room);
    }
}
