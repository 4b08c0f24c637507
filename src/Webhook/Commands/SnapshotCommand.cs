using System.CommandLine;
using Webhook.Checking;
using Webhook.Output;

namespace Webhook.Commands;

/// <summary><c>snapshot</c>: records a cluster, for <c>check --snapshot</c> where the cluster is not at hand.</summary>
internal sealed class SnapshotCommand : TaughtCommand
{
    private const string About =
        """
        What is in it:
          Nodes, their networks and policies, network definitions, virtual machines, instancetypes, claims, volumes, classes and
          namespaces, each without its bookkeeping. No Secrets, no cloud-init user data. Network data of virtual machines is in it:
          addresses are what is judged. Objects come in a fixed order, one on each line, so that two snapshots can be compared.

          Kinds that the cluster does not serve, and those that the account may not list, are named in it and count as not seen.

        Exit code:
          0  the snapshot is written
          2  it is not; a file that was there before is left as it was
        """;

    private const string Samples =
        $"""
          Record the current context      {CommandLine.ProgramName} snapshot -o cluster.json
          Judge manifests against it      {CommandLine.ProgramName} check --snapshot cluster.json deploy/
          See what changed since          {CommandLine.ProgramName} snapshot -o - | diff cluster.json -
        """;

    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "The file to write, in place of one that is there; - for standard output",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>The command.</summary>
    /// <param name="terminal">What surrounds the process.</param>
    public SnapshotCommand(Terminal terminal)
        : base("snapshot", "Records what a cluster holds, to judge manifests against it later and elsewhere", About, Samples)
    {
        Add(Output);
        Add(ClusterOptions.Kubeconfig);
        Add(ClusterOptions.Context);
        SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (await ClusterOptions.ReadLiveAsync(parsed, terminal, cancellation) is not ClusterRecording recording)
        {
            return ExitCode.CouldNotRun;
        }

        string file = parsed.GetValue(Output)!;
        using var written = new MemoryStream();
        SnapshotFile.Write(recording, written);
        if (file == "-")
        {
            terminal.Output.Write(System.Text.Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length));
            return ExitCode.Clean;
        }

        // Written beside and moved, so that a full disk costs no older snapshot.
        string beside = file + ".part";
        try
        {
            await File.WriteAllBytesAsync(beside, written.GetBuffer().AsMemory(0, (int)written.Length), cancellation);
            File.Move(beside, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"error: {file} cannot be written: {exception.Message}");
            return ExitCode.CouldNotRun;
        }

        terminal.Error.WriteLine(
            $"{recording.Kinds.Sum(static one => one.Objects.Count)} objects of {recording.Kinds.Count(static one => one.Unseen is null)} kinds written to {file}");
        return ExitCode.Clean;
    }
}
