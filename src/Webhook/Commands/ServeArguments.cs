using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Webhook.Certificates;
using Webhook.Cluster;
using Webhook.Hosting;

namespace Webhook.Commands;

/// <summary>The options of <c>serve</c>, what they exclude, and how they become <see cref="ServeOptions"/>.</summary>
internal static class ServeArguments
{
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

    /// <summary><c>--config</c>.</summary>
    public static readonly Option<FileInfo?> ConfigurationFile = new("--config")
    {
        Description = "Configuration, YAML. Read again when it changes; without it the defaults hold",
        HelpName = "FILE",
    };

    /// <summary><c>--dev</c>.</summary>
    public static readonly Option<bool> Development = new("--dev")
    {
        Description = "Plain HTTP on 127.0.0.1: needs no cluster, no certificate and no file",
    };

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

    // For the load comparison in tests/Webhook.Benchmarks only: what the server costs before anything is judged.
    private static readonly Option<bool> Floor = new("--floor")
    {
        Description = "Answer POST /floor with a constant after reading the body",
        Hidden = true,
    };

    /// <summary>Gives a command the options and the checks that need nothing but them.</summary>
    public static void AddTo(Command command)
    {
        command.Add(Certificate);
        command.Add(Key);
        command.Add(BuiltInCertificates);
        command.Add(CertificateSecretName);
        command.Add(CertificateService);
        command.Add(WebhookConfigurationName);
        command.Add(ClientAuthority);
        command.Add(ClientNames);
        command.Add(ConfigurationFile);
        command.Add(Kubeconfig);
        command.Add(ClusterOptions.Context);
        command.Add(NoCluster);
        command.Add(Audit);
        command.Add(Listen);
        command.Add(Port);
        command.Add(Log);
        command.Add(ShutdownDelay);
        command.Add(Development);
        command.Add(Floor);
        command.Validators.Add(Check);
    }

    /// <summary>Reads the options, and finds the cluster.</summary>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="time">The clock of the connection.</param>
    /// <param name="options">What is to be served.</param>
    /// <param name="problem">Why it cannot be served, for a person.</param>
    /// <returns>Whether it can be.</returns>
    public static bool TryRead(ParseResult parsed, TimeProvider time, [NotNullWhen(true)] out ServeOptions? options, out string? problem)
    {
        options = null;
        if (!TryConnect(parsed, time, out ClusterConnection? cluster, out problem))
        {
            return false;
        }

        problem = cluster is not null ? null
            : parsed.GetValue(Audit) ? "--audit judges a cluster: give --kubeconfig, or run in a pod that has an account"
            : parsed.GetValue(BuiltInCertificates) ? "--built-in-certificates keeps a Secret in a cluster: give --kubeconfig, or run in a pod that has an account"
            : null;
        if (problem is not null)
        {
            return false;
        }

        bool development = parsed.GetValue(Development);
        options = new ServeOptions
        {
            Cluster = cluster,
            Audits = parsed.GetValue(Audit),
            Listen = parsed.GetValue(Listen) ?? (development ? IPAddress.Loopback : null),
            Port = parsed.GetValue(Port) ?? (development ? DevelopmentPort : DefaultPort),
            CertificateFile = parsed.GetValue(Certificate)?.ToString(),
            KeyFile = parsed.GetValue(Key)?.ToString(),
            BuiltIn = parsed.GetValue(BuiltInCertificates)
                ? new BuiltInOptions(
                    ClusterConnection.OwnNamespace(Environment.GetEnvironmentVariable),
                    parsed.GetValue(CertificateSecretName) ?? CertificateSecret.DefaultName,
                    parsed.GetValue(CertificateService) ?? DefaultService)
                : null,
            WebhookConfiguration = parsed.GetValue(WebhookConfigurationName) ?? WebhookConfiguration.DefaultName,
            ClientAuthorityFile = parsed.GetValue(ClientAuthority)?.ToString(),
            ClientNames = parsed.GetValue(ClientNames) ?? [],
            ConfigurationFile = parsed.GetValue(ConfigurationFile)?.ToString(),
            LogFormat = parsed.GetValue(Log) ?? (development ? LogFormat.Text : LogFormat.Json),
            Floor = parsed.GetValue(Floor),
            ShutdownDelay = development ? TimeSpan.Zero : TimeSpan.FromSeconds(parsed.GetValue(ShutdownDelay)),
        };
        return true;
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

    private static bool TryConnect(ParseResult parsed, TimeProvider time, out ClusterConnection? cluster, out string? trouble)
    {
        cluster = null;
        trouble = null;
        if (parsed.GetValue(Kubeconfig) is FileInfo file)
        {
            return KubeConfig.TryConnect([file.ToString()], parsed.GetValue(ClusterOptions.Context), time, out cluster, out trouble);
        }

        bool looks = !parsed.GetValue(NoCluster) && !parsed.GetValue(Development);
        if (looks && ClusterConnection.IsInCluster(Environment.GetEnvironmentVariable))
        {
            cluster = ClusterConnection.InCluster(Environment.GetEnvironmentVariable);
        }

        return true;
    }
}
