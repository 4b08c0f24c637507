using System.CommandLine;
using Webhook.Output;

namespace Webhook.Commands;

/// <summary><c>rules</c>: what is judged.</summary>
internal sealed class RulesCommand : TaughtCommand
{
    private const string Samples =
        $"""
          All rules                      {CommandLine.ProgramName} rules
          The ids of those that deny     {CommandLine.ProgramName} rules -o json | jq -r '.rules[] | select(.severity == "error").id'
        """;

    private static readonly Option<string> Format = new("--output", "-o")
    {
        Description = "How the list is printed",
        HelpName = "text|json|markdown",
        DefaultValueFactory = static _ => "text",
    };

    static RulesCommand() => Format.AcceptOnlyFromAmong("text", "json", "markdown");

    /// <summary>The command.</summary>
    /// <param name="terminal">What surrounds the process.</param>
    public RulesCommand(Terminal terminal)
        : base("rules", "Lists all rules: id, severity, what is wrong", "", Samples)
    {
        Add(Format);
        SetAction(parsed =>
        {
            switch (parsed.GetValue(Format))
            {
                case "json":
                    RuleList.WriteJson(terminal.Output);
                    break;
                case "markdown":
                    terminal.Output.Write(RulePage.RenderTable(static id => $"{id}.md"));
                    break;
                default:
                    RuleList.WriteText(terminal.Output, terminal.HasColour);
                    terminal.Output.WriteLine($"One rule in full: {CommandLine.ProgramName} explain RULE");
                    break;
            }

            return ExitCode.Clean;
        });
    }
}
