using System.Text.Json;
using System.Text.Json.Nodes;
using Webhook.Checking;
using Webhook.Output;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Audit;

/// <summary>
/// The reports that the cluster holds, and what has to be written so that they say what was found. Nothing is written twice: a report whose
/// content is as it should be is left alone, and a finding keeps the time at which it was found first. Whose result has changed is told by
/// what was reported, so that each change is told once, whichever replica finds it.
/// </summary>
/// <param name="api">The API of the reports.</param>
public sealed class ReportBook(ReportApi api)
{
    private readonly Dictionary<ReportKey, Entry> _entries = [];

    /// <summary>How many reports the cluster holds.</summary>
    public int Count => _entries.Count;

    /// <summary>Takes what the cluster holds in the place of what was known.</summary>
    /// <param name="reports">The reports of the API.</param>
    /// <param name="former">Those of an API that was used before: what they say is known, and has to be written anew.</param>
    public void Load(IEnumerable<Field> reports, IEnumerable<Field>? former = null)
    {
        _entries.Clear();
        foreach (Field report in former ?? [])
        {
            _entries[ReportKey.Of(report)] = Entry.Of(report, JsonNode.Parse(report.Json)!.AsObject()) with { Digest = "" };
        }

        foreach (Field report in reports)
        {
            _entries[ReportKey.Of(report)] = Entry.Of(report, JsonNode.Parse(report.Json)!.AsObject());
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
        var clean = new Dictionary<ReportKey, CheckedObject>();
        foreach (CheckedObject item in results)
        {
            var key = new ReportKey(item.Namespace, PolicyReport.NameOf(item.Kind, item.Name));
            if (item.NotJudged is not null)
            {
                continue;
            }

            if (!keepClean && item.Findings.Count + item.Failures.Count == 0)
            {
                clean[key] = item;
                continue;
            }

            wanted.Add(key);
            Entry? known = _entries.GetValueOrDefault(key);
            JsonObject report = PolicyReport.Of(item, api, (rule, path) => known?.Since(rule, path), now);
            if (known is null || known.Digest != Entry.DigestOf(report))
            {
                bool isNew = known is null or { Digest: "" };
                if (!isNew)
                {
                    report["metadata"]!["resourceVersion"] = known!.ResourceVersion;
                }

                writes.Add(new ReportWrite(key, report, isNew) { Change = ResultChange.Of(item, known?.Words ?? "", Entry.WordsOf(report)) });
            }
        }

        writes.AddRange(_entries.Where(entry => !wanted.Contains(entry.Key)).OrderBy(static entry => entry.Key).Select(entry => new ReportWrite(entry.Key, null, false)
        {
            Change = clean.TryGetValue(entry.Key, out CheckedObject? item) ? ResultChange.Of(item, entry.Value.Words, "") : null,
        }));
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

    private sealed record Entry(string ResourceVersion, string Digest, string Words, IReadOnlyList<(string Rule, string Path, long Since)> Results)
    {
        public static Entry Of(Field stored, JsonObject content) => new(
            stored["metadata"]["resourceVersion"].Text ?? "",
            DigestOf(content),
            WordsOf(content),
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

        // Which rules found something, the gravest first: "error: RULE RULE, warning: RULE".
        public static string WordsOf(JsonObject report)
        {
            var rules = new SortedDictionary<Severity, List<string>>(Comparer<Severity>.Create(static (one, other) => other.CompareTo(one)));
            foreach (JsonNode? result in report["results"]?.AsArray() ?? [])
            {
                string rule = (string?)result!["policy"] ?? "";
                if (PolicyReport.SeverityOf((string?)result["result"]) is Severity severity)
                {
                    List<string> found = rules.TryGetValue(severity, out List<string>? known) ? known : rules[severity] = [];
                    if (!found.Contains(rule))
                    {
                        found.Add(rule);
                    }
                }
            }

            return string.Join(", ", rules.Select(static entry => $"{JsonOutput.Word(entry.Key)}: {string.Join(' ', entry.Value)}"));
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
    /// <summary>Where a report that was read is.</summary>
    internal static ReportKey Of(Field report) => new(report["metadata"]["namespace"].Text ?? "", report["metadata"]["name"].Text ?? "");

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
public sealed record ReportWrite(ReportKey Key, JsonObject? Report, bool IsNew)
{
    /// <summary>The change of an object's result that this reports, or null where it is the same, or the object is gone or not judged.</summary>
    public ResultChange? Change { get; init; }
}

/// <summary>A change of an object's result: other rules, or other severities of them.</summary>
/// <param name="Object">The object, as judged now.</param>
/// <param name="Before">What was wrong before, as <c>error: RULE RULE, warning: RULE</c>; empty for nothing.</param>
/// <param name="Now">What is wrong now.</param>
public sealed record ResultChange(CheckedObject Object, string Before, string Now)
{
    internal static ResultChange? Of(CheckedObject item, string before, string now) => before == now ? null : new ResultChange(item, before, now);
}
