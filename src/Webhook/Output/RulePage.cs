using System.Text;
using Webhook.Resources;
using Webhook.Resources.Editing;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Output;

/// <summary>
/// The page of a rule and the tables of all rules, as Markdown. Everything comes from <see cref="RuleInfo"/>; the bad examples are run, so
/// that the page shows the message that a user will meet.
/// </summary>
public static class RulePage
{
    private static readonly (string Prefix, string Kinds)[] Groups =
    [
        ("nncp-", "NodeNetworkConfigurationPolicy"),
        ("nad-", "NetworkAttachmentDefinition, UserDefinedNetwork, ClusterUserDefinedNetwork"),
        ("vm-", "VirtualMachine, and the VirtualMachineInstances, pools and replica sets that run one"),
        ("vm-clone-", "VirtualMachinePool, VirtualMachineInstanceReplicaSet, VirtualMachineClone, VirtualMachineRestore"),
        ("", "Any judged object"),
    ];

    /// <summary>The page of one rule.</summary>
    public static string Render(Rule rule)
    {
        RuleInfo info = rule.Info;
        var page = new StringBuilder();
        page.Append($"# {info.Id}\n\n{info.Title}.\n\n");
        page.Append($"Severity: **{JsonOutput.Word(info.Severity)}**. Judges: {Kinds(info.Id)}.\n\n");
        page.Append($"## Why it matters\n\n{info.Rationale}\n\n");
        page.Append("## What the guide says\n\n");
        if (info.Guide.Count == 0)
        {
            page.Append("Nothing: this rule goes beyond the guide.\n\n");
        }

        foreach (GuideSentence sentence in info.Guide)
        {
            page.Append($"> {sentence.Text} ({sentence.Id})\n\n");
        }

        page.Append($"## How to mend it\n\n{info.Remedy}\n\n");
        Append(page, "What is reported", rule, info.Examples.Where(static example => example.IsBad));
        Append(page, "What passes", rule, info.Examples.Where(static example => !example.IsBad));
        page.Append(
            $"""
            ## How to switch it off

            For all objects, in the configuration file (`--config`); `warning` keeps the finding and never denies, `off` is silent:

            ```yaml
            rules:
              {info.Id}: {(info.Severity == Severity.Error ? "warning" : "off")}
            ```

            For one object, until a day that is at most {RuleSettings.Default.ExemptionHorizonDays} days away (`exemptions.horizonDays`): annotations of that object. The finding stays, as `exempt`, with reason and end:

            ```yaml
            metadata:
              annotations:
                {InfoScaleMetadata.Exempt}: {info.Id}
                {InfoScaleMetadata.ExemptReason}: why this object may, in 10 characters or more
                {InfoScaleMetadata.ExemptUntil}: "YYYY-MM-DD"
            ```

            """);
        return page.ToString();
    }

    /// <summary>The index of the pages: every rule by the kind it judges.</summary>
    public static string RenderIndex()
    {
        var page = new StringBuilder("# Rules\n\nOne page for each rule; `infoscale-webhook explain ID` prints the same in the terminal.\n\n");
        page.Append(RenderTable(static id => $"{id}.md"));
        return page.ToString();
    }

    /// <summary>The rules as Markdown tables, one for each kind that is judged.</summary>
    /// <param name="link">Where the page of the rule of that id is.</param>
    public static string RenderTable(Func<string, string> link)
    {
        var page = new StringBuilder();
        foreach ((string kinds, IEnumerable<Rule> rules) in ByKind())
        {
            page.Append(page.Length > 0 ? "\n" : "").Append($"**{kinds}**\n\n| rule | severity | what is wrong | guide |\n|---|---|---|---|\n");
            foreach (RuleInfo info in rules.Select(static rule => rule.Info))
            {
                string guide = info.Guide.Count > 0 ? string.Join(' ', info.Guide.Select(static sentence => sentence.Id)) : "beyond";
                page.Append($"| [`{info.Id}`]({link(info.Id)}) | {JsonOutput.Word(info.Severity)} | {info.Title.Replace("|", "\\|", StringComparison.Ordinal)} | {guide} |\n");
            }
        }

        return page.ToString();
    }

    /// <summary>The rules in catalog order by the kinds they judge; kinds without a rule are left out.</summary>
    public static IEnumerable<(string Kinds, IEnumerable<Rule> Rules)> ByKind() =>
        from @group in Groups
        let rules = RuleCatalog.All.Where(rule => Kinds(rule.Info.Id) == @group.Kinds)
        where rules.Any()
        select (@group.Kinds, rules);

    // The finding's own fix, made in the text of the example as "fix" would make it in a file.
    private static void AppendFix(StringBuilder page, Rule rule, Example example)
    {
        Fix[] fixes = [.. Evaluator.Evaluate([rule], example.Subject, example.Context).Findings.Select(static finding => finding.Fix).OfType<Fix>()];
        if (fixes.Length == 0)
        {
            return;
        }

        string option = fixes.Any(static fix => fix.Applicability == FixAvailability.Unsafe) ? " --unsafe" : "";
        string text = example.Yaml.TrimEnd() + "\n";
        IReadOnlyList<FieldChange> changes = [.. fixes.SelectMany(static fix => fix.Changes)];
        page.Append($"`infoscale-webhook fix{option}` does it:\n\n```diff\n");
        foreach (UnifiedDiff.Line line in UnifiedDiff.Lines(text, ManifestEditor.Edits([(ManifestReader.Read(text).Single(), changes)], out _)))
        {
            page.Append(line.Text).Append(line.End);
        }

        page.Append("```\n\n");
    }

    private static string Kinds(string id) => Groups.Where(group => id.StartsWith(group.Prefix, StringComparison.Ordinal)).MaxBy(static group => group.Prefix.Length).Kinds;

    private static void Append(StringBuilder page, string title, Rule rule, IEnumerable<Example> examples)
    {
        page.Append($"## {title}\n\n");
        foreach (Example example in examples)
        {
            page.Append($"### {char.ToUpperInvariant(example.Title[0])}{example.Title[1..]}\n\n");
            if (example.Given is not null)
            {
                page.Append($"The cluster holds:\n\n```yaml\n{example.Given.TrimEnd()}\n```\n\n");
            }

            if (example.Old is not null)
            {
                page.Append($"Before the update:\n\n```yaml\n{example.Old.TrimEnd()}\n```\n\nAfter it:\n\n");
            }

            page.Append($"```yaml\n{example.Yaml.TrimEnd()}\n```\n\n");
            if (example.IsBad)
            {
                page.Append("```text\n");
                foreach (Finding finding in Evaluator.Evaluate([rule], example.Subject, example.Context).Findings)
                {
                    page.Append($"{JsonOutput.Word(finding.Severity)}: {finding.Message}\nfix: {finding.Remedy}\n");
                }

                page.Append("```\n\n");
                AppendFix(page, rule, example);
            }
        }
    }
}
