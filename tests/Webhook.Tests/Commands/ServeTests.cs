using System.Net;
using System.Net.Sockets;

namespace Webhook.Tests.Commands;

public sealed class ServeTests
{
    [Theory]
    [InlineData("the API server calls over HTTPS only")]
    [InlineData("--cert and --key are given together", "--cert", "a.pem")]
    [InlineData("--dev serves plain HTTP", "--dev", "--cert", "a.pem", "--key", "b.pem")]
    [InlineData("--dev serves plain HTTP", "--dev", "--built-in-certificates")]
    [InlineData("--built-in-certificates makes the certificate", "--built-in-certificates", "--cert", "a.pem", "--key", "b.pem")]
    [InlineData("--cert-secret and --cert-service are for --built-in-certificates", "--cert", "a.pem", "--key", "b.pem", "--cert-secret", "a")]
    [InlineData("--cert-service: \"a.b\" is no name of a Service", "--built-in-certificates", "--cert-service", "a.b")]
    [InlineData("--built-in-certificates keeps a Secret in a cluster", "--built-in-certificates", "--no-cluster")]
    [InlineData("--port: must be from 0 to 65535", "--dev", "--port", "65536")]
    [InlineData("--listen: \"everywhere\" is no IP address", "--dev", "--listen", "everywhere")]
    [InlineData("--shutdown-delay: must be from 0 to 600", "--dev", "--shutdown-delay", "-1")]
    public async Task A_wrong_command_line_says_what_is_wrong(string reason, params string[] arguments)
    {
        Run run = await Run.Of(["serve", .. arguments]);
        Assert.Equal(2, run.Code);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_bad_configuration_stops_the_start_with_all_its_errors()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("config.yaml", "mode: on\nmtu: {node: 1}\n");
        Run run = await Run.Of("serve", "--dev", "--config", file);
        Assert.Equal(2, run.Code);
        Assert.Equal(
            $"""
            error: {file}:1:7: mode: Unsupported value: true: must be enforce, warn, audit or off
            error: {file}:2:13: mtu.node: Invalid value: 1: must be a whole number from 1500 to 65535

            """,
            run.Error);
    }

    [Theory]
    [InlineData("serve", "--dev")]
    [InlineData("check", "-")]
    public async Task A_configuration_that_is_missing_is_named(params string[] command)
    {
        Run run = await Run.Of([.. command, "--config", "no-such-file.yaml"]);
        Assert.Equal(2, run.Code);
        Assert.StartsWith("error: no-such-file.yaml: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_stops_the_start()
    {
        using var folder = new TemporaryFolder();
        Run run = await Run.Of("serve", "--cert", folder.Write("tls.crt", "x"), "--key", folder.Write("tls.key", "y"), "--log", "text");
        Assert.Equal(2, run.Code);
        Assert.Contains("hold no certificate with its private key", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Run run = await Run.Of("serve", "--dev", "--port", $"{port}");
        Assert.Equal(2, run.Code);
        Assert.Contains($"{port}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_judges_by_the_severities_and_sizes_of_the_configuration()
    {
        using var folder = new TemporaryFolder();
        string network = folder.Write(
            "nad.yaml",
            """
            apiVersion: k8s.cni.cncf.io/v1
            kind: NetworkAttachmentDefinition
            metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
            spec:
              config: '{"cniVersion": "0.4.0", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": 7990}'
            """);
        Assert.Equal(1, (await Run.Of("check", network)).Code);
        Assert.Equal(0, (await Run.Of("check", network, "--config", folder.Write("a.yaml", "mtu: {node: 8000}"))).Code);
        Assert.Equal(0, (await Run.Of("check", network, "--config", folder.Write("b.yaml", "rules: {nad-mtu-not-jumbo: warning}"))).Code);
    }
}
