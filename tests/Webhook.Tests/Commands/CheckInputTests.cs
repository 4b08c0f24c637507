using System.Text;
using System.Text.Json;
using Webhook.Checking;
using Webhook.Commands;

namespace Webhook.Tests.Commands;

/// <summary>What <c>check</c> makes of its input: nothing is dropped, nothing stops the rest.</summary>
public sealed class CheckInputTests : IDisposable
{
    private const string ConfigMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_object_that_is_not_judged_is_counted_and_named()
    {
        _folder.Write("a.yaml", ConfigMap + "---\nx: 1\n---\napiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {name: vm1}\n");
        Run run = await Run.Of("check", _folder.Path);
        Assert.Equal(ExitCode.Clean, run.Code);
        Assert.Equal(
            """
            not judged: 3 objects of 3
                  1 document: not a Kubernetes object
                  1 ConfigMap: not a kind that is judged
                  1 VirtualMachine: no InfoScale label (--as llt or --as iscsi judges it nevertheless)
            nothing was judged in 1 file

            """,
            run.Output);
        JsonElement report = await Json("check", _folder.Path);
        Assert.Equal(
            ["ConfigMap a.yaml:1:1", " a.yaml:5:1", "VirtualMachine a.yaml:7:1"],
            report.GetProperty("notJudged").EnumerateArray().Select(static item =>
                $"{item.GetProperty("kind")} {Path.GetFileName(item.GetProperty("file").GetString())}:{item.GetProperty("line")}:{item.GetProperty("column")}"));
        Assert.Equal(3, report.GetProperty("summary").GetProperty("notJudged").GetInt32());
    }

    [Fact]
    public async Task A_broken_document_is_named_with_its_place_and_the_others_are_judged()
    {
        _folder.Write("a.yaml", "kind: [\n---\n" + ConfigMap);
        _folder.Write("b.json", "{\"kind\": \"x\",}");
        _folder.Write("c.yaml", ConfigMap);
        Run run = await Run.Of("check", _folder.Path);
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.Contains($"not readable: {_folder.Path}/a.yaml:2:1: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("2 ConfigMap", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_does_not_exist_is_named_and_the_others_are_judged()
    {
        string file = _folder.Write("a.yaml", ConfigMap);
        Run run = await Run.Of("check", _folder.Path + "/none.yaml", file);
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.Contains("none.yaml: no such file or folder", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 ConfigMap", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_binary_file_and_text_in_another_encoding_are_named()
    {
        _folder.Write("a.yaml", [0x7F, (byte)'E', (byte)'L', (byte)'F', 0, 0, 0xFF]);
        _folder.Write("b.yaml", [(byte)'a', (byte)':', (byte)'\n', (byte)'b', 0xE4, (byte)'\n']);
        _folder.Write("c.yaml", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(ConfigMap)]);
        Run run = await Run.Of("check", _folder.Path);
        Assert.Contains("a.yaml: a binary file\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("b.yaml:2:2: not UTF-8 text\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 ConfigMap", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_named_and_not_read()
    {
        string path = _folder.Write("a.yaml", ConfigMap);
        await using (FileStream stream = File.OpenWrite(path))
        {
            stream.SetLength(ManifestFiles.MaxLength + 1L);
        }

        Run run = await Run.Of("check", path);
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.Contains("larger than 64 MiB", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_are_read_in_ordinal_order_and_a_link_in_a_circle_is_not_followed()
    {
        _folder.Write("b/x.yml", ConfigMap);
        _folder.Write("a/y.json", "{\"apiVersion\": \"v1\", \"kind\": \"Secret\"}");
        _folder.Write("a/readme.md", "# no manifest");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "b", "round"), _folder.Path);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "c.yaml"), Path.Combine(_folder.Path, "b", "x.yml"));
        Run run = await Run.Of("check", _folder.Path, "-o", "json");
        Assert.Contains("b/round is a link to a folder and was not followed", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["a/y.json", "b/x.yml", "c.yaml"],
            JsonElement.Parse(run.Output).GetProperty("notJudged").EnumerateArray()
                .Select(item => Path.GetRelativePath(_folder.Path, item.GetProperty("file").GetString()!)));
    }

    [Fact]
    public async Task A_file_that_two_paths_name_is_judged_once()
    {
        string file = _folder.Write("a.yaml", ConfigMap);
        JsonElement report = await Json("check", file, _folder.Path);
        Assert.Equal(1, report.GetProperty("summary").GetProperty("files").GetInt32());
    }

    [Fact]
    public async Task Standard_input_is_read_and_a_List_is_taken_apart()
    {
        Run run = await Run.OfInput("apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: ConfigMap}, {apiVersion: v1, kind: Secret}]\n", "check", "-");
        Assert.Equal(ExitCode.Clean, run.Code);
        Assert.Contains("not judged: 2 objects of 2", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing here\n---\n")]
    public async Task Input_without_any_object_does_not_pass_silently(string input)
    {
        Run run = await Run.OfInput(input, "check", "-");
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.Equal("error: the input holds no object\n", run.Error);
    }

    [Fact]
    public async Task A_folder_without_manifests_does_not_pass_silently()
    {
        Run run = await Run.Of("check", _folder.Path);
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.Equal("error: no *.yaml, *.yml or *.json file there\n", run.Error);
    }

    [Fact]
    public async Task A_template_of_a_Helm_chart_is_not_judged_but_a_plain_manifest_beside_it_is_read()
    {
        _folder.Write("chart/Chart.yaml", "apiVersion: v2\nname: x\n");
        _folder.Write("chart/templates/a.yaml", "kind: {{ .Values.kind }}\n{{- if }}\n");
        _folder.Write("chart/templates/b.yaml", ConfigMap);
        Run run = await Run.Of("check", _folder.Path);
        Assert.Equal(ExitCode.Clean, run.Code);
        Assert.Contains("1 document: a Helm template", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 ConfigMap", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_characters_of_a_manifest_do_not_reach_the_terminal()
    {
        Run run = await Run.OfInput("apiVersion: v1\nkind: \"a\\e[31mb\"\n", "check", "-");
        Assert.Contains("a\uFFFD[31mb", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    private static async Task<JsonElement> Json(params string[] arguments) =>
        JsonElement.Parse((await Run.Of([.. arguments, "-o", "json"])).Output);
}
