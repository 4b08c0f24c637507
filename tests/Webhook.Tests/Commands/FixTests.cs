using System.Diagnostics;
using System.Text;

namespace Webhook.Tests.Commands;

public sealed class FixTests
{
    private const string Network =
        """
        # The private link.
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
        spec:
          config: |
            {"type": "bridge", "bridge": "br-llt1"}

        """;

    [Fact]
    public async Task Without_write_the_files_stay_and_the_change_is_a_diff()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("nad.yaml", Network);
        Run run = await Run.Of("fix", file);
        Assert.Equal(1, run.Code);
        Assert.Equal(
            $"""
            --- a/{file[1..]}
            +++ b/{file[1..]}
            @@ -4,4 +4,4 @@
             metadata: {"{name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}"}
             spec:
               config: |
            -    {"{\"type\": \"bridge\", \"bridge\": \"br-llt1\"}"}
            +    {"{\"type\": \"bridge\", \"bridge\": \"br-llt1\", \"mtu\": 9000}"}

            """, run.Output);
        Assert.Equal(
            $"""
            {file}:7:5: fixable: set mtu to 9000, as the node has it [nad-mtu-not-jumbo]
            1 finding can be fixed in 1 file; 0 left; --write edits the files

            """, run.Error);
        Assert.Equal(Network, File.ReadAllText(file));
    }

    [Fact]
    public async Task Write_edits_in_place_and_a_second_run_has_nothing_to_do()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("nad.yaml", Network);
        Run run = await Run.Of("fix", "--write", file);
        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.Contains("1 finding fixed in 1 file; 0 left\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(Network.Replace("br-llt1\"}", "br-llt1\", \"mtu\": 9000}", StringComparison.Ordinal), File.ReadAllText(file));
        Run again = await Run.Of("fix", file);
        Assert.Equal((0, "", "0 findings can be fixed in 0 files; 0 left\n"), (again.Code, again.Output, again.Error));
    }

    [Fact]
    public async Task What_only_its_author_can_know_is_named_with_the_reason()
    {
        Run run = await Run.OfInput(
            """
            apiVersion: nmstate.io/v1
            kind: NodeNetworkConfigurationPolicy
            metadata: {name: p, labels: {infoscale.internal/role: llt}, annotations: {infoscale.internal/switch-mtu: "9216"}}
            spec:
              nodeSelector: {kubernetes.io/hostname: worker-1}
              maxUnavailable: 1
              desiredState:
                interfaces:
                - {name: ens3f0, type: ethernet, state: up, mtu: 9000, ipv4: {enabled: true, dhcp: true}}
            """, "fix", "-");
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(
            "not fixed: which static address is meant, only its author knows [nncp-dynamic-address]\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_the_author_is_replaced_only_if_asked_for()
    {
        string small = Network.Replace("br-llt1\"}", "br-llt1\", \"mtu\": 1500}", StringComparison.Ordinal);
        Run safe = await Run.OfInput(small, "fix", "--write", "-");
        Assert.Equal((1, small), (safe.Code, safe.Output));
        Assert.Contains("not fixed: --unsafe would: set mtu to 9000, as the node has it [nad-mtu-not-jumbo]", safe.Error, StringComparison.Ordinal);
        Run forced = await Run.OfInput(small, "fix", "--write", "--unsafe", "-");
        Assert.Equal((0, small.Replace("1500", "9000", StringComparison.Ordinal)), (forced.Code, forced.Output));
    }

    [Fact]
    public async Task A_number_in_quotes_that_would_be_too_small_all_the_same_stays()
    {
        string quoted = Network.Replace("br-llt1\"}", "br-llt1\", \"mtu\": \"1500\"}", StringComparison.Ordinal);
        Run run = await Run.OfInput(quoted, "fix", "--write", "-");
        Assert.Equal(quoted, run.Output);
        Assert.Contains("not fixed: its fix alone would break nad-mtu-not-jumbo [nad-config-malformed]", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_role_may_be_lent_and_the_sizes_configured()
    {
        using var folder = new TemporaryFolder();
        string config = folder.Write("config.yaml", "mtu: {node: 4000, ovsOverhead: 100}\n");
        string unlabelled = Network.Replace("infoscale.internal/role: llt", "a: b", StringComparison.Ordinal);
        Assert.Equal(unlabelled, (await Run.OfInput(unlabelled, "fix", "--write", "-")).Output);
        Assert.Contains("\"mtu\": 4000}", (await Run.OfInput(unlabelled, "fix", "--write", "--as", "llt", "--config", config, "-")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_mended_in_one_file_counts_in_the_others()
    {
        // An iSCSI network gets jumbo frames only once the node is known to have them at every level.
        using var folder = new TemporaryFolder();
        folder.Write("a-network.yaml", Network.Replace("role: llt", "role: iscsi", StringComparison.Ordinal));
        folder.Write(
            "b-node.yaml",
            """
            apiVersion: nmstate.io/v1
            kind: NodeNetworkConfigurationPolicy
            metadata: {name: p, labels: {infoscale.internal/role: iscsi}, annotations: {infoscale.internal/switch-mtu: "9216"}}
            spec:
              nodeSelector: {kubernetes.io/hostname: worker-1}
              maxUnavailable: 1
              desiredState:
                interfaces:
                - {name: br-llt1, type: linux-bridge, state: up, mtu: 9000, bridge: {port: [{name: ens3f0}]}, ipv4: {enabled: true, dhcp: false, address: [{ip: 10.60.1.21, prefix-length: 24}]}}
                - {name: ens3f0, type: ethernet, state: up}

            """);
        Run run = await Run.Of("fix", "--write", folder.Path);
        Assert.Contains("2 findings fixed in 2 files; 0 left\n", run.Error, StringComparison.Ordinal);
        Assert.Equal("0 findings can be fixed in 0 files; 0 left\n", (await Run.Of("fix", folder.Path)).Error);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task The_encoding_of_a_file_stays(bool isMarked, bool isUtf16)
    {
        using var folder = new TemporaryFolder();
        Encoding encoding = isUtf16 ? Encoding.Unicode : new UTF8Encoding(isMarked);
        string text = Network.Replace("private", "prïvate", StringComparison.Ordinal).ReplaceLineEndings("\r\n");
        string file = folder.Write("nad.yaml", [.. encoding.Preamble, .. encoding.GetBytes(text)]);
        Assert.Equal(0, (await Run.Of("fix", "--write", file)).Code);
        string expected = text.Replace("br-llt1\"}", "br-llt1\", \"mtu\": 9000}", StringComparison.Ordinal);
        Assert.Equal([.. encoding.Preamble, .. encoding.GetBytes(expected)], File.ReadAllBytes(file));
    }

    [Fact]
    public async Task What_cannot_be_read_is_named_and_costs_the_others_nothing()
    {
        using var folder = new TemporaryFolder();
        string bad = folder.Write("bad.yaml", "a: [");
        folder.Write("nad.yaml", Network);
        Run run = await Run.Of("fix", "--write", folder.Path);
        Assert.Equal(2, run.Code);
        Assert.Contains("bad.yaml", run.Error, StringComparison.Ordinal);
        Assert.Contains(": not readable: not valid YAML", run.Error, StringComparison.Ordinal);
        Assert.Equal("a: [", File.ReadAllText(bad));
        Assert.Contains("9000", File.ReadAllText(Path.Combine(folder.Path, "nad.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_diff_is_one_that_git_applies()
    {
        using var folder = new TemporaryFolder();
        folder.Write("crlf.yaml", Network.ReplaceLineEndings("\r\n"));
        folder.Write("open.yaml", Network.TrimEnd());
        folder.Write("many.yaml", $"{Network}---\n{Network.Replace("llt1", "llt2", StringComparison.Ordinal)}---\n{Network.Replace("llt1", "llt3", StringComparison.Ordinal)}");
        Run run = await Run.Of("fix", folder.Path);
        string patch = run.Output.Replace(folder.Path[1..] + "/", "", StringComparison.Ordinal);
        string expected = (await Run.Of("fix", "--write", folder.Path)).Error;
        Dictionary<string, byte[]> written = Directory.EnumerateFiles(folder.Path).ToDictionary(static file => file, File.ReadAllBytes);
        folder.Write("crlf.yaml", Network.ReplaceLineEndings("\r\n"));
        folder.Write("open.yaml", Network.TrimEnd());
        folder.Write("many.yaml", $"{Network}---\n{Network.Replace("llt1", "llt2", StringComparison.Ordinal)}---\n{Network.Replace("llt1", "llt3", StringComparison.Ordinal)}");

        var start = new ProcessStartInfo("git", ["apply", "--whitespace=nowarn", "-"])
        {
            WorkingDirectory = folder.Path, RedirectStandardInput = true, RedirectStandardError = true,
        };
        Process? git = null;
        try
        {
            git = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("no git");
        }

        using (git)
        {
            git!.StandardInput.Write(patch);
            git.StandardInput.Close();
            string error = await git.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await git.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(git.ExitCode == 0, $"{error}\n{patch}\n{expected}");
        }

        Assert.All(written, static file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
    }
}
