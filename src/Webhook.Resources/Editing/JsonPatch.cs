using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Webhook.Resources.Json;

namespace Webhook.Resources.Editing;

/// <summary>One operation of a JSON Patch (RFC 6902).</summary>
/// <param name="Op"><c>add</c>, <c>replace</c>, <c>remove</c> or <c>test</c>.</param>
/// <param name="Path">A JSON pointer (RFC 6901).</param>
/// <param name="Value">The value as JSON text; null for <c>remove</c>.</param>
public readonly record struct JsonPatchOperation(string Op, string Path, string? Value);

/// <summary>
/// A JSON Patch, as the API server takes it from a mutating webhook. What it relies on stands before each change as a <c>test</c>: the name of
/// the list item, and a value that is replaced.
/// </summary>
public sealed class JsonPatch
{
    private JsonPatch(IReadOnlyList<JsonPatchOperation> operations) => Operations = operations;

    /// <summary>The operations in their order.</summary>
    public IReadOnlyList<JsonPatchOperation> Operations { get; }

    /// <summary>The patch that makes changes of an object. A change inside a string replaces the string.</summary>
    /// <param name="root">The object.</param>
    /// <param name="changed">The object with the changes made: <see cref="DocumentEditor.Apply"/>.</param>
    /// <param name="changes">The changes.</param>
    public static JsonPatch Of(Field root, Field changed, IEnumerable<FieldChange> changes)
    {
        var operations = new List<JsonPatchOperation>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (FieldChange change in changes)
        {
            List<FieldPath> steps = Outer(change.Path);
            if (!seen.Add(Pointer(steps, steps.Count)))
            {
                continue;
            }

            for (int i = 0; i < steps.Count; i++)
            {
                if (steps[i].Index >= 0 && At(root, steps, i + 1)["name"] is { IsString: true } name
                    && Pointer(steps, i + 1) + "/name" is var pointer && seen.Add(pointer))
                {
                    operations.Add(new("test", pointer, name.Json));
                }
            }

            Add(operations, Pointer(steps, steps.Count), At(root, steps, steps.Count), At(changed, steps, steps.Count));
        }

        return new JsonPatch(operations);
    }

    /// <summary>The patch with an annotation of the object set as well.</summary>
    /// <param name="root">The object.</param>
    /// <param name="key">The annotation's key.</param>
    /// <param name="value">Its value.</param>
    public JsonPatch WithAnnotation(Field root, string key, string value)
    {
        Field annotations = root["metadata"]["annotations"];
        string text = Json(value);
        var operations = new List<JsonPatchOperation>(Operations);
        if (annotations.IsMap)
        {
            operations.Add(new("add", $"/metadata/annotations/{Escape(key)}", text));
        }
        else
        {
            operations.Add(new("add", "/metadata/annotations", $"{{{Json(key)}:{text}}}"));
        }

        return new JsonPatch(operations);
    }

    /// <summary>The patch as JSON text in UTF-8.</summary>
    public byte[] ToUtf8()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            foreach (JsonPatchOperation operation in Operations)
            {
                writer.WriteStartObject();
                writer.WriteString("op"u8, operation.Op);
                writer.WriteString("path"u8, operation.Path);
                if (operation.Value is string value)
                {
                    writer.WritePropertyName("value"u8);
                    writer.WriteRawValue(value);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Add(List<JsonPatchOperation> operations, string pointer, Field old, Field now)
    {
        if (old.Kind == FieldKind.Absent)
        {
            operations.Add(new("add", pointer, now.Json));
            return;
        }

        operations.Add(new("test", pointer, old.Json));
        operations.Add(now.Kind == FieldKind.Absent ? new("remove", pointer, null) : new("replace", pointer, now.Json));
    }

    private static List<FieldPath> Outer(FieldPath path)
    {
        var steps = new List<FieldPath>();
        foreach (FieldPath step in path.Steps())
        {
            if (step.IsDocument)
            {
                break;
            }

            steps.Add(step);
        }

        return steps;
    }

    private static Field At(Field root, List<FieldPath> steps, int length)
    {
        Field at = root;
        for (int i = 0; i < length; i++)
        {
            at = steps[i].Name is string name ? at[name] : at[steps[i].Index];
        }

        return at;
    }

    private static string Pointer(List<FieldPath> steps, int length)
    {
        var pointer = new StringBuilder();
        for (int i = 0; i < length; i++)
        {
            pointer.Append('/').Append(steps[i].Name is string name ? Escape(name) : steps[i].Index.ToString(CultureInfo.InvariantCulture));
        }

        return pointer.ToString();
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
