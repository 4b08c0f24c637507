using System.Text.RegularExpressions;

namespace Webhook.Rules.Tests;

public sealed partial class ExampleTests
{
    [Theory]
    [MemberData(nameof(Catalog.Examples), MemberType = typeof(Catalog))]
    public void An_example_reports_exactly_where_it_says_and_breaks_no_other_rule(string rule, string title)
    {
        Example example = Catalog.Example(rule, title);
        Evaluation evaluation = Catalog.Evaluate(example);
        Assert.Empty(evaluation.Failures);
        Assert.Equal(
            example.At.Select(path => $"{rule} {example.Severity} {path}"),
            evaluation.Findings.Select(static finding => $"{finding.Rule} {finding.Severity} {finding.Path}"));
    }

    [Theory]
    [MemberData(nameof(Catalog.Examples), MemberType = typeof(Catalog))]
    public void A_message_is_one_line_that_fits_a_warning_and_ends_with_the_remedy(string rule, string title)
    {
        foreach (Finding finding in Catalog.Evaluate(Catalog.Example(rule, title)).Findings)
        {
            Assert.InRange(finding.Line.Length, 20, Finding.MaxLength);
            Assert.DoesNotContain('\n', finding.Line);
            Assert.EndsWith(finding.Remedy, finding.Line, StringComparison.Ordinal);
            Assert.DoesNotContain("...;", finding.Line, StringComparison.Ordinal);
            Assert.False(finding.Remedy.EndsWith('.') || char.IsUpper(finding.Remedy[0]) && !StartsWithName().IsMatch(finding.Remedy), finding.Remedy);
            Assert.DoesNotContain("please", finding.Line, StringComparison.OrdinalIgnoreCase);
        }
    }

    [GeneratedRegex("^[A-Z]{2}")]
    private static partial Regex StartsWithName();
}
