using System.CommandLine;
using System.CommandLine.Parsing;
using Webhook.Checking;
using Webhook.Enforcement;
using Webhook.Output;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Commands;

/// <summary><c>check</c>: the webhook's judgement for files.</summary>
internal sealed class CheckCommand : TaughtCommand
{
    private const string About =
        """
        Input:
          Files, and folders with all folders below (*.yaml, *.yml, *.json; links to folders are not followed); several documents in a
          file, and Lists. Objects that are not judged are counted and named, so that nothing passes unseen.

          All input together is the cluster that each object is judged in: a VM's networks, claims and StorageClasses are found in it. Give
          them too and fewer findings say that something was not seen.

        With a cluster:
          --cluster lays the input over the live cluster, --snapshot over a recorded one: would this be accepted there? What the cluster
          holds and the input does not counts as it is; what it does not hold is known to be missing. An object that exists there already
          is judged as an update to just what the input says. Nothing is changed, and no Secret is read.

        Exit code:
          0  everything was read, and no finding is at or above --fail-on
          1  findings at or above --fail-on
          2  no such finding, but not everything could be judged: wrong usage, a bad configuration, a file that is missing, too large
             or no YAML, or no object at all; or the cluster or snapshot could not be read, and nothing was judged
        """;

    private const string Samples =
        $"""
          A folder                                    {CommandLine.ProgramName} check deploy/
          Manifests that carry no InfoScale label     {CommandLine.ProgramName} check --as llt deploy/
          What kustomize or Helm renders              kustomize build overlay | {CommandLine.ProgramName} check -
          What runs in the cluster                    kubectl get nncp,net-attach-def,vm -A -o yaml | {CommandLine.ProgramName} check -
          Before applying to the live cluster         {CommandLine.ProgramName} check --cluster -n erp-db deploy/
          Against a recorded cluster                  {CommandLine.ProgramName} check --snapshot cluster.json deploy/
          A gate in a GitHub workflow                 {CommandLine.ProgramName} check -o github --fail-on warning deploy/
        """;

