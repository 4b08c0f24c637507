using System.Text.Json;
using System.Text.Json.Nodes;
using Webhook.Checking;
using Webhook.Resources.Json;

namespace Webhook.Audit;

/// <summary>
/// The reports that the cluster holds, and what has to be written so that they say what was found. Nothing is written twice: a report whose
/// content is as it should be is left alone, and a finding keeps the time at which it was found first.
/// </summary>
/// <param name="api">The API of the reports.</param>
public sealed class ReportBook(ReportApi api)
{
    private readonly Dictionary<ReportKey, Entry> _entries = [];

    /// <summary>How many reports the cluster holds.</summary>
    public int Count => _entries.Count;

    /// <summary>Takes what the cluster holds in the place of what was known.</summary>
    public void Load(IEnumerable<Field> reports)
    {
        _entries.Clear();
        foreach (Field report in reports)
        {
            var key = new ReportKey(report["metadata"]["namespace"].Text ?? "", report["metadata"]["name"].Text ?? "");
            _entries[key] = Entry.Of(report, JsonNode.Parse(report.Element.GetRawText())!.AsObject());
        }
    }

    /// <summary>What has to be written, in the order of the results, deletions last.</summary>
    /// <param name="results">Every object, judged.</param>
    /// <param name="keepClean">Whether objects without a finding have a report too.</param>
    /// <param name="now">The moment of the audit.</param>
    public IReadOnlyList<ReportWrite> Plan(IReadOnlyList<CheckedObject> results, bool keepClean, DateTimeOffset now)
    {
        var writes = new List<ReportWrite>();
        var wanted = new HashSet<ReportKey>();
        foreach (CheckedObject item in results)
        {
            if (item.NotJudged is not null || (!keepClean && item.Findings.Count + item.Failures.Count == 0))
            {
                continue;
            }

            var key = new ReportKey(item.Namespace, PolicyReport.NameOf(item.Kind, item.Name));
            wanted.Add(key);
            Entry? known = _entries.GetValueOrDefault(key);
            JsonObject report = PolicyReport.Of(item, api, (rule, path) => known?.Since(rule, path), now);
            if (known is null || known.Digest != Entry.DigestOf(report))
            {
                if (known is not null)
                {
                    report["metadata"]!["resourceVersion"] = known.ResourceVersion;
                }

                writes.Add(new ReportWrite(key, report, known is null));
            }
        }

        writes.AddRange(_entries.Keys.Where(key => !wanted.Contains(key)).Order().Select(static key => new ReportWrite(key, null, false)));
        return writes;
    }

    /// <summary>A write was done.</summary>
    /// <param name="write">What was written.</param>
    /// <param name="answer">What the API server made of it; missing for a deletion.</param>
    public void Done(ReportWrite write, Field answer)
    {
        if (write.Report is null)
        {
            _entries.Remove(write.Key);
        }
        else
        {
            _entries[write.Key] = Entry.Of(answer, write.Report);
        }
    }

    private sealed record Entry(string ResourceVersion, string Digest, IReadOnlyList<(string Rule, string Path, long Since)> Results)
    {
        public static Entry Of(Field stored, JsonObject content) => new(
            stored["metadata"]["resourceVersion"].Text ?? "",
            DigestOf(content),
            [
                .. (content["results"]?.AsArray() ?? []).Select(static result => (
                    (string?)result!["policy"] ?? "", (string?)result["properties"]?["path"] ?? "", (long?)result["timestamp"]?["seconds"] ?? 0)),
            ]);

        // What the API server adds to a report does not count, nor the order of members.
        public static string DigestOf(JsonObject report)
        {
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
            {
                writer.WriteStartArray();
                Write(writer, report["metadata"]?["ownerReferences"]);
                Write(writer, report["scope"]);
                Write(writer, report["summary"]);
                Write(writer, report["results"]);
                writer.WriteEndArray();
            }

            return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        }

        public DateTimeOffset? Since(string rule, string path)
        {
            foreach ((string Rule, string Path, long Since) result in Results)
            {
                if (result.Rule == rule && result.Path == path && result.Since > 0)
                {
                    return DateTimeOffset.FromUnixTimeSeconds(result.Since);
                }
            }

            return null;
        }

        private static void Write(Utf8JsonWriter writer, JsonNode? node)
        {
            switch (node)
            {
                case JsonObject map:
                    writer.WriteStartObject();
                    foreach ((string key, JsonNode? value) in map.OrderBy(static member => member.Key, StringComparer.Ordinal))
                    {
                        writer.WritePropertyName(key);
                        Write(writer, value);
                    }

                    writer.WriteEndObject();
                    break;
                case JsonArray list:
                    writer.WriteStartArray();
                    foreach (JsonNode? item in list)
                    {
                        Write(writer, item);
                    }

                    writer.WriteEndArray();
                    break;
                case null:
                    writer.WriteNullValue();
                    break;
                default:
                    node.WriteTo(writer);
                    break;
            }
        }
    }
}

/// <summary>Where a report is.</summary>
/// <param name="Namespace">Its namespace; empty for a cluster-scoped one.</param>
/// <param name="Name">Its name.</param>
public readonly record struct ReportKey(string Namespace, string Name) : IComparable<ReportKey>
{
    /// <inheritdoc/>
    public int CompareTo(ReportKey other) =>
        string.CompareOrdinal(Namespace, other.Namespace) is int byNamespace and not 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);

    /// <summary>Order by namespace and name.</summary>
    public static bool operator <(ReportKey left, ReportKey right) => left.CompareTo(right) < 0;

    /// <summary>Order by namespace and name.</summary>
    public static bool operator >(ReportKey left, ReportKey right) => left.CompareTo(right) > 0;

    /// <summary>Order by namespace and name.</summary>
    public static bool operator <=(ReportKey left, ReportKey right) => left.CompareTo(right) <= 0;

    /// <summary>Order by namespace and name.</summary>
    public static bool operator >=(ReportKey left, ReportKey right) => left.CompareTo(right) >= 0;
}

/// <summary>One thing to write.</summary>
/// <param name="Key">Where.</param>
/// <param name="Report">The report as it shall be, or null where it shall go.</param>
/// <param name="IsNew">Whether it is to be created.</param>
public sealed record ReportWrite(ReportKey Key, JsonObject? Report, bool IsNew);
