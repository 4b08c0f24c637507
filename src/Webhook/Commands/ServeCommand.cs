using System.CommandLine;
using Webhook.Enforcement;
using Webhook.Hosting;
using Webhook.Output;

namespace Webhook.Commands;

/// <summary><c>serve</c>: answers the API server.</summary>
internal sealed class ServeCommand : TaughtCommand
{
    private const string About =
        """
        Answers:
          POST /validate   admission.k8s.io/v1 AdmissionReview, for a ValidatingWebhookConfiguration
          POST /mutate     the same, for a MutatingWebhookConfiguration
          GET /livez /readyz /metrics /version

        Exit code:
          0  stopped by SIGTERM or Ctrl-C, after what was begun had been answered
          2  wrong usage, a bad configuration, kubeconfig or certificate, or a port that cannot be had
        """;

    private const string Samples =
        $"""
          Try it without a cluster     {CommandLine.ProgramName} serve --dev
          In a cluster                 {CommandLine.ProgramName} serve --cert tls.crt --key tls.key --config config.yaml
          With its own certificate     {CommandLine.ProgramName} serve --built-in-certificates --config config.yaml
        """;

    private const string Sample =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","operation":"CREATE","name":"llt1","namespace":"erp-db",
        "kind":{"group":"k8s.cni.cncf.io","version":"v1","kind":"NetworkAttachmentDefinition"},
        "object":{"apiVersion":"k8s.cni.cncf.io/v1","kind":"NetworkAttachmentDefinition",
        "metadata":{"name":"llt1","namespace":"erp-db","labels":{"infoscale.internal/role":"llt"}},
        "spec":{"config":"{\"cniVersion\":\"0.4.0\",\"type\":\"bridge\",\"bridge\":\"br-llt1\",\"mtu\":1500,\"ipam\":{\"type\":\"dhcp\"}}"}}}}
        """;

    /// <summary>The command.</summary>
    /// <param name="terminal">What surrounds the process.</param>
    public ServeCommand(Terminal terminal)
        : base("serve", "Answers the API server's admission reviews over HTTPS", About, Samples)
    {
        ServeArguments.AddTo(this);
        SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (!ServeArguments.TryRead(parsed, terminal.Time, out ServeOptions? options, out string? problem))
        {
            return CouldNotRun(problem);
        }

        if (CheckCommand.Settings(parsed.GetValue(ServeArguments.ConfigurationFile), terminal) is not EnforcementSettings settings)
        {
            return ExitCode.CouldNotRun;
        }

        await using var server = new WebhookServer(options, settings, terminal.Time);
        if (server.CertificateProblem is not null)
        {
            return CouldNotRun(server.CertificateProblem);
        }

        try
        {
            await server.StartAsync(cancellation);
        }
        catch (IOException exception)
        {
            return CouldNotRun(exception.Message);
        }

        if (parsed.GetValue(ServeArguments.Development))
        {
            await terminal.Output.WriteLineAsync(TryLine(server.Address));
            await terminal.Output.FlushAsync(cancellation);
        }

        await server.WaitAsync();
        return ExitCode.Clean;

        int CouldNotRun(string? why)
        {
            terminal.Error.WriteLine($"error: {why}");
            return ExitCode.CouldNotRun;
        }
    }

    private static string TryLine(Uri address) =>
        $"""

        Try it (this network has no jumbo MTU and takes its address from DHCP):

        curl -s {address}validate -H 'Content-Type: application/json' -d '{Sample}'

        """;
}
