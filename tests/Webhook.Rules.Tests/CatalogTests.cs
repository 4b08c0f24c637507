using System.Text;
using System.Text.RegularExpressions;

namespace Webhook.Rules.Tests;

public sealed partial class CatalogTests
{
    [Fact]
    public void Every_rule_of_the_assembly_is_listed_once()
    {
        IEnumerable<Type> written = typeof(Rule).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Rule)) && !type.IsAbstract);
        Assert.Equal(
            written.Select(static type => type.FullName).Order(StringComparer.Ordinal),
            RuleCatalog.All.Select(static rule => rule.GetType().FullName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Catalog.Rules), MemberType = typeof(Catalog))]
    public void A_rule_is_named_and_told_as_the_house_does(string id)
    {
        Rule rule = RuleCatalog.Find(id)!;
        RuleInfo info = rule.Info;
        Assert.Equal(KebabCase(rule.GetType().Name), info.Id);
        Assert.True(char.IsUpper(info.Title[0]), info.Title);
        Assert.False(info.Title.EndsWith('.'), info.Title);
        Assert.EndsWith(".", info.Rationale, StringComparison.Ordinal);
        Assert.EndsWith(".", info.Remedy, StringComparison.Ordinal);
        Assert.True(info.Severity is Severity.Error or Severity.Warning);
        Assert.Equal(info.Guide, GuideSentence.All.Where(info.Guide.Contains));
    }

    [Theory]
    [MemberData(nameof(Catalog.Rules), MemberType = typeof(Catalog))]
    public void A_rule_shows_a_bad_and_a_good_example_and_none_twice(string id)
    {
        RuleInfo info = RuleCatalog.Find(id)!.Info;
        Assert.Contains(info.Examples, static example => example.IsBad);
        Assert.Contains(info.Examples, static example => !example.IsBad);
        Assert.Distinct(info.Examples.Select(static example => example.Title));
        Assert.Distinct(info.Examples.Select(static example => (example.Yaml, example.Old, example.Given)));
    }

    [Fact]
    public void Ids_are_unique_and_short()
    {
        Assert.Distinct(RuleCatalog.All.Select(static rule => rule.Info.Id));
        Assert.All(RuleCatalog.All, static rule => Assert.InRange(rule.Info.Id.Length, 5, 40));
    }

    private static string KebabCase(string name)
    {
        var text = new StringBuilder();
        foreach (Match word in Word().Matches(name))
        {
            text.Append(text.Length > 0 ? "-" : "").Append(word.Value.ToLowerInvariant());
        }

        return text.ToString();
    }

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Word();
}
