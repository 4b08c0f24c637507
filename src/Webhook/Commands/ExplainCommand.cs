using System.CommandLine;
using Webhook.Output;
using Webhook.Rules;

namespace Webhook.Commands;

/// <summary><c>explain</c>: the page of a rule in the terminal.</summary>
internal sealed class ExplainCommand : TaughtCommand
{
    private const string Samples =
        $"""
          Why a finding matters and how to mend it    {CommandLine.ProgramName} explain nad-mtu-not-jumbo
          The same as Markdown                        {CommandLine.ProgramName} explain nad-mtu-not-jumbo > page.md
        """;

    private static readonly Argument<string> Id = new("RULE") { Description = "The id of the rule, as findings and \"rules\" print it" };

    static ExplainCommand() => Id.CompletionSources.Add(static _ => RuleCatalog.All.Select(static rule => new System.CommandLine.Completions.CompletionItem(rule.Info.Id)));

    /// <summary>The command.</summary>
    /// <param name="terminal">What surrounds the process.</param>
    public ExplainCommand(Terminal terminal)
        : base("explain", "Prints the page of a rule: why, the guide's sentences, examples, remedy, how to switch it off", "", Samples)
    {
        Add(Id);
        SetAction(parsed => Run(parsed.GetValue(Id)!, terminal));
    }

    private static int Run(string id, Terminal terminal)
    {
        if (RuleCatalog.Find(id.Trim().ToLowerInvariant()) is not Rule rule)
        {
            IReadOnlyList<string> nearest = Nearest.Of(id, RuleCatalog.All.Select(static rule => rule.Info.Id));
            terminal.Error.WriteLine($"error: there is no rule \"{PlainText.OfLine(id)}\"");
            if (nearest.Count > 0)
            {
                terminal.Error.WriteLine($"Did you mean {string.Join(" or ", nearest)}?");
            }

            terminal.Error.WriteLine($"All rules: {CommandLine.ProgramName} rules");
            return ExitCode.CouldNotRun;
        }

        string page = RulePage.Render(rule);
        if (terminal.Width is null && !terminal.HasColour)
        {
            terminal.Output.Write(page);
        }
        else
        {
            new TerminalPage(terminal.Output, terminal.HasColour, terminal.Width ?? Terminal.DefaultWidth).Write(page);
        }

        return ExitCode.Clean;
    }
}
