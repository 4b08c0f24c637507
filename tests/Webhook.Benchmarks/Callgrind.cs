using System.Diagnostics;
using System.Globalization;

namespace Webhook.Benchmarks;

/// <summary>The published program under valgrind's callgrind, which counts instructions and lines of memory instead of seconds.</summary>
internal sealed class Callgrind : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhook-callgrind-").FullName;

    /// <summary>Makes a program of it that can be started in place of the published one; needs binutils and valgrind.</summary>
    /// <param name="binary">The published program.</param>
    /// <param name="options">Options of callgrind.</param>
    public Callgrind(string binary, params string[] options)
    {
        // The names are enough, and to read the rest would take a minute.
        string named = Path.Combine(_folder, "infoscale-webhook");
        Output("objcopy", "--strip-debug", binary, named);
        Program = Path.Combine(_folder, "counted");
        File.WriteAllText(
            Program,
            $"#!/bin/sh\nexec valgrind --quiet --tool=callgrind --callgrind-out-file={Path.Combine(_folder, "counts")} {string.Join(' ', options)} {named} \"$@\"\n");
        Output("chmod", "+x", Program);
    }

    /// <summary>What is started.</summary>
    public string Program { get; }

    /// <summary>Tells the running program something, by <c>callgrind_control</c>, which says so on its standard error.</summary>
    public static void Control(ServerProcess server, string what) =>
        Output("sh", "-c", string.Create(CultureInfo.InvariantCulture, $"callgrind_control {what} {server.Id} 2>&1"));

    /// <summary>The file of counts that was asked for as the first, second and so on.</summary>
    public string Dump(int number) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"counts.{number}"));

    /// <summary>What a command prints; throws where it fails.</summary>
    public static string Output(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command} ended with {process.ExitCode}");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
