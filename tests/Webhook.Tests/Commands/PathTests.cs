using System.Text.Json;
using System.Xml.Linq;
using Webhook.Commands;
using Webhook.Output;

namespace Webhook.Tests.Commands;

/// <summary>The command <c>path</c>: one cluster in every format, what it finds, and how it answers to wrong use.</summary>
public sealed class PathTests(FakeCluster live) : IClassFixture<FakeCluster>
{
    private const string Folder = "tests/Webhook.Tests/Commands/path/";
    private static readonly string Cluster = Path.Combine(Golden.Checkout, Folder + "cluster.yaml");

    [Theory]
    [InlineData("text.txt", "-o", "text")]
    [InlineData("ping.txt", "--ping")]
    [InlineData("json.json", "-o", "json")]
    [InlineData("mermaid.txt", "-o", "mermaid")]
    [InlineData("picture.svg", "-o", "svg")]
    public async Task A_format_shows_the_cluster_as_its_golden_file_has_it(string file, params string[] options)
    {
        Run run = await Run.Of(["path", Cluster, .. options]);
        Assert.Equal((ExitCode.Findings, ""), (run.Code, run.Error));
        Golden.Holds(Folder + file, run.Output);
    }

    [Fact]
    public async Task The_picture_of_the_readme_is_what_path_draws()
    {
        Run run = await Run.Of("path", "vm/erp-db/erp-node1", Cluster, "-o", "svg");
        Assert.Equal("svg", XDocument.Parse(run.Output).Root!.Name.LocalName);
        Golden.Holds(".github/path.svg", run.Output);
    }

