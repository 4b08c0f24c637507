using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Webhook.Certificates;
using Webhook.Cluster;
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

    /// <summary>The port without <c>--port</c>, over TLS.</summary>
    public const int DefaultPort = 8443;

    /// <summary>The port of <c>--dev</c>, over plain HTTP.</summary>
    public const int DevelopmentPort = 8080;

    /// <summary>The Service without <c>--cert-service</c>.</summary>
    public const string DefaultService = "infoscale-webhook";

    /// <summary><c>--webhook-configuration</c>.</summary>
    public static readonly Option<string?> WebhookConfigurationName = new("--webhook-configuration")
    {
        Description = $"Name of the webhook configurations that lead to the webhook. Default: {WebhookConfiguration.DefaultName}",
        HelpName = "NAME",
    };

    private const string Sample =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","operation":"CREATE","name":"llt1","namespace":"erp-db",
        "kind":{"group":"k8s.cni.cncf.io","version":"v1","kind":"NetworkAttachmentDefinition"},
        "object":{"apiVersion":"k8s.cni.cncf.io/v1","kind":"NetworkAttachmentDefinition",
        "metadata":{"name":"llt1","namespace":"erp-db","labels":{"infoscale.internal/role":"llt"}},
        "spec":{"config":"{\"cniVersion\":\"0.4.0\",\"type\":\"bridge\",\"bridge\":\"br-llt1\",\"mtu\":1500,\"ipam\":{\"type\":\"dhcp\"}}"}}}}
        """;

    private static readonly Option<FileInfo?> Certificate = new("--cert")
    {
        Description = "Serving certificate, then the ones above it, PEM. Read again when it changes",
        HelpName = "FILE",
    };

    private static readonly Option<FileInfo?> Key = new("--key")
    {
        Description = "Private key of the certificate, PEM",
        HelpName = "FILE",
    };

    private static readonly Option<bool> BuiltInCertificates = new("--built-in-certificates")
    {
        Description = "Make and renew the certificate, share it in a Secret, and keep the caBundle of the webhook configurations",
    };

    private static readonly Option<string?> CertificateSecretName = new("--cert-secret")
    {
        Description = $"Secret of the built-in certificate, in the namespace of the pod. Default: {CertificateSecret.DefaultName}",
        HelpName = "NAME",
    };

    private static readonly Option<string?> CertificateService = new("--cert-service")
    {
        Description = $"Service that the built-in certificate is for. Default: {DefaultService}",
        HelpName = "NAME",
    };

    private static readonly Option<FileInfo?> ClientAuthority = new("--client-ca")
    {
        Description = "Answer reviews only to clients with a certificate of these authorities, PEM. Read again when it changes. Probes and metrics stay open",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> ClientNames = new("--client-name")
    {
        Description = "Common name that the certificate of a client must have; several for one of them. Default: any",
        HelpName = "NAME",
    };

    private static readonly Option<FileInfo?> ConfigurationFile = new("--config")
    {
        Description = "Configuration, YAML. Read again when it changes; without it the defaults hold",
        HelpName = "FILE",
    };

    private static readonly Option<FileInfo?> Kubeconfig = new("--kubeconfig")
    {
        Description = "Cluster whose objects are joined with those under review. In a pod with an account that is found by itself",
        HelpName = "FILE",
    };

    private static readonly Option<bool> NoCluster = new("--no-cluster")
    {
        Description = "Judge each object alone, also in a pod: what rests on other objects is not verified. Holds with --dev",
    };

    private static readonly Option<bool> Audit = new("--audit")
    {
        Description = "Judge everything in the cluster in the background too, one replica of several, and write reports and Events",
    };

    private static readonly Option<IPAddress?> Listen = new("--listen")
    {
        Description = "IP address to listen on. Default: all; with --dev 127.0.0.1",
        HelpName = "ADDRESS",
        CustomParser = static result => Parse(result),
    };

    private static readonly Option<int?> Port = new("--port")
    {
        Description = $"Port to listen on; 0 takes a free one. Default: {DefaultPort}; with --dev {DevelopmentPort}",
        HelpName = "PORT",
    };

    private static readonly Option<LogFormat?> Log = new("--log")
    {
        Description = "How to write the log, on standard error. Default: json; with --dev text",
        HelpName = "json|text",
    };

    private static readonly Option<int> ShutdownDelay = new("--shutdown-delay")
    {
        Description = "Seconds to go on answering after SIGTERM, no longer ready, until every API server has heard of it. 0 with --dev",
        HelpName = "SECONDS",
        DefaultValueFactory = static _ => 5,
    };

    private static readonly Option<bool> Development = new("--dev")
    {
        Description = "Plain HTTP on 127.0.0.1: needs no cluster, no certificate and no file",
    };

    // For the load comparison in tests/Webhook.Benchmarks only: what the server costs before anything is judged.
    private static readonly Option<bool> Floor = new("--floor")
    {
        Description = "Answer POST /floor with a constant after reading the body",
        Hidden = true,
    };

    /// <summary>The command.</summary>
    /// <param name="terminal">What surrounds the process.</param>
    public ServeCommand(Terminal terminal)
        : base("serve", "Answers the API server's admission reviews over HTTPS", About, Samples)
    {
        Add(Certificate);
        Add(Key);
        Add(BuiltInCertificates);
        Add(CertificateSecretName);
        Add(CertificateService);
        Add(WebhookConfigurationName);
        Add(ClientAuthority);
        Add(ClientNames);
        Add(ConfigurationFile);
        Add(Kubeconfig);
        Add(ClusterOptions.Context);
        Add(NoCluster);
        Add(Audit);
        Add(Listen);
        Add(Port);
        Add(Log);
        Add(ShutdownDelay);
        Add(Development);
        Add(Floor);
        Validators.Add(Check);
        SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
    }

    private static IPAddress? Parse(ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address))
        {
            return address;
        }

        result.AddError($"--listen: \"{result.Tokens[0].Value}\" is no IP address");
        return null;
    }

    private static void Check(CommandResult result)
    {
        bool development = result.GetValue(Development);
        bool certificate = result.GetValue(Certificate) is not null, key = result.GetValue(Key) is not null, builtIn = result.GetValue(BuiltInCertificates);
        if (certificate != key)
        {
            result.AddError("--cert and --key are given together");
        }
        else if (development && (certificate || builtIn))
        {
            result.AddError("--dev serves plain HTTP: leave --cert and --key and --built-in-certificates out");
        }
        else if (certificate && builtIn)
        {
            result.AddError("--built-in-certificates makes the certificate: leave --cert and --key out");
        }
        else if (!development && !certificate && !builtIn)
        {
            result.AddError(
                "the API server calls over HTTPS only: give --cert and --key, or --built-in-certificates, or --dev to try the webhook without a cluster");
        }

        if (development && result.GetValue(ClientAuthority) is not null)
        {
            result.AddError("--client-ca asks for a certificate over HTTPS: leave --dev out");
        }

        if (result.GetValue(ClientNames) is { Length: > 0 } && result.GetValue(ClientAuthority) is null)
        {
            result.AddError("--client-name is for certificates of --client-ca");
        }

        if (!builtIn && (result.GetValue(CertificateSecretName) ?? result.GetValue(CertificateService)) is not null)
        {
            result.AddError("--cert-secret and --cert-service are for --built-in-certificates");
        }

        if (result.GetValue(ClusterOptions.Context) is not null && result.GetValue(Kubeconfig) is null)
        {
            result.AddError("--context chooses from a kubeconfig: give --kubeconfig");
        }

        if (result.GetValue(CertificateService) is string service && (Uri.CheckHostName(service) != UriHostNameType.Dns || service.Contains('.', StringComparison.Ordinal)))
        {
            result.AddError($"--cert-service: \"{service}\" is no name of a Service");
        }

        if (result.GetValue(NoCluster) && result.GetValue(Kubeconfig) is not null)
        {
            result.AddError("--kubeconfig and --no-cluster exclude each other");
        }

        if (result.GetValue(Port) is < 0 or > 65535)
        {
            result.AddError("--port: must be from 0 to 65535");
        }

        if (result.GetValue(ShutdownDelay) is < 0 or > 600)
        {
            result.AddError("--shutdown-delay: must be from 0 to 600");
        }
    }

    private static async Task<int> RunAsync(ParseResult result, Terminal terminal, CancellationToken cancellation)
    {
        bool development = result.GetValue(Development);
        if (!TryConnect(result, terminal.Time, out ClusterConnection? cluster, out string? trouble))
        {
            await terminal.Error.WriteLineAsync($"error: {trouble}");
            return ExitCode.CouldNotRun;
        }

        if (result.GetValue(Audit) && cluster is null)
        {
            await terminal.Error.WriteLineAsync("error: --audit judges a cluster: give --kubeconfig, or run in a pod that has an account");
            return ExitCode.CouldNotRun;
        }

        BuiltInOptions? builtIn = null;
        if (result.GetValue(BuiltInCertificates))
        {
            if (cluster is null)
            {
                await terminal.Error.WriteLineAsync(
                    "error: --built-in-certificates keeps a Secret in a cluster: give --kubeconfig, or run in a pod that has an account");
                return ExitCode.CouldNotRun;
            }

            builtIn = new BuiltInOptions(
                ClusterConnection.OwnNamespace(Environment.GetEnvironmentVariable),
                result.GetValue(CertificateSecretName) ?? CertificateSecret.DefaultName,
                result.GetValue(CertificateService) ?? DefaultService);
        }

        var options = new ServeOptions
        {
            Cluster = cluster,
            Audits = result.GetValue(Audit),
            Listen = result.GetValue(Listen) ?? (development ? IPAddress.Loopback : null),
            Port = result.GetValue(Port) ?? (development ? DevelopmentPort : DefaultPort),
            CertificateFile = result.GetValue(Certificate)?.ToString(),
            KeyFile = result.GetValue(Key)?.ToString(),
            BuiltIn = builtIn,
            WebhookConfiguration = result.GetValue(WebhookConfigurationName) ?? WebhookConfiguration.DefaultName,
            ClientAuthorityFile = result.GetValue(ClientAuthority)?.ToString(),
            ClientNames = result.GetValue(ClientNames) ?? [],
            ConfigurationFile = result.GetValue(ConfigurationFile)?.ToString(),
            LogFormat = result.GetValue(Log) ?? (development ? LogFormat.Text : LogFormat.Json),
            Floor = result.GetValue(Floor),
            ShutdownDelay = development ? TimeSpan.Zero : TimeSpan.FromSeconds(result.GetValue(ShutdownDelay)),
        };
        if (CheckCommand.Settings(result.GetValue(ConfigurationFile), terminal) is not EnforcementSettings settings)
        {
            return ExitCode.CouldNotRun;
        }

        await using var server = new WebhookServer(options, settings, terminal.Time);
        if (server.CertificateProblem is string problem)
        {
            await terminal.Error.WriteLineAsync($"error: {problem}");
            return ExitCode.CouldNotRun;
        }

        try
        {
            await server.StartAsync(cancellation);
        }
        catch (IOException exception)
        {
            await terminal.Error.WriteLineAsync($"error: {exception.Message}");
            return ExitCode.CouldNotRun;
        }

        if (development)
        {
            await terminal.Output.WriteLineAsync(TryLine(server.Address));
            await terminal.Output.FlushAsync(cancellation);
        }

        await server.WaitAsync();
        return ExitCode.Clean;
    }

    private static bool TryConnect(ParseResult result, TimeProvider time, out ClusterConnection? cluster, out string? trouble)
    {
        cluster = null;
        trouble = null;
        if (result.GetValue(Kubeconfig) is FileInfo file)
        {
            return KubeConfig.TryConnect([file.ToString()], result.GetValue(ClusterOptions.Context), time, out cluster, out trouble);
        }

        bool looks = !result.GetValue(NoCluster) && !result.GetValue(Development);
        if (looks && ClusterConnection.IsInCluster(Environment.GetEnvironmentVariable))
        {
            cluster = ClusterConnection.InCluster(Environment.GetEnvironmentVariable);
        }

        return true;
    }

    private static string TryLine(Uri address) =>
        $"""

        Try it (this network has no jumbo MTU and takes its address from DHCP):

        curl -s {address}validate -H 'Content-Type: application/json' -d '{Sample}'

        """;
}
