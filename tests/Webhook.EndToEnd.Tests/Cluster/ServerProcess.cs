using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>
/// A server in a process of its own, which ends with this one even if this one is killed: a shell waits on a pipe from here, and stops the
/// server when the pipe closes.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Guard =
        """
        exec 3<&0
        "$@" < /dev/null 3<&- &
        server=$!
        ( read -r _ <&3; kill -TERM $server; for i in $(seq 100); do kill -0 $server || exit; sleep 0.1; done; kill -KILL $server ) > /dev/null 2>&1 &
        watcher=$!
        exec 3<&-
        wait $server
        status=$?
        kill $watcher 2> /dev/null
        exit $status
        """;

    private readonly Process _process;
    private readonly string _name;
    private readonly StringBuilder _log = new();

    private ServerProcess(string name, Process process)
    {
        _name = name;
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    /// <summary>What the server has written so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Whether the server has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a server.</summary>
    public static ServerProcess Start(string file, params string[] arguments) => Start(file, new Dictionary<string, string>(), arguments);

    /// <summary>Starts a server with environment variables of its own.</summary>
    public static ServerProcess Start(string file, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/bash")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["-c", Guard, "guard", file, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(Path.GetFileName(file), Process.Start(start)!);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until the server says that it is ready; if it ends or never is, fails with the end of its log.</summary>
    public Task ReadyAsync(int seconds, Func<Task<bool>> isReady) =>
        Wait.UntilAsync(
            $"{_name} is ready",
            seconds,
            async () => HasExited ? throw new InvalidOperationException($"{_name} ended with {_process.ExitCode}:\n{Tail()}") : await isReady(),
            Tail);

    /// <summary>Stops the server as Kubernetes does, by SIGTERM, and waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{_name} did not stop:\n{Tail()}");
        }

        return _process.ExitCode;
    }

    /// <summary>The memory that is its own, in MiB: what a container is charged for, without the pages of its files.</summary>
    public async Task<double> ResidentAsync()
    {
        var start = new ProcessStartInfo("ps", ["-o", "pid=,comm=", "--ppid", $"{_process.Id}"]) { RedirectStandardOutput = true };
        using Process ps = Process.Start(start)!;
        string output = await ps.StandardOutput.ReadToEndAsync();
        string line = output.Split('\n').Single(line => line.EndsWith(_name[..Math.Min(15, _name.Length)], StringComparison.Ordinal));
        string[] status = await File.ReadAllLinesAsync($"/proc/{line.Trim().Split(' ')[0]}/status");
        string own = status.Single(static entry => entry.StartsWith("RssAnon:", StringComparison.Ordinal))["RssAnon:".Length..].Trim().Split(' ')[0];
        return double.Parse(own, System.Globalization.CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Ends the server as a kernel out of memory would, by SIGKILL: it finishes nothing.</summary>
    public async Task KillAsync()
    {
        using Process kill = Process.Start("pkill", ["-KILL", "-P", $"{_process.Id}", "-x", _name[..Math.Min(15, _name.Length)]]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _process.WaitForExitAsync(patience.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_log)
        {
            _log.Append(line).Append('\n');
        }
    }

    private string Tail()
    {
        string log = Log;
        return log.Length > 4000 ? log[^4000..] : log;
    }
}
