using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Webhook.Rules;

namespace Webhook.Output;

/// <summary>The list of all rules, for people and for programs.</summary>
public static class RuleList
{
    private static readonly RuleListJson Contract = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes one line for each rule, by the kind it judges.</summary>
    public static void WriteText(TextWriter output, bool hasColour)
    {
        var styles = new Styles(hasColour);
        int longest = RuleCatalog.All.Max(static rule => rule.Info.Id.Length);
        foreach ((string kinds, IEnumerable<Rule> rules) in RulePage.ByKind())
        {
            output.WriteLine(styles.Bold(kinds));
            foreach (RuleInfo info in rules.Select(static rule => rule.Info))
            {
                string word = JsonOutput.Word(info.Severity).PadRight(7);
                output.WriteLine($"  {info.Id.PadRight(longest)}  {(info.Severity == Severity.Error ? styles.Red(word) : styles.Yellow(word))}  {info.Title}");
            }

            output.WriteLine();
        }
    }

    /// <summary>Writes an object with <c>rules</c>, each with all that its page says in words.</summary>
    public static void WriteJson(TextWriter output)
    {
        var document = new Document([.. RuleCatalog.All.Select(static rule => new Entry(
            rule.Info.Id,
            JsonOutput.Word(rule.Info.Severity),
            rule.Info.Title,
            rule.Info.Rationale,
            rule.Info.Remedy,
            [.. rule.Info.Guide.Select(static sentence => new Sentence(sentence.Id, sentence.Text))]))]);
        output.Write(JsonSerializer.Serialize(document, Contract.Document));
        output.Write('\n');
    }

    internal sealed record Document(IReadOnlyList<Entry> Rules);

    internal sealed record Entry(string Id, string Severity, string Title, string Rationale, string Remedy, IReadOnlyList<Sentence> Guide);

    internal sealed record Sentence(string Id, string Text);
}

/// <summary>The serializer of the list.</summary>
[JsonSerializable(typeof(RuleList.Document))]
internal sealed partial class RuleListJson : JsonSerializerContext;
