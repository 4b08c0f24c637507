using System.CommandLine;
using Webhook.Checking;
using Webhook.Enforcement;
using Webhook.Output;
using Webhook.Rules;

namespace Webhook.Commands;

/// <summary><c>audit</c>: everything that exists, judged at once and added up.</summary>
internal sealed class AuditCommand : TaughtCommand
{
    private const string About =
        """
        Judges like check, and adds up what it finds by rule, InfoScale cluster and namespace. Modes do not count here: what only warns or
        only is audited in the webhook is shown like everything else, and so is what an exemption covers.

        Exit code:
          0  everything was read, and no finding is at or above --fail-on
          1  findings at or above --fail-on
          2  no such finding, but not everything could be judged
        """;

    private const string Samples =
        $"""
          The manifests of a repository               {CommandLine.ProgramName} audit deploy/
          A page to pass on                           {CommandLine.ProgramName} audit -o html deploy/ > audit.html
          Reports for the cluster                     {CommandLine.ProgramName} audit -o policyreport --fail-on never deploy/ | kubectl apply -f -
        """;

    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Files and folders, or - for standard input",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> Format = CheckCommand.Choice(
        "--output", "-o", "How the result is printed: for people, programs, test reports, code scanning, clusters, or as a page to pass on", "text",
        "text", "json", "junit", "sarif", "policyreport", "html");

    private static readonly Option<string> FailOn = CheckCommand.Choice(
        "--fail-on", null, "The least severity of a finding that makes the exit code 1", "error", "error", "warning", "never");

    private static readonly Option<FileInfo?> ConfigurationFile = new("--config")
    {
        Description = "The webhook's configuration, YAML: sizes, storage table, severities, exemptions",
        HelpName = "FILE",
    };

    /// <summary>The command.</summary>
    /// <param name="terminal">What surrounds the process.</param>
    public AuditCommand(Terminal terminal)
        : base("audit", "Judges everything that exists, and says what it adds up to", About, Samples)
    {
        Add(Paths);
        Add(Format);
        Add(FailOn);
        Add(ConfigurationFile);
        SetAction(parsed => Run(parsed, terminal));
    }

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        if (CheckCommand.Settings(parsed.GetValue(ConfigurationFile), terminal) is not EnforcementSettings settings)
        {
            return ExitCode.CouldNotRun;
        }

        string[] paths = parsed.GetValue(Paths)!;
        CheckReport report = CheckCommand.Judge(paths, new FileCheck(settings, null, terminal.Time.GetUtcNow()), terminal);
        Severity? failOn = CheckCommand.Limit(parsed.GetValue(FailOn)!);
        Write(report, parsed.GetValue(Format)!, failOn, paths, terminal);
        return CheckCommand.Code(report, failOn, terminal);
    }

    private static void Write(CheckReport report, string format, Severity? failOn, string[] paths, Terminal terminal)
    {
        switch (format)
        {
            case "json":
                JsonOutput.Write(report, terminal.Output);
                break;
            case "junit":
                JUnitOutput.Write(report, failOn ?? Severity.Error, terminal.Output);
                break;
            case "sarif":
                SarifOutput.Write(report, terminal.Output);
                break;
            case "policyreport":
                PolicyReportOutput.Write(report, terminal.Time.GetUtcNow(), terminal.Output);
                break;
            case "html":
                new HtmlReport(terminal.Output).Write(report, $"Manifests of {string.Join(", ", paths)}", [], terminal.Time.GetUtcNow());
                break;
            default:
                new AuditText(terminal.Output, terminal.HasColour, terminal.Width).Write(report);
                return;
        }

        new TextOutput(terminal.Error, hasColour: false, width: null).WriteRemainder(report);
    }
}
