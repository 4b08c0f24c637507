using System.CommandLine;
using System.CommandLine.Parsing;
using Webhook.Checking;
using Webhook.Cluster;
using Webhook.Output;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Commands;

/// <summary>Which cluster a command looks at, and the look itself.</summary>
internal static class ClusterOptions
{
    private static readonly Option<bool> Cluster = new("--cluster")
    {
        Description = "Look at the live cluster",
    };

    private static readonly Option<FileInfo?> Snapshot = new("--snapshot")
    {
        Description = "Look at a cluster that the command snapshot recorded",
        HelpName = "FILE",
    };

    /// <summary><c>--kubeconfig</c>.</summary>
    public static Option<FileInfo?> Kubeconfig { get; } = new("--kubeconfig")
    {
        Description = "How to reach the cluster. Default: as kubectl does, by KUBECONFIG or ~/.kube/config; in a pod its account",
        HelpName = "FILE",
    };

    /// <summary><c>--context</c>.</summary>
    public static Option<string?> Context { get; } = new("--context")
    {
        Description = "Context of the kubeconfig. Default: its current one",
        HelpName = "NAME",
    };

    /// <summary>Gives a command the choice between a live cluster, a recorded one, and none.</summary>
    public static void AddTo(Command command)
    {
        command.Add(Snapshot);
        AddLiveTo(command);
        command.Validators.Add(static result =>
        {
            if (result.GetValue(Cluster) && result.GetValue(Snapshot) is not null)
            {
                result.AddError("--cluster and --snapshot exclude each other");
            }
        });
    }

    /// <summary>Gives a command the choice between a live cluster and none.</summary>
    public static void AddLiveTo(Command command)
    {
        command.Add(Cluster);
        command.Add(Kubeconfig);
        command.Add(Context);
        command.Validators.Add(static result =>
        {
            if (!result.GetValue(Cluster) && (result.GetValue(Kubeconfig) is not null || result.GetValue(Context) is not null))
            {
                result.AddError("--kubeconfig and --context say which cluster: give --cluster");
            }
        });
    }

    /// <summary>Whether a live or a recorded cluster was chosen.</summary>
    public static bool AreGiven(ParseResult parsed) => AreGiven(parsed.CommandResult);

    /// <summary>Whether a live or a recorded cluster was chosen.</summary>
    public static bool AreGiven(CommandResult result) => result.GetValue(Cluster) || result.GetValue(Snapshot) is not null;

    /// <summary>Reads the chosen cluster, or tells on the terminal why it cannot.</summary>
    /// <returns>What it holds, or null.</returns>
    public static async Task<ClusterRecording?> ReadAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation) =>
        parsed.GetValue(Snapshot) is FileInfo snapshot ? Read(snapshot.ToString(), terminal) : await ReadLiveAsync(parsed, terminal, cancellation);

    /// <summary>The view of the chosen cluster, null where none was chosen; false where it cannot be read, which was told on the terminal.</summary>
    public static async Task<(bool IsRead, ClusterObjects? View)> ViewAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        ClusterRecording? recording = AreGiven(parsed) ? await ReadAsync(parsed, terminal, cancellation) : null;
        return (recording is not null || !AreGiven(parsed), recording?.View());
    }

    /// <summary>A client of the live cluster, or null after it was told on the terminal why there is none.</summary>
    public static ApiClient? Connect(ParseResult parsed, Terminal terminal)
    {
        if (TryConnect(parsed, terminal.Time, out ClusterConnection? connection, out string? problem))
        {
            return new ApiClient(connection!, $"{CommandLine.ProgramName}/{ProgramVersion.Number}", terminal.Time);
        }

        terminal.Error.WriteLine($"error: {problem}");
        return null;
    }

    /// <summary>Reads the live cluster, or tells on the terminal why it cannot.</summary>
    /// <returns>What it holds, or null.</returns>
    public static async Task<ClusterRecording?> ReadLiveAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        using ApiClient? client = Connect(parsed, terminal);
        if (client is null)
        {
            return null;
        }

        var progress = new Progress(terminal, "kinds read");
        ApiResult<ClusterRecording> read = await new ClusterReader(client, terminal.Time).ReadAsync(
            done =>
            {
                lock (progress)
                {
                    progress.Show(done, ClusterKind.All.Count);
                }
            },
            cancellation);
        progress.Clear();
        if (read.Error is ApiError error)
        {
            terminal.Error.WriteLine($"error: the cluster cannot be read: {error.Message}{Remedy(error.Kind)}");
            return null;
        }

        TellUnseen(read.Value!, terminal);
        return read.Value;
    }

    private static ClusterRecording? Read(string snapshot, Terminal terminal)
    {
        string? problem;
        try
        {
            using var stream = new FileStream(snapshot, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (SnapshotFile.TryRead(stream, out ClusterRecording? recording, out problem))
            {
                return recording;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = exception is FileNotFoundException or DirectoryNotFoundException ? "no such file" : exception.Message;
        }

        terminal.Error.WriteLine($"error: {snapshot}: {problem}");
        return null;
    }

    private static bool TryConnect(ParseResult parsed, TimeProvider time, out ClusterConnection? connection, out string? problem)
    {
        FileInfo? file = parsed.GetValue(Kubeconfig);
        string? context = parsed.GetValue(Context);
        IReadOnlyList<string> files = file is not null ? [file.ToString()] : KubeConfig.DefaultFiles(Environment.GetEnvironmentVariable);
        if (file is null && !files.Any(File.Exists))
        {
            if (context is null && ClusterConnection.IsInCluster(Environment.GetEnvironmentVariable))
            {
                connection = ClusterConnection.InCluster(Environment.GetEnvironmentVariable);
                problem = null;
                return true;
            }

            connection = null;
            problem = $"no kubeconfig ({string.Join(", ", files)}): name one with --kubeconfig, or log in first";
            return false;
        }

        if (KubeConfig.TryConnect(files, context, time, out connection, out problem))
        {
            return true;
        }

        IReadOnlyList<string> known = context is null ? [] : KubeConfig.Contexts(files);
        IReadOnlyList<string> nearest = context is null || known.Contains(context) ? [] : Nearest.Of(context, known);
        problem += nearest.Count > 0 ? $"; did you mean {string.Join(" or ", nearest)}?" : "";
        return false;
    }

    // That a cluster does not serve a kind is no news to the one who runs it.
    private static void TellUnseen(ClusterRecording recording, Terminal terminal)
    {
        string[] forbidden = [.. recording.Kinds.Where(static one => one.IsForbidden).Select(static one => one.Kind.ToString())];
        if (forbidden.Length > 0)
        {
            terminal.Error.WriteLine(
                $"note: not seen, since this account may not list them: {string.Join(", ", forbidden)}; findings say where that counts");
        }
    }

    /// <summary>What to try after an error of the API server, to be put behind its message; empty where nothing is known.</summary>
    public static string Remedy(ApiErrorKind kind) => kind switch
    {
        ApiErrorKind.Unreachable or ApiErrorKind.TimedOut => "; is the API server up, and is it the right context?",
        ApiErrorKind.Unauthorized => "; log in again",
        ApiErrorKind.TooManyRequests or ApiErrorKind.ServerError or ApiErrorKind.Cut or ApiErrorKind.Gone => "; try again",
        _ => "",
    };
}
