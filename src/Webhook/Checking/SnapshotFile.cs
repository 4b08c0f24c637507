using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Checking;

/// <summary>
/// A recorded cluster as a file: a JSON list of its objects, one on each line and in a fixed order, so that two of them can be compared. The
/// head says which kinds were asked for, and which of them could not be seen.
/// </summary>
public static class SnapshotFile
{
    private const string ApiVersion = InfoScaleMetadata.Prefix + "v1";
    private const string Kind = "ClusterSnapshotList";
    private const string RecordOne = "record one: infoscale-webhook snapshot -o FILE";

    /// <summary>Writes a recording.</summary>
    public static void Write(ClusterRecording recording, Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n", MaxDepth = JsonText.MaxDepth + 8,
        });
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, ApiVersion);
        writer.WriteString("kind"u8, Kind);
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("time"u8, recording.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("serverVersion"u8, recording.ServerVersion);
        writer.WriteStartArray("kinds"u8);
        RecordedKind[] kinds = [.. recording.Kinds.OrderBy(static one => one.Kind.Group, StringComparer.Ordinal).ThenBy(static one => one.Kind.Kind, StringComparer.Ordinal)];
        foreach (RecordedKind recorded in kinds)
        {
            writer.WriteStartObject();
            writer.WriteString("group"u8, recorded.Kind.Group);
            writer.WriteString("kind"u8, recorded.Kind.Kind);
            if (recorded.Unseen is not null)
            {
                writer.WriteString("unseen"u8, recorded.Unseen);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartArray("items"u8);
        foreach (RecordedKind recorded in kinds)
        {
            foreach (Field item in recorded.Objects
                .OrderBy(static item => item["metadata"]["namespace"].Text ?? "", StringComparer.Ordinal)
                .ThenBy(static item => item["metadata"]["name"].Text ?? "", StringComparer.Ordinal))
            {
                item.WriteTo(writer);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Reads a recording; exactly one of the two results is set.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="recording">The recording, or null.</param>
    /// <param name="problem">Why it is none, or null.</param>
    public static bool TryRead(Stream stream, out ClusterRecording? recording, out string? problem)
    {
        recording = null;
        using var file = new MemoryStream();
        stream.CopyTo(file);
        ReadOnlyMemory<byte> json = file.GetBuffer().AsMemory(0, (int)file.Length);
        json = json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        if (!JsonText.IsUnicode(json.Span))
        {
            problem = $"not a snapshot: not valid Unicode; {RecordOne}";
            return false;
        }

        Field root;
        try
        {
            root = Field.Parse(json, maxDepth: JsonText.MaxDepth + 8);
        }
        catch (JsonException exception)
        {
            problem = $"not a snapshot: {JsonText.Describe(exception)}; {RecordOne}";
            return false;
        }

        Field head = root["metadata"];
        if (root["kind"].Text != Kind || !head["kinds"].IsList || !root["items"].IsList)
        {
            problem = $"not a snapshot; {RecordOne}";
            return false;
        }

        if (root["apiVersion"].Text != ApiVersion)
        {
            problem = $"written by another version of this program ({root["apiVersion"]}, not \"{ApiVersion}\"); record it again";
            return false;
        }

        problem = null;
        recording = new ClusterRecording
        {
            Time = DateTimeOffset.TryParse(head["time"].Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : default,
            ServerVersion = head["serverVersion"].Text ?? "",
            Kinds = Kinds(head["kinds"], root["items"]),
        };
        return true;
    }

    private static List<RecordedKind> Kinds(Field listed, Field items)
    {
        var objects = new Dictionary<ClusterKind, List<Field>>(ReferenceEqualityComparer.Instance);
        foreach (Field item in items.Items())
        {
            Field root = item.At(FieldPath.Root);
            if (ClusterKind.Find(root["apiVersion"].Text, root["kind"].Text) is ClusterKind kind)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(objects, kind, out _) ??= []).Add(root);
            }
        }

        var kinds = new List<RecordedKind>();
        foreach (ClusterKind kind in ClusterKind.All)
        {
            Field entry = Entry(listed, kind);
            kinds.Add(
                entry.IsMissing ? new RecordedKind(kind, [], $"the snapshot was taken without {kind.Kind} objects")
                : entry["unseen"].Text is string reason ? new RecordedKind(kind, [], reason)
                : new RecordedKind(kind, objects.GetValueOrDefault(kind) ?? []));
        }

        return kinds;
    }

    private static Field Entry(Field listed, ClusterKind kind)
    {
        foreach (Field entry in listed.Items())
        {
            if (entry["group"].Text == kind.Group && entry["kind"].Text == kind.Kind)
            {
                return entry;
            }
        }

        return Field.Absent;
    }
}
