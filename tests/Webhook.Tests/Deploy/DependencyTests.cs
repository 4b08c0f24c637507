using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Webhook.Tests.Deploy;

/// <summary>What the program is made of, from its lock files: a list for people and a CycloneDX 1.6 bill of materials for programs.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Projects = ["Webhook", "Webhook.Cluster", "Webhook.Resources", "Webhook.Rules"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // Used while building, and in no published file.
    private static readonly string[] BuildOnly = ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.NET.ILLink.Tasks"];

    [Fact]
    public void The_list_of_dependencies_is_that_of_the_lock_files()
    {
        var text = new StringBuilder(
            """
            # Dependencies

            Made from the lock files by `DependencyTests`. The program is published as native code with the parts of the .NET runtime and ASP.NET Core
            (MIT) that it uses compiled in, by Microsoft.DotNet.ILCompiler (MIT). The base image's `runtime-deps` completes them with OpenSSL (Apache-2.0), glibc (LGPL-2.1) and zlib (Zlib). `sbom.cdx.json` lists the packages for programs.

            | package | version | licence | in the program |
            |---|---|---|---|

            """);
        foreach (Package package in Packages())
        {
            string used = BuildOnly.Contains(package.Name) ? "no, while building" : "yes";
            text.Append($"| {package.Name} | {package.Version} | {package.Licence} | {used} |\n");
        }

        Golden.Holds("deploy/DEPENDENCIES.md", text.ToString());
    }

    [Fact]
    public void The_bill_of_materials_is_that_of_the_lock_files()
    {
        string version = XDocument.Load(Path.Combine(Golden.Checkout, "Directory.Build.props")).Descendants("Version").Single().Value;
        var bill = new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject { ["type"] = "application", ["name"] = "infoscale-webhook", ["version"] = version, ["licenses"] = Licences("Apache-2.0") },
            },
            ["components"] = new JsonArray([.. Packages().Where(static package => !BuildOnly.Contains(package.Name)).Select(static package => new JsonObject
            {
                ["type"] = "library",
                ["name"] = package.Name,
                ["version"] = package.Version,
                ["purl"] = $"pkg:nuget/{package.Name}@{package.Version}",
                ["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(package.Hash)) }),
                ["licenses"] = Licences(package.Licence),
            })]),
        };
        Golden.Holds("deploy/sbom.cdx.json", bill.ToJsonString(Indented) + "\n");
    }

    [Fact]
    public void The_program_is_published_with_the_packages_that_it_is_tested_with()
    {
        string[] tested = [.. PackagesOf(Path.Combine("Webhook", "packages.lock.json")).Select(static package => $"{package.Name} {package.Value}")];
        string[] published = [.. PackagesOf(Path.Combine("Webhook", "packages.publish.lock.json")).Select(static package => $"{package.Name} {package.Value}")];
        Assert.NotEmpty(tested);
        Assert.Empty(tested.Except(published));
        Assert.All(published.Except(tested), static package => Assert.Contains("Microsoft.DotNet.ILCompiler ", package, StringComparison.Ordinal));
    }

    private static JsonArray Licences(string id) => [new JsonObject { ["license"] = new JsonObject { ["id"] = id } }];

    private static IReadOnlyList<Package> Packages()
    {
        var found = new SortedDictionary<string, Package>(StringComparer.Ordinal);
        foreach (string project in Projects)
        {
            foreach (JsonProperty package in PackagesOf(Path.Combine(project, "packages.lock.json")))
            {
                // The hash that restore checks is of the package without its signature's file.
                if (package.Value.TryGetProperty("contentHash", out JsonElement hash))
                {
                    string version = package.Value.GetProperty("resolved").GetString()!;
                    found[package.Name] = new Package(package.Name, version, hash.GetString()!, Licence(package.Name, version));
                }
            }
        }

        return [.. found.Values];
    }

    private static IEnumerable<JsonProperty> PackagesOf(string lockFile) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden.Checkout, "src", lockFile))).RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(static framework => framework.Value.EnumerateObject());

    // As the package itself says, in the folder that restore has put it into.
    private static string Licence(string name, string version)
    {
        string folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
#pragma warning disable CA1308 // Folders of packages are lower case.
        string file = Path.Combine(folder, name.ToLowerInvariant(), version, name.ToLowerInvariant() + ".nuspec");
#pragma warning restore CA1308
        XElement licence = XDocument.Load(file).Descendants().Single(static element => element.Name.LocalName == "license");
        Assert.Equal("expression", licence.Attribute("type")?.Value);
        return licence.Value;
    }

    private sealed record Package(string Name, string Version, string Hash, string Licence);
}
