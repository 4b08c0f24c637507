using System.CommandLine;
using System.Globalization;
using Webhook.Audit;
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
        Judges like check, and adds up what it finds by rule, InfoScale cluster and namespace. What only warns or only is audited in the
        webhook is shown like everything else, and so is what an exemption covers. Of a cluster, namespaces with mode off are left out.

        Exit code:
          0  everything was read, and no finding is at or above --fail-on
          1  findings at or above --fail-on
          2  no such finding, but not everything could be judged
        """;

    private const string Samples =
        $"""
          What runs now                               {CommandLine.ProgramName} audit --cluster
          The manifests of a repository               {CommandLine.ProgramName} audit deploy/
          A page to pass on                           {CommandLine.ProgramName} audit -o html --cluster > audit.html
          Reports for the cluster                     {CommandLine.ProgramName} audit -o policyreport --fail-on never --cluster | kubectl apply -f -
        """;

    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Files and folders, or - for standard input, in the place of a cluster",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Format = CheckCommand.Choice(
        "--output", "-o", "How the result is printed: for people, programs, test reports, code scanning, clusters, or as a page to pass on", "text",
        "text", "json", "junit", "sarif", "policyreport", "html");

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
        Add(CheckCommand.FailOn);
        Add(ConfigurationFile);
        ClusterOptions.AddTo(this);
        Validators.Add(static result =>
        {
            if (ClusterOptions.AreGiven(result) == (result.GetValue(Paths) is { Length: > 0 }))
            {
                result.AddError("name what to judge: files and folders, or --cluster, or --snapshot FILE");
            }
        });
        SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (CheckCommand.Settings(parsed.GetValue(ConfigurationFile), terminal) is not EnforcementSettings settings)
        {
            return ExitCode.CouldNotRun;
        }

        DateTimeOffset now = terminal.Time.GetUtcNow();
        CheckReport report;
        ClusterObjects view;
        string source;
        if (ClusterOptions.AreGiven(parsed))
        {
            if (await ClusterOptions.ReadAsync(parsed, terminal, cancellation) is not ClusterRecording recording)
            {
                return ExitCode.CouldNotRun;
            }

            view = recording.View();
            var progress = new Progress(terminal, "objects");
            report = new CheckReport { Files = 0, Objects = new AuditRun(settings, now).Judge(view, progress.Show, cancellation), Unreadable = [] };
            progress.Clear();
            source = string.Create(CultureInfo.InvariantCulture, $"Cluster {recording.ServerVersion} as of {recording.Time.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        }
        else
        {
            string[] paths = parsed.GetValue(Paths)!;
            var check = new FileCheck(settings, null, now);
            report = CheckCommand.Judge(paths, check, terminal);
            view = check.Cluster;
            source = $"Manifests of {string.Join(", ", paths)}";
        }

        Severity? failOn = CheckCommand.Limit(parsed.GetValue(CheckCommand.FailOn)!);
        Write(report, parsed.GetValue(Format)!, failOn, source, new RuleContext { Now = now, Settings = settings.Rules }, view, terminal);
        return CheckCommand.Code(report, failOn, terminal);
    }

    private static void Write(CheckReport report, string format, Severity? failOn, string source, RuleContext context, ClusterObjects view, Terminal terminal)
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
                PolicyReportOutput.Write(report, context.Now, terminal.Output);
                break;
            case "html":
                new HtmlReport(terminal.Output).Write(report, source, ClusterPictures.Of(view, context), context.Now);
                break;
            default:
                new AuditText(terminal.Output, terminal.HasColour, terminal.Width).Write(report);
                return;
        }

        new TextOutput(terminal.Error, hasColour: false, width: null).WriteRemainder(report);
    }
}