    /// <summary>The input.</summary>
    internal static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Files and folders, or - for standard input",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> Format = Choice(
        "--output", "-o", "How the result is printed: for people, programs, code scanning, test reports or workflow annotations", "text",
        "text", "json", "sarif", "junit", "github");

    /// <summary>The limit of the exit code.</summary>
    internal static readonly Option<string> FailOn = Choice(
        "--fail-on", null, "The least severity of a finding that makes the exit code 1", "error", "error", "warning", "never");

    /// <summary>The role lent to what carries no label.</summary>
    internal static readonly Option<string?> As = new("--as")
    {
        Description = "Judge objects without InfoScale label too, as if their secondary networks had that role",
        HelpName = "llt|iscsi",
    };

    /// <summary>The configuration.</summary>
    internal static readonly Option<FileInfo?> ConfigurationFile = new("--config")
    {
        Description = "The webhook's configuration, YAML: sizes, storage table, severities; its mode does not count here",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Namespace = new("--namespace", "-n")
    {
        Description = "The namespace of objects that name none",
        HelpName = "NAME",
    };

    static CheckCommand()
    {
        As.AcceptOnlyFromAmong("llt", "iscsi");
        Paths.Validators.Add(static paths =>
        {
            // Without this a mistyped option would be a path: the list takes all that is left.
            foreach (string word in paths.Tokens.Select(static token => token.Value).Where(static word => word is ['-', _, ..]))
            {
                IReadOnlyList<string> nearest = Nearest.Of(word, paths.Parent is CommandResult check
                    ? check.Command.Options.Select(static option => option.Name)
                    : []);
                paths.AddError($"Unrecognized option '{word}'{(nearest.Count > 0 ? $"; did you mean {string.Join(" or ", nearest)}?" : "")}");
            }
        });
    }

    /// <summary>The command.</summary>
    /// <param name="terminal">What surrounds the process.</param>
    public CheckCommand(Terminal terminal)
        : base("check", "Judges manifests as the webhook would", About, Samples)
    {
        Add(Paths);
        Add(Format);
        Add(FailOn);
        Add(As);
        Add(ConfigurationFile);
        Add(Namespace);
        ClusterOptions.AddTo(this);
        SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
    }

    /// <summary>An option with a few words.</summary>
    internal static Option<string> Choice(string name, string? alias, string description, string standard, params string[] words)
    {
        var option = new Option<string>(name, alias is null ? [] : [alias])
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => standard,
        };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (Settings(parsed.GetValue(ConfigurationFile), terminal) is not EnforcementSettings settings)
        {
            return ExitCode.CouldNotRun;
        }

        Severity? failOn = Limit(parsed.GetValue(FailOn)!);
        (bool isRead, ClusterObjects? below) = await ClusterOptions.ViewAsync(parsed, terminal, cancellation);
        if (!isRead)
        {
            return ExitCode.CouldNotRun;
        }

        var check = new FileCheck(settings, NetworkRoles.Parse(parsed.GetValue(As)), terminal.Time.GetUtcNow(), below, parsed.GetValue(Namespace));
        CheckReport report = Judge(parsed.GetValue(Paths)!, check, terminal);
        string format = parsed.GetValue(Format)!;
        switch (format)
        {
            case "json":
                JsonOutput.Write(report, terminal.Output);
                break;
            case "sarif":
                SarifOutput.Write(report, terminal.Output);
                break;
            case "junit":
                JUnitOutput.Write(report, failOn ?? Severity.Error, terminal.Output);
                break;
            case "github":
                GitHubOutput.Write(report, terminal.Output);
                break;
            default:
                new TextOutput(terminal.Output, terminal.HasColour, terminal.Width).Write(report);
                break;
        }

        if (format != "text")
        {
            new TextOutput(terminal.Error, hasColour: false, width: null).WriteRemainder(report);
        }

        return Code(report, failOn, terminal);
    }

    /// <summary>The settings of a configuration file, or of none; null after the errors were told.</summary>
    internal static EnforcementSettings? Settings(FileInfo? file, Terminal terminal)
    {
        if (file is null)
        {
            return EnforcementSettings.Default;
        }

        // As the user wrote it: the lines are to be clicked on.
        EnforcementSettings? settings = Configuration.ConfigurationFile.Read(file.ToString(), out IReadOnlyList<string> problems);
        foreach (string problem in problems)
        {
            terminal.Error.WriteLine($"error: {problem}");
        }

        return settings;
    }

    /// <summary>The severity that <c>--fail-on</c> names, or null for never.</summary>
    internal static Severity? Limit(string failOn) => failOn switch
    {
        "error" => Severity.Error,
        "warning" => Severity.Warning,
        _ => null,
    };

    /// <summary>The files that paths name; tells of what is not followed, and of input that waits for a person.</summary>
    internal static IReadOnlyList<string> Files(string[] paths, Terminal terminal)
    {
        if (paths.Contains("-") && terminal.IsInputTyped)
        {
            terminal.Error.WriteLine("Reading manifests from the keyboard; end with Ctrl-D.");
        }

        return ManifestFiles.Find(
            paths, link => terminal.Error.WriteLine($"note: {link} is a link to a folder and was not followed; name it to read it too"));
    }

    /// <summary>Judges the objects of files and folders.</summary>
    internal static CheckReport Judge(string[] paths, FileCheck check, Terminal terminal)
    {
        var progress = new Progress(terminal);
        IReadOnlyList<string> files = Files(paths, terminal);
        for (int i = 0; i < files.Count; i++)
        {
            progress.Show(i, files.Count);
            check.Add(ManifestFiles.Read(files[i], terminal.OpenInput), ManifestFiles.IsHelmTemplate(files[i]));
        }

        progress.Clear();
        return check.Report();
    }

    /// <summary>The exit code of a report; one that holds nothing is an error, which is told.</summary>
    internal static int Code(CheckReport report, Severity? failOn, Terminal terminal)
    {
        if (report.Objects.Count == 0 && report.Unreadable.Count == 0)
        {
            terminal.Error.WriteLine(report.Files == 0 ? "error: no *.yaml, *.yml or *.json file there" : "error: the input holds no object");
        }

        if (failOn is Severity limit && report.Objects.Any(item => item.Findings.Any(found => found.Finding.Severity >= limit)))
        {
            return ExitCode.Findings;
        }

        return report.Unreadable.Count > 0 || report.Failures > 0 || report.Objects.Count == 0 ? ExitCode.CouldNotRun : ExitCode.Clean;
    }
}
