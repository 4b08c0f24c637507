using System.Text.Json;
using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Tests.Commands;

/// <summary>
/// One object in one world, asked three ways: files beside it, a snapshot, the live cluster. They agree finding for finding. Every example of
/// every rule that names other objects is such a case; <see cref="WorldCases"/> has those that no single rule shows.
/// </summary>
public sealed class SameAnswerTests(FakeCluster cluster) : IClassFixture<FakeCluster>, IDisposable
{
    // One object of each kind, so that each kind is seen in all three worlds and what is missing is missing.
    private static readonly string Fillers = string.Join("\n---\n", ClusterKind.All.Select(static kind =>
        $"{{apiVersion: {(kind.Group.Length > 0 ? kind.Group + "/" : "")}{kind.Versions[0]}, kind: {kind.Kind}, metadata: {{name: filler{(kind.IsNamespaced ? ", namespace: filler" : "")}}}}}"));

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Examples
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (Rule rule in RuleCatalog.All)
            {
                foreach (Example example in rule.Info.Examples.Where(static example => example.Given is not null))
                {
                    data.Add(rule.Info.Id, example.Title);
                }
            }

            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Files_a_snapshot_and_the_cluster_agree_on_an_example(string rule, string title)
    {
        Example example = RuleCatalog.Find(rule)!.Info.Examples.Single(one => one.Title == title);
        await AgreeAsync(example.Given!, example.Yaml, example.Old);
    }

    [Theory]
    [MemberData(nameof(WorldCases.Names), MemberType = typeof(WorldCases))]
    public async Task Files_a_snapshot_and_the_cluster_agree_on_a_case_and_find_what_it_is_about(string name)
    {
        WorldCase @case = WorldCases.All.Single(one => one.Name == name);
        IReadOnlyList<string> findings = await AgreeAsync(@case.World, @case.Object, @case.Old);
        string[] found = [.. findings.Select(static finding => string.Join(' ', finding.Split(' ')[..2]))];
        foreach (string expected in @case.Findings)
        {
            Assert.Contains(expected, found);
        }

        foreach (string fragment in @case.Says)
        {
            Assert.Contains(findings, finding => finding.Contains(fragment, StringComparison.Ordinal));
        }
    }

    private async Task<IReadOnlyList<string>> AgreeAsync(string world, string subject, string? old)
    {
        string file = _folder.Write("subject.yaml", subject);
        string others = _folder.Write("world.yaml", world + "\n---\n" + Fillers);
        string kubeconfig = _folder.Write("kubeconfig", cluster.Kubeconfig);
        string snapshot = Path.Combine(_folder.Path, "cluster.json");

        // In any order: the last one given is not the strongest.
        cluster.Objects = [.. FakeCluster.Read(world + "\n---\n" + Fillers + (old is null ? "" : "\n---\n" + old)).Reverse()];
        Run recorded = await Run.Of("snapshot", "-o", snapshot, "--kubeconfig", kubeconfig);
        Assert.Equal(0, recorded.Code);
        IReadOnlyList<string> fromCluster = Findings(file, await Run.Of("check", "-o", "json", "--cluster", "--kubeconfig", kubeconfig, file));
        Assert.Equal(fromCluster, Findings(file, await Run.Of("check", "-o", "json", "--snapshot", snapshot, file)));
        if (old is null)
        {
            Assert.Equal(fromCluster, Findings(file, await Run.Of("check", "-o", "json", file, others)));
            Assert.Equal(fromCluster, Findings(file, await Run.Of("check", "-o", "json", others, file)));
        }

        return fromCluster;
    }

    private static IReadOnlyList<string> Findings(string file, Run run)
    {
        Assert.True(run.Code is 0 or 1, run.Error);
        using JsonDocument report = JsonDocument.Parse(run.Output);
        return
        [
            .. report.RootElement.GetProperty("findings").EnumerateArray()
                .Where(finding => finding.GetProperty("file").GetString() == file)
                .Select(static finding =>
                    $"{finding.GetProperty("rule")} {finding.GetProperty("severity")} {finding.GetProperty("path")} {finding.GetProperty("message")}; {finding.GetProperty("remedy")}"),
        ];
    }
}
