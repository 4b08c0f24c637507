using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Webhook.Output;
using Webhook.Rules;

namespace Webhook.Commands;

/// <summary>The root of the command line: which commands there are, and what is common to them.</summary>
public static class CommandLine
{
    /// <summary>The name of the program, as messages print it.</summary>
    public const string ProgramName = "infoscale-webhook";

    private const string Examples =
        $"""
          Try the webhook without a cluster          {ProgramName} serve --dev
          Judge the manifests of a folder            {ProgramName} check deploy/
          Judge them as the cluster would            {ProgramName} check --cluster deploy/
          Try it on manifests without any label      {ProgramName} check --as llt deploy/
          Mend what has one right answer             {ProgramName} fix deploy/
          Add up what exists, as a page              {ProgramName} audit -o html deploy/ > audit.html
          Follow frames from VM to switch            {ProgramName} path deploy/
          See what is judged                         {ProgramName} rules
          Read why, and how to mend it               {ProgramName} explain nad-mtu-not-jumbo
        """;

    /// <summary>The commands.</summary>
    /// <param name="terminal">What surrounds the process.</param>
    public static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand(
            "Holds NodeNetworkConfigurationPolicies, NetworkAttachmentDefinitions and VirtualMachines to what InfoScale needs on OpenShift Virtualization.")
        {
            new ServeCommand(terminal),
            new CheckCommand(terminal),
            new FixCommand(terminal),
            new AuditCommand(terminal),
            new SnapshotCommand(terminal),
            new PathCommand(terminal),
            new CertificatesCommand(terminal),
            new RulesCommand(terminal),
            new ExplainCommand(terminal),
        };
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Action = new TeachingHelp((HelpAction)help.Action!, terminal);
        }

        return root;
    }

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The arguments after the program's name.</param>
    /// <param name="terminal">What surrounds the process.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal)
    {
        RootCommand root = Build(terminal);
        bool isEmpty = arguments.Count == 0;
        ParseResult parsed = root.Parse(isEmpty ? ["--help"] : arguments);
        int code = ExitCode.CouldNotRun;
        if (parsed.Action is ParseErrorAction)
        {
            ShowErrors(parsed, terminal.Error);
        }
        else
        {
            var invocation = new InvocationConfiguration
            {
                Output = isEmpty ? terminal.Error : terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,

                // A signal is handled by the server itself, which first answers what it has begun.
                ProcessTerminationTimeout = null,
            };
            int answer = await parsed.InvokeAsync(invocation);
            code = isEmpty ? ExitCode.CouldNotRun : answer;
        }

        await terminal.Output.FlushAsync();
        return code;
    }

    private static void ShowErrors(ParseResult parsed, TextWriter error)
    {
        Command command = parsed.CommandResult.Command;
        bool isUnknown = parsed.UnmatchedTokens.Count > 0;
        foreach (ParseError problem in parsed.Errors)
        {
            // An unknown command is reported a second time, as a missing one.
            if (!isUnknown || problem.SymbolResult is not CommandResult || problem.Message.Contains(parsed.UnmatchedTokens[0], StringComparison.Ordinal))
            {
                error.WriteLine($"error: {PlainLines(problem.Message)}");
            }
        }

        if (isUnknown)
        {
            IEnumerable<string> known = command.Subcommands.Select(static sub => sub.Name).Concat(command.Options.SelectMany(static option => option.Aliases.Prepend(option.Name)));
            IReadOnlyList<string> nearest = Nearest.Of(parsed.UnmatchedTokens[0], known);
            if (nearest.Count > 0)
            {
                error.WriteLine($"Did you mean {string.Join(" or ", nearest)}?");
            }
        }

        error.WriteLine($"Help: {(command is RootCommand ? ProgramName : $"{ProgramName} {command.Name}")} --help");
    }

    private static string PlainLines(string message) => PlainText.OfLine(message.ReplaceLineEndings(" ").Replace('\t', ' ').Replace("  ", " ", StringComparison.Ordinal));

    private sealed class TeachingHelp(HelpAction help, Terminal terminal) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            help.MaxWidth = terminal.Width ?? Terminal.DefaultWidth;
            help.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            var taught = parseResult.CommandResult.Command as TaughtCommand;
            if (taught is { Notes.Length: > 0 })
            {
                output.WriteLine(taught.Notes);
                output.WriteLine();
            }

            output.WriteLine("Examples:");
            output.WriteLine(taught?.Examples ?? Examples);
            return ExitCode.Clean;
        }
    }
}
