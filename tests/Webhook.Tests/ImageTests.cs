using System.Xml.Linq;

namespace Webhook.Tests;

/// <summary>The Dockerfile agrees with the project and with the manifests that run its image.</summary>
public sealed class ImageTests
{
    private static readonly string[] Dockerfile = File.ReadAllLines(PathOf("Dockerfile"));
    private static readonly string Deployment = File.ReadAllText(PathOf("deploy", "base", "30-deployment.yaml"));

    [Fact]
    public void It_runs_the_program_of_the_project_without_root_on_an_image_without_a_shell()
    {
        string name = XDocument.Load(PathOf("src", "Webhook", "Webhook.csproj")).Descendants("AssemblyName").Single().Value;
        Assert.Equal($"[\"/app/{name}\"]", Last("ENTRYPOINT"));
        Assert.Equal("mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled", Last("FROM"));

        // A number, and not that of root: the kubelet refuses a name under runAsNonRoot.
        Assert.Matches("^[1-9][0-9]*:[1-9][0-9]*$", Last("USER"));
        Assert.Contains("runAsNonRoot: true", Deployment, StringComparison.Ordinal);
    }

    [Fact]
    public void It_listens_where_the_deployment_says()
    {
        Assert.Contains($"containerPort: {Last("EXPOSE")}", Deployment, StringComparison.Ordinal);
        Assert.Contains($"--port={Last("EXPOSE")}", Deployment, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_published_as_CI_publishes_the_program_that_it_tests()
    {
        const string Publish = "dotnet publish src/Webhook -o ";
        Assert.Single(Dockerfile, static line => line.Contains(Publish, StringComparison.Ordinal));
        Assert.Single(File.ReadAllLines(PathOf(".ci", "run")), static line => line.Contains(Publish, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_project_of_the_program_is_there_when_its_packages_are_restored()
    {
        string[] copied = [.. Dockerfile.TakeWhile(static line => !line.StartsWith("RUN ", StringComparison.Ordinal))
            .Where(static line => line.StartsWith("COPY src/Webhook", StringComparison.Ordinal))];
        Assert.Equal(
            Projects("Webhook").Select(static name =>
                $"COPY src/{name}/{name}.csproj src/{name}/packages.{(name == "Webhook" ? "publish." : "")}lock.json src/{name}/").Order(StringComparer.Ordinal),
            copied.Order(StringComparer.Ordinal));

        static HashSet<string> Projects(string name) =>
        [
            name,
            .. XDocument.Load(PathOf("src", name, $"{name}.csproj")).Descendants("ProjectReference")
                .SelectMany(static reference => Projects(Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))),
        ];
    }

    [Fact]
    public void It_is_built_for_the_platform_that_is_asked_for() =>
        Assert.DoesNotContain(Dockerfile, static line => line.Contains("--platform", StringComparison.Ordinal)); // its linker is that of the stage

    [Fact]
    public void Whatever_it_copies_is_there_and_in_its_context()
    {
        string[] kept = [.. File.ReadAllLines(PathOf(".dockerignore")).Where(static line => line.StartsWith('!')).Select(static line => line[1..])];
        foreach (string line in Dockerfile.Where(static line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.StartsWith("COPY --from=", StringComparison.Ordinal)))
        {
            foreach (string source in line.Split(' ')[1..^1])
            {
                Assert.True(Path.Exists(PathOf(source)), source);
                Assert.Contains(source.Split('/')[0], kept);
            }
        }
    }

    [Fact]
    public void No_key_gets_into_its_context()
    {
        string[] kept = [.. File.ReadAllLines(PathOf(".dockerignore")).Where(static line => line.StartsWith('!'))];
        Assert.Contains("*", File.ReadAllLines(PathOf(".dockerignore")));
        Assert.Equal(["!global.json", "!Directory.Build.props", "!Directory.Packages.props", "!.editorconfig", "!src"], kept);
    }

    private static string Last(string instruction) =>
        Dockerfile.Last(line => line.StartsWith(instruction + " ", StringComparison.Ordinal))[(instruction.Length + 1)..];

    private static string PathOf(params string[] parts)
    {
        DirectoryInfo at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Webhook.sln")))
        {
            at = at.Parent!;
        }

        return Path.Combine([at.FullName, .. parts]);
    }
}
