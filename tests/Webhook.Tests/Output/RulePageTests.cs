using Webhook.Output;
using Webhook.Rules;

namespace Webhook.Tests.Output;

public sealed class RulePageTests
{
    private const string Pages = "src/Webhook.Rules/Pages";
    private const string Start = "<!-- rules -->\n";
    private const string End = "<!-- /rules -->";

    public static TheoryData<string> Rules => [.. RuleCatalog.All.Select(static rule => rule.Info.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_page_of_a_rule_is_what_the_rule_says(string id) =>
        Golden.Holds($"{Pages}/{id}.md", RulePage.Render(RuleCatalog.Find(id)!));

    [Fact]
    public void The_index_lists_every_rule() => Golden.Holds($"{Pages}/README.md", RulePage.RenderIndex());

    [Fact]
    public void No_page_is_left_of_a_rule_that_is_gone() =>
        Golden.HoldsOnly(Pages, RuleCatalog.All.Select(static rule => $"{rule.Info.Id}.md").Append("README.md"));

    [Fact]
    public void The_rule_table_of_the_readme_is_the_catalog()
    {
        string readme = File.ReadAllText(Path.Combine(Golden.Checkout, "README.md"));
        int start = readme.IndexOf(Start, StringComparison.Ordinal), end = readme.IndexOf(End, StringComparison.Ordinal);
        Assert.True(start >= 0 && end > start, $"README.md has lost its markers {Start.Trim()} and {End}");
        string table = RulePage.RenderTable(static id => $"{Pages}/{id}.md");
        Golden.Holds("README.md", $"{readme[..start]}{Start}\n{table}\n{readme[end..]}");
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_page_shows_the_message_of_each_bad_example(string id)
    {
        string page = RulePage.Render(RuleCatalog.Find(id)!);
        foreach (Example example in RuleCatalog.Find(id)!.Info.Examples.Where(static example => example.IsBad))
        {
            string at = example.At[0];
            Assert.Contains($"\n{JsonOutput.Word(example.Severity)}: {(at.Length > 0 ? at + ": " : "")}", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_rule_stands_in_one_group_in_catalog_order() =>
        Assert.Equal(
            RuleCatalog.All.OrderBy(static rule => Array.FindIndex(["nncp-", "nad-", "vm-", ""], prefix => rule.Info.Id.StartsWith(prefix, StringComparison.Ordinal))),
            RulePage.ByKind().SelectMany(static group => group.Rules));
}
