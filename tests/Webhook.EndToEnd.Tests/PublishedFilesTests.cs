using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>The folder that is published, which the Dockerfile copies into the image as it is.</summary>
[SupportedOSPlatform("linux")]
public sealed class PublishedFilesTests
{
    private static readonly string[] Own =
    [
        "Webhook.Cluster.dll", "Webhook.Cluster.pdb", "Webhook.Resources.dll", "Webhook.Resources.pdb", "Webhook.Rules.dll", "Webhook.Rules.pdb",
        "infoscale-webhook", "infoscale-webhook.deps.json", "infoscale-webhook.dll", "infoscale-webhook.pdb",
        "infoscale-webhook.r2r.dll", "infoscale-webhook.runtimeconfig.json", "infoscale-webhook.staticwebassets.endpoints.json",
    ];

    [Fact]
    public void It_holds_the_program_its_listed_packages_and_the_runtime_and_nothing_else() => HoldsWhatIsListed(Folder());

    [Fact]
    public void Another_user_than_its_owner_can_run_it_and_not_change_it()
    {
        string folder = Folder();
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            UnixFileMode mode = File.GetUnixFileMode(file);
            Assert.True(mode.HasFlag(UnixFileMode.OtherRead), $"{file}: {mode}");
            Assert.False(mode.HasFlag(UnixFileMode.OtherWrite) || mode.HasFlag(UnixFileMode.SetUser) || mode.HasFlag(UnixFileMode.SetGroup), $"{file}: {mode}");
        }

        Assert.True(File.GetUnixFileMode(Path.Combine(folder, "infoscale-webhook")).HasFlag(UnixFileMode.OtherExecute));
    }

    /// <summary>The program, the packages of deploy/sbom.cdx.json, the runtime, and nothing else.</summary>
    /// <param name="folder">A folder that was published.</param>
    internal static void HoldsWhatIsListed(string folder)
    {
        string[] libraries = [.. Names(Parse(Checkout.PathOf("deploy", "sbom.cdx.json"))["components"]!.AsArray())];
        var expected = new List<string>(Own);
        foreach ((string library, JsonNode? files) in Targets(Parse(Path.Combine(folder, "infoscale-webhook.deps.json"))))
        {
            string name = library.Split('/')[0];
            bool isRuntime = name.StartsWith("runtimepack.Microsoft.", StringComparison.Ordinal);
            bool isOwn = Own.Contains($"{name}.dll");
            Assert.True(isRuntime || isOwn || libraries.Contains(name), $"{library} is published and not in deploy/sbom.cdx.json");
            if (!isOwn)
            {
                expected.AddRange(FilesOf(files!, "runtime").Concat(FilesOf(files!, "native")));
            }
        }

        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal));
    }

    private static string Folder()
    {
        string? program = WebhookServer.FindProgram();
        Assert.SkipWhen(program is null, "WEBHOOK_BINARY does not name the published program; .ci/run publishes it and runs these tests");
        return Path.GetDirectoryName(program)!;
    }

    private static JsonObject Parse(string file) => JsonNode.Parse(File.ReadAllText(file))!.AsObject();

    private static IEnumerable<string> Names(JsonArray components) => components.Select(static component => (string)component!["name"]!);

    private static JsonObject Targets(JsonObject dependencies) =>
        dependencies["targets"]![(string)dependencies["runtimeTarget"]!["name"]!]!.AsObject();

    private static IEnumerable<string> FilesOf(JsonNode files, string kind) =>
        files[kind] is JsonObject named ? named.Select(static file => Path.GetFileName(file.Key)) : [];
}
