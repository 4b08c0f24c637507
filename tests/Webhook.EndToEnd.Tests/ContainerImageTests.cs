using System.Diagnostics;
using System.Formats.Tar;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>
/// The image that the Dockerfile makes, where docker or podman runs and holds the images that it starts from. <c>WEBHOOK_IMAGE_ARGUMENTS</c> are
/// further arguments of <c>build</c>, separated by spaces: <c>--layers=false --isolation=chroot -v /root/.nuget/packages:/root/.nuget/packages</c>
/// for podman inside a container, for instance.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class ContainerImageTests : IDisposable
{
    private const string Image = "infoscale-webhook:test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webhook-image-");

    [Fact]
    public async Task It_is_the_base_image_and_the_published_folder_and_runs_without_root()
    {
        string engine = await EngineAsync();
        string[] bases = [.. File.ReadAllLines(Checkout.PathOf("Dockerfile"))
            .Where(static line => line.StartsWith("FROM ", StringComparison.Ordinal))
            .Select(static line => line.Split(' ').First(static word => word.Contains('/', StringComparison.Ordinal)))];
        foreach (string name in bases)
        {
            (int code, _) = await RunAsync(engine, "inspect", "--type", "image", name);
            Assert.SkipUnless(code == 0, $"{name} is not here; {engine} pull {name} fetches it");
        }

        string[] more = (Environment.GetEnvironmentVariable("WEBHOOK_IMAGE_ARGUMENTS") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        await DoneAsync(engine, ["build", "-t", Image, .. more, Checkout.PathOf()]);

        JsonObject config = JsonNode.Parse(await DoneAsync(engine, "inspect", "--type", "image", Image))![0]!["Config"]!.AsObject();
        Assert.Equal("1654:1654", (string?)config["User"]);
        Assert.Equal("""["/app/infoscale-webhook"]""", config["Entrypoint"]!.ToJsonString());
        Assert.Equal("""["serve"]""", config["Cmd"]!.ToJsonString());
        Assert.Equal(["8443/tcp"], config["ExposedPorts"]!.AsObject().Select(static port => port.Key));
        string[] environment = [.. config["Env"]!.AsArray().Select(static variable => (string)variable!)];
        Assert.Contains("ASPNETCORE_HTTP_PORTS=", environment); // otherwise each start warns that the base image's port is overridden

        HashSet<string> before = await FilesAsync(engine, bases[^1], into: null);
        HashSet<string> after = await FilesAsync(engine, Image, _folder.FullName);
        Assert.All(after.Except(before), static path => Assert.StartsWith("app/", path, StringComparison.Ordinal));
        Assert.Empty(before.Except(after));
        PublishedFilesTests.IsTheProgramAlone(Path.Combine(_folder.FullName, "app"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<string> EngineAsync()
    {
        foreach (string engine in new[] { "docker", "podman" })
        {
            try
            {
                if ((await RunAsync(engine, "info")).Code == 0)
                {
                    return engine;
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // There is no such program.
            }
        }

        Assert.Skip("no container engine: neither docker info nor podman info succeeds");
        return "";
    }

    /// <summary>The paths in an image.</summary>
    /// <param name="engine">The engine that holds it.</param>
    /// <param name="image">Its name.</param>
    /// <param name="into">Where the program's files are laid down, or null. None of them may be changed by the user it runs as.</param>
    private static async Task<HashSet<string>> FilesAsync(string engine, string image, string? into)
    {
        string archive = Path.GetTempFileName();
        string container = (await DoneAsync(engine, "create", image, "true")).Trim();
        try
        {
            await DoneAsync(engine, "export", "-o", archive, container);
            await using var reader = new TarReader(File.OpenRead(archive));
            var files = new HashSet<string>();
            while (await reader.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken) is { } entry)
            {
                string path = entry.Name.TrimStart('.', '/');
                files.Add(path);
                if (into is null || !path.StartsWith("app/", StringComparison.Ordinal))
                {
                    continue;
                }

                Assert.Equal(0, entry.Uid);
                Assert.False(entry.Mode.HasFlag(UnixFileMode.OtherWrite) || entry.Mode.HasFlag(UnixFileMode.SetUser), $"{path}: {entry.Mode}");
                Assert.True(entry.Mode.HasFlag(UnixFileMode.OtherRead), $"{path}: {entry.Mode}");
                if (entry.EntryType is TarEntryType.Directory)
                {
                    Directory.CreateDirectory(Path.Combine(into, path));
                }
                else
                {
                    Directory.CreateDirectory(Path.Combine(into, "app"));
                    await entry.ExtractToFileAsync(Path.Combine(into, path), overwrite: false, TestContext.Current.CancellationToken);
                }
            }

            return files;
        }
        finally
        {
            await DoneAsync(engine, "rm", container);
            File.Delete(archive);
        }
    }

    private static async Task<string> DoneAsync(string program, params string[] arguments)
    {
        (int code, string output) = await RunAsync(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: exit code {code}\n{output}");
        return output;
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? (0, await output) : (process.ExitCode, await output + await error);
    }
}
