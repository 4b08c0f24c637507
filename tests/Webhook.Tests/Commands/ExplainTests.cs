using System.Text.Json;
using Webhook.Commands;
using Webhook.Output;
using Webhook.Rules;

namespace Webhook.Tests.Commands;

public sealed class ExplainTests
{
    [Fact]
    public async Task A_page_is_printed_as_it_stands_where_nobody_looks_on()
    {
        Rule rule = RuleCatalog.All[0];
        Run run = await Run.Of("explain", rule.Info.Id.ToUpperInvariant());
        Assert.Equal(ExitCode.Clean, run.Code);
        Assert.Equal(RulePage.Render(rule), run.Output);
    }

    [Fact]
    public async Task An_unknown_rule_is_met_with_the_nearest_ones()
    {
        Run run = await Run.Of("explain", "vm-lable-removed");
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.Equal("error: there is no rule \"vm-lable-removed\"\nDid you mean vm-label-removed?\nAll rules: infoscale-webhook rules\n", run.Error);
    }

    [Fact]
    public async Task Rules_lists_every_rule_once_with_its_severity()
    {
        Run text = await Run.Of("rules");
        JsonElement json = JsonElement.Parse((await Run.Of("rules", "-o", "json")).Output);
        Assert.Equal(
            RuleCatalog.All.Select(static rule => $"{rule.Info.Id} {JsonOutput.Word(rule.Info.Severity)} {rule.Info.Title}"),
            json.GetProperty("rules").EnumerateArray().Select(static rule => $"{rule.GetProperty("id")} {rule.GetProperty("severity")} {rule.GetProperty("title")}"));
        Assert.All(RuleCatalog.All, rule => Assert.Contains($"  {rule.Info.Id} ", text.Output, StringComparison.Ordinal));
        Assert.Contains("| rule | severity |", (await Run.Of("rules", "-o", "markdown")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_gets_the_page_without_marks_and_within_its_width()
    {
        using var output = new StringWriter { NewLine = "\n" };
        new TerminalPage(output, hasColour: false, width: 40).Write(
            "# title\n\nSome `code` and **weight** in a paragraph that is longer than the line.\n\n> A quoted sentence that is longer, too. (S1)\n\n```yaml\na: 1\n```\n\n```text\nerror: a.b: too long for one line of this width\n```\n");
        Assert.Equal(
            """
            TITLE

              Some code and weight in a
              paragraph that is longer than the
              line.

              | A quoted sentence that is longer,
              | too. (S1)

                a: 1

              error: a.b: too long for one line
                   of this width

            """,
            output.ToString());
    }
}
