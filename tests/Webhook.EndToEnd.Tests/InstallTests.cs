using System.Diagnostics;
using System.Text.RegularExpressions;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>A cluster of its own: what is installed here is taken away again.</summary>
[CollectionDefinition(nameof(Installation))]
public sealed class Installation : ICollectionFixture<SmallSchemaCluster>;

/// <summary>The commands of deploy/INSTALL.md and deploy/EMERGENCY.md, run as they stand there.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(Installation))]
public sealed class InstallTests(SmallSchemaCluster cluster)
{
    private const string Label = "app.kubernetes.io/name=infoscale-webhook";

    [Fact]
    public async Task Fresh_install_upgrade_and_uninstall_leave_nothing_behind_and_others_never_wait()
    {
        cluster.Require();

        // The webhook of the other tests goes: here nothing answers, as before the first pod is ready.
        await cluster.UnregisterAsync();
        (await cluster.Kubectl.RunAsync("delete", "namespace", "infoscale-webhook", "--wait=false")).Done();
        (await cluster.Kubectl.RunAsync("delete", "service", "infoscale-webhook", "-n", "infoscale-webhook")).Done();
        (await cluster.Kubectl.RunAsync("replace", "--raw", "/api/v1/namespaces/infoscale-webhook/finalize", "-f", await FinalizedAsync())).Done();

        // The manifests of the last commit that changed them, then those of today over them.
        if (await PreviousAsync() is string previous)
        {
            await ApplyAsync(Path.Combine(previous, "deploy", "overlays", "cert-manager"));
            Directory.Delete(previous, recursive: true);
        }

        await RunAsync("INSTALL.md", "install");
        await RunAsync("INSTALL.md", "upgrade");
        Assert.NotEmpty(await LeftAsync());

        // No replica answers: what carries the label waits, and nothing else does.
        (await cluster.Kubectl.WithInputAsync(Manifests.GoodNetwork("labelled"), "create", "-f", "-")).Refused();
        (await cluster.Kubectl.WithInputAsync(Manifests.Unlabelled(Manifests.GoodNetwork("other")), "create", "-f", "-")).Done();

        // The emergency: at once everything goes through again.
        await RunAsync("EMERGENCY.md", "off");
        await cluster.UntilAsync("labelled objects go through", static result => result.ExitCode == 0);
        Assert.Contains("No resources found", (await RunAsync("EMERGENCY.md", "is-off")).Error, StringComparison.Ordinal);
        await RunAsync("INSTALL.md", "install");

        await RunAsync("INSTALL.md", "uninstall");
        (await cluster.Kubectl.WithInputAsync(Manifests.GoodNetwork("labelled"), "create", "-f", "-")).Done();
        Assert.Empty(await LeftAsync());
    }

    // Everything of any kind that carries the label, and everything in the namespace. Without a controller manager a namespace stays
    // "Terminating", and what controllers put into each namespace is not there.
    private async Task<IReadOnlyList<string>> LeftAsync()
    {
        var left = new List<string>();
        foreach (string scope in (string[])["true", "false"])
        {
            string[] kinds = (await cluster.Kubectl.RunAsync("api-resources", "--verbs=list,delete", $"--namespaced={scope}", "-o", "name")).Done().Output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (string where in scope == "true" ? (string[])["--namespace=infoscale-webhook", $"--all-namespaces|--selector={Label}"] : [$"--selector={Label}"])
            {
                string[] arguments = ["get", string.Join(',', kinds), "-o", "name", "--ignore-not-found", .. where.Split('|')];
                left.AddRange((await cluster.Kubectl.RunAsync(arguments)).Done().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        left.RemoveAll(static name => name is "namespace/infoscale-webhook");
        return left;
    }

    private async Task<KubectlResult> RunAsync(string page, string mark)
    {
        string text = await File.ReadAllTextAsync(Checkout.PathOf("deploy", page), TestContext.Current.CancellationToken);
        Match block = Regex.Match(text, $"<!-- {mark} -->\n```\n(?<lines>.*?)```", RegexOptions.Singleline);
        Assert.True(block.Success, $"{page} has no commands marked {mark}");
        KubectlResult? last = null;
        foreach (string line in block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            Assert.Equal("kubectl", words[0]);
            int folder = Array.IndexOf(words, "-k") + 1;
            last = folder > 0 && words[1] == "apply" ? await ApplyAsync(Checkout.PathOf(words[folder].Split('/')))
                : folder > 0 ? await DeleteAsync(Checkout.PathOf(words[folder].Split('/')))
                : (await cluster.Kubectl.RunAsync([.. words[1..], .. words[1] == "delete" ? (string[])["--wait=false"] : []])).Done();
        }

        return last!;
    }

    // "-k", but with the version of PodDisruptionBudget that an old API server has.
    private async Task<KubectlResult> ApplyAsync(string overlay)
    {
        KubectlResult? last = null;
        foreach (var manifest in await cluster.Kubectl.RenderAsync(overlay))
        {
            last = (await cluster.Kubectl.WithInputAsync(manifest.ToJsonString(), "apply", "-f", "-")).Done();
        }

        return last!;
    }

    private async Task<KubectlResult> DeleteAsync(string overlay)
    {
        KubectlResult? last = null;
        foreach (var manifest in (await cluster.Kubectl.RenderAsync(overlay)).Reverse())
        {
            last = (await cluster.Kubectl.WithInputAsync(manifest.ToJsonString(), "delete", "--ignore-not-found", "--wait=false", "-f", "-")).Done();
        }

        return last!;
    }

    private static async Task<string> FinalizedAsync()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"infoscale-webhook"},"spec":{"finalizers":[]}}""");
        return file;
    }

    // The tree of the commit before the last one that changed the manifests, or null where the history is not there.
    private static async Task<string?> PreviousAsync()
    {
        string[] commits = (await GitAsync("log", "-2", "--format=%H", "--", "deploy/base", "deploy/overlays")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (commits.Length < 2)
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") != "true", "the history of deploy/ is not there; CI clones all of it");
            return null;
        }

        string folder = Directory.CreateTempSubdirectory("webhook-previous-").FullName;
        await GitAsync("archive", "--format=tar", $"--output={folder}/deploy.tar", commits[1], "deploy");
        using Process tar = Process.Start("tar", ["-xf", $"{folder}/deploy.tar", "-C", folder]);
        await tar.WaitForExitAsync(TestContext.Current.CancellationToken);
        return folder;
    }

    private static async Task<string> GitAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", Checkout.PathOf(), .. arguments]) { RedirectStandardOutput = true };
        using Process git = Process.Start(start)!;
        string output = await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }
}
