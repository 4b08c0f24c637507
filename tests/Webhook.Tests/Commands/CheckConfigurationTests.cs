using Webhook.Commands;

namespace Webhook.Tests.Commands;

public sealed class CheckConfigurationTests : IDisposable
{
    private const string Network =
        """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
        spec:
          config: |
            {"cniVersion": "0.4.0", "type": "bridge", "bridge": "br-llt1", "mtu": 1500}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "error", ExitCode.Findings)]
    [InlineData("rules: {nad-mtu-not-jumbo: warning}", "warning", ExitCode.Clean)]
    [InlineData("mtu: {node: 1500, ovsOverhead: 0}", null, ExitCode.Clean)]
    [InlineData("mode: off", "error", ExitCode.Findings)]
    public async Task The_configuration_of_the_webhook_holds_for_files_too(string configuration, string? severity, int code)
    {
        Run run = await Run.OfInput(Network, "check", "-", "--config", _folder.Write("config.yaml", configuration));
        Assert.Equal(code, run.Code);
        Assert.Equal(severity is not null, run.Output.Contains($"  {severity}  nad-mtu-not-jumbo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bad_configuration_stops_the_run_with_its_place()
    {
        string file = _folder.Write("config.yaml", "mtu:\n  node: lots\n");
        Run run = await Run.OfInput(Network, "check", "-", "--config", file);
        Assert.Equal(ExitCode.CouldNotRun, run.Code);
        Assert.StartsWith($"error: {file}:2:9: mtu.node: ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("error", ExitCode.Findings)]
    [InlineData("warning", ExitCode.Findings)]
    [InlineData("never", ExitCode.Clean)]
    public async Task The_limit_decides_the_exit_code(string limit, int code) =>
        Assert.Equal(code, (await Run.OfInput(Network, "check", "-", "--fail-on", limit)).Code);

    [Theory]
    [InlineData("error", ExitCode.Findings)]
    [InlineData("never", ExitCode.CouldNotRun)]
    public async Task A_part_that_cannot_be_read_is_no_success_even_if_findings_never_fail(string limit, int code) =>
        Assert.Equal(code, (await Run.OfInput("a: [\n---\n" + Network, "check", "-", "--fail-on", limit)).Code);
}
