using System.CommandLine;
using Webhook.Checking;
using Webhook.Enforcement;
using Webhook.Fixing;
using Webhook.Output;
using Webhook.Resources;

namespace Webhook.Commands;

/// <summary><c>fix</c>: what rules know how to mend, mended in files.</summary>
internal sealed class FixCommand : TaughtCommand
{
    private const string About =
        """
        What it does:
          Applies the fixes of findings whose answer is known, such as an mtu that was left out, and edits nothing else: comments, order, quotes,
          anchors and line endings stay. Without --write the changes are printed as a diff that patch and git apply take; it never shows
          user data, passwords or what a Secret holds. What it cannot mend it names on standard error, and says why.

          Safe fixes cannot change what the author asked for. --unsafe applies the others too, which replace values that are there.

        Exit code, as of check; without --write it is about the files as they are, with --write about the files as they are then:
          0  everything was read, and no finding is at or above --fail-on
          1  findings at or above --fail-on
          2  no such finding, but not everything could be judged or written
        """;

    private const string Samples =
        $"""
          See what would change                       {CommandLine.ProgramName} fix deploy/
          Change it                                   {CommandLine.ProgramName} fix --write deploy/
          Values that are too small, too              {CommandLine.ProgramName} fix --unsafe deploy/
          As a filter                                 {CommandLine.ProgramName} fix --write - < in.yaml > out.yaml
        """;

    private static readonly Option<bool> Write = new("--write", "-w") { Description = "Edit the files in place; what comes from standard input goes to standard output" };

    private static readonly Option<bool> Unsafe = new("--unsafe") { Description = "Apply fixes too that replace what the author wrote" };

    /// <summary>The command.</summary>
    /// <param name="terminal">What surrounds the process.</param>
    public FixCommand(Terminal terminal)
        : base("fix", "Mends manifests where the answer is known, and shows the changes", About, Samples)
    {
        Add(CheckCommand.Paths);
        Add(Write);
        Add(Unsafe);
        Add(CheckCommand.FailOn);
        Add(CheckCommand.As);
        Add(CheckCommand.ConfigurationFile);
        SetAction(parsed => Run(parsed, terminal));
    }

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        if (CheckCommand.Settings(parsed.GetValue(CheckCommand.ConfigurationFile), terminal) is not EnforcementSettings settings)
        {
            return ExitCode.CouldNotRun;
        }

        NetworkRole? role = NetworkRoles.Parse(parsed.GetValue(CheckCommand.As));
        DateTimeOffset now = terminal.Time.GetUtcNow();
        bool isUnsafe = parsed.GetValue(Unsafe);
        var fix = new FileFix(settings, role, now, isUnsafe);
        IReadOnlyList<string> paths = CheckCommand.Files(parsed.GetValue(CheckCommand.Paths)!, terminal);
        foreach (string path in paths)
        {
            fix.Add(ManifestFiles.Read(path, terminal.OpenInput), ManifestFiles.IsHelmTemplate(path));
        }

        IReadOnlyList<FixedFile> files = fix.Run();
        var before = new FileCheck(settings, role, now);
        var after = new FileCheck(settings, role, now);
        for (int i = 0; i < files.Count; i++)
        {
            before.Add(files[i].File, ManifestFiles.IsHelmTemplate(paths[i]));
            after.Add(files[i].File.Text is null ? files[i].File : files[i].File with { Text = files[i].Text }, ManifestFiles.IsHelmTemplate(paths[i]));
        }

        CheckReport mended = after.Report();
        bool isWritten = true;
        if (parsed.GetValue(Write))
        {
            isWritten = Store(paths, files, terminal);
        }
        else
        {
            FixOutput.WriteDiff(files, terminal);
        }

        FixOutput.WriteSummary(files, mended, isUnsafe, parsed.GetValue(Write), terminal.Error);
        int code = CheckCommand.Code(parsed.GetValue(Write) ? mended : before.Report(), CheckCommand.Limit(parsed.GetValue(CheckCommand.FailOn)!), terminal);
        return code == ExitCode.Clean && !isWritten ? ExitCode.CouldNotRun : code;
    }

    private static bool Store(IReadOnlyList<string> paths, IReadOnlyList<FixedFile> files, Terminal terminal)
    {
        bool isWritten = true;
        for (int i = 0; i < files.Count; i++)
        {
            FixedFile file = files[i];
            if (paths[i] == "-")
            {
                terminal.Output.Write(file.Text);
            }
            else if (file.Edits.Count > 0 && ManifestFiles.Write(paths[i], file.Text, file.File) is string problem)
            {
                terminal.Error.WriteLine($"error: {TextOutput.Place(file.File.Name, null)}: {problem}");
                isWritten = false;
            }
        }

        return isWritten;
    }
}