    [Fact]
    public async Task A_template_of_a_Helm_chart_is_named_and_not_read()
    {
        using var folder = new TemporaryFolder();
        folder.Write("chart/Chart.yaml", "apiVersion: v2\nname: x\n");
        folder.Write("chart/templates/a.yaml", "kind: {{ .Values.kind }}\n{{- if }}\n");
        Run run = await Run.Of("path", Cluster, folder.Path);
        Assert.Contains("a Helm template; render it first", run.Error, StringComparison.Ordinal);
        Assert.Contains("VM erp-db/erp-node1", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_terminal_the_weak_hop_has_a_colour_and_without_one_a_word()
    {
        using var output = new StringWriter { NewLine = "\n" };
        await CommandLine.RunAsync(["path", Cluster], new Terminal { Output = output, Error = TextWriter.Null, HasColour = true, Width = 100 });
        Golden.Holds(Folder + "colour.txt", output.ToString());
        Assert.Contains("\u001b[1;31m  <== weakest\u001b[0m", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deploy/samples/good", ExitCode.Clean)]
    [InlineData("deploy/samples/bad", ExitCode.Findings)]
    public async Task The_samples_are_followed(string folder, int expected)
    {
        Run run = await Run.Of("path", Path.Combine(Golden.Checkout, folder));
        Assert.Equal((expected, ""), (run.Code, run.Error));
    }

    [Theory]
    [InlineData("vm/erp-db/erp-node1", "VM erp-db/erp-node1, NIC llt1 (llt)", 1)]
    [InlineData("nad/erp-db/llt1", "NetworkAttachmentDefinition erp-db/llt1 (llt)", 1)]
    [InlineData("cudn/tenant", "ClusterUserDefinedNetwork tenant", 0)]
    [InlineData("udn/erp-db/l2", "UserDefinedNetwork erp-db/l2", 1)]
    public async Task One_target_is_shown_labelled_or_not(string target, string title, int code)
    {
        const string Others = """
            {apiVersion: k8s.ovn.org/v1, kind: ClusterUserDefinedNetwork, metadata: {name: tenant}, spec: {network: {topology: Layer2, layer2: {role: Secondary, mtu: 1300}}}}
            ---
            {apiVersion: k8s.ovn.org/v1, kind: UserDefinedNetwork, metadata: {name: l2, namespace: erp-db}, spec: {topology: Layer2, layer2: {role: Secondary, mtu: 1500}}}
            ---
            {apiVersion: config.openshift.io/v1, kind: Network, metadata: {name: cluster}, status: {clusterNetworkMTU: 1400}}
            """;
        Run run = await Run.OfInput(Others, "path", target, Cluster, "-");
        Assert.Equal((code, title), (run.Code, run.Output.Split('\n')[0]));
    }

    [Fact]
    public async Task Files_a_snapshot_and_the_live_cluster_show_the_same_paths_and_files_are_laid_over_a_cluster()
    {
        using var folder = new TemporaryFolder();
        live.Objects = FakeCluster.Read(await File.ReadAllTextAsync(Cluster, TestContext.Current.CancellationToken));
        string kubeconfig = folder.Write("kubeconfig", live.Kubeconfig), snapshot = Path.Combine(folder.Path, "cluster.json");
        Assert.Equal(ExitCode.Clean, (await Run.Of("snapshot", "-o", snapshot, "--kubeconfig", kubeconfig)).Code);
        Run files = await Run.Of("path", Cluster), recorded = await Run.Of("path", "--snapshot", snapshot), running = await Run.Of("path", "--cluster", "--kubeconfig", kubeconfig);
        Assert.Equal(files, recorded);
        Assert.Equal(files, running);

        const string Mended = "{apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: nic}, spec: {nodeSelector: {kubernetes.io/hostname: worker-2}, desiredState: {interfaces: [{name: ens4f0, type: ethernet, mtu: 9000}]}}}";
        Run mended = await Run.OfInput(Mended, "path", "vm/erp-db/erp-node1", "--snapshot", snapshot, "-");
        Assert.Equal((ExitCode.Clean, ""), (mended.Code, mended.Error));
    }

    [Theory]
    [InlineData("error: there is no vm/erp-db/erp-nod1\nDid you mean vm/erp-db/erp-node1 or vm/erp-db/erp-node2?\n", "vm/erp-db/erp-nod1", "CLUSTER")]
    [InlineData("error: nothing to look at: name files or folders, - for standard input, --snapshot FILE or --cluster\n", "vm/erp-db/erp-node1")]
    [InlineData("not readable: nowhere.yaml: no such file or folder\nerror: no VM with the label infoscale.internal/cluster and no network with infoscale.internal/role there; name one, as in vm/NAMESPACE/NAME\n", "nowhere.yaml")]
    [InlineData("error: --ping prints text; -o json has the commands in any case\nHelp: infoscale-webhook path --help\n", "CLUSTER", "--ping", "-o", "svg")]
    public async Task Wrong_use_is_told(string error, params string[] words)
    {
        Run run = await Run.Of(["path", .. words.Select(static word => word == "CLUSTER" ? Cluster : word)]);
        Assert.Equal((ExitCode.CouldNotRun, "", error), (run.Code, run.Output, run.Error));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("mermaid")]
    [InlineData("svg")]
    public async Task Names_that_steer_a_terminal_or_break_a_format_do_not(string format)
    {
        const string Hostile = """
            {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: "a\u001b[1m\"<b>]]>&#\n\uFFFF", labels: {infoscale.internal/role: llt}}, spec: {config: '{"type": "bridge", "bridge": "br<\"x", "mtu": 9000}'}}
            ---
            {apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: "p\u001b[1m"}, spec: {desiredState: {interfaces: [{name: "br<\"x", type: linux-bridge, mtu: 1500, bridge: {port: [{name: "e\u001b\"</text>"}]}}]}}}
            """;
        Run run = await Run.OfInput(Hostile, "path", "-", "-o", format);
        Assert.Equal((ExitCode.Findings, ""), (run.Code, run.Error));
        Assert.DoesNotContain('\u001b', run.Output);
        if (format == "svg")
        {
            Assert.Equal("svg", XDocument.Parse(run.Output).Root!.Name.LocalName);
        }
        else if (format == "json")
        {
            Assert.Equal(1, JsonElement.Parse(run.Output).GetProperty("summary").GetProperty("weak").GetInt32());
        }
    }

    [Fact]
    public async Task In_the_picture_no_text_is_longer_than_its_place()
    {
        Run run = await Run.Of("path", Cluster, "-o", "svg");
        XDocument picture = XDocument.Parse(run.Output);
        double width = (double)picture.Root!.Attribute("width")!;
        foreach (XElement text in picture.Descendants().Where(static element => element.Name.LocalName == "text"))
        {
            string shown = string.Concat(text.Nodes().OfType<XText>());
            double length = shown.Length * (double)text.Attribute("font-size")! * 0.605, x = (double)text.Attribute("x")!;
            Assert.InRange(text.Attribute("text-anchor") is null ? x + length : x, 0, width);
        }
    }
}
