using System.CommandLine;
using System.CommandLine.Parsing;
using Webhook.Certificates;
using Webhook.Cluster;
using Webhook.Output;

namespace Webhook.Commands;

/// <summary><c>certs</c>: what is served, what is stored, what the API server trusts, and whether they agree.</summary>
internal sealed class CertificatesCommand : TaughtCommand
{
    private const string About =
        """
        Connects to the webhook and shows the certificate that it serves; with --cert the one on disk; with --cluster the one in the Secret, and
        which authorities the webhook configurations name in their caBundle. They agree when the one on disk or in the Secret is the one that is
        served, and each webhook trusts it, for the name by which the API server calls. No private key is printed.

        With --cluster the account needs get of the two webhook configurations, and of the Secret to compare with it. In the pod with service-ca or
        cert-manager it may not read Secrets: add --cert /etc/infoscale-webhook-tls/tls.crt. From outside the cluster:
        kubectl -n infoscale-webhook port-forward deployment/infoscale-webhook 8443

        Exit code:
          0  everything was seen, and it agrees
          1  it does not agree, or a certificate has expired
          2  not everything could be seen: no connection, no right, wrong usage
        """;

    private const string Samples =
        $"""
          What is served here                    {CommandLine.ProgramName} certs
          Does the API server trust it           {CommandLine.ProgramName} certs --cluster
          From inside the pod                    kubectl -n infoscale-webhook exec deployment/infoscale-webhook -- /app/{CommandLine.ProgramName} certs --cluster
          A file before it is rolled out         {CommandLine.ProgramName} certs --address webhook.example:8443 --cert tls.crt
          For a monitor                          {CommandLine.ProgramName} certs --cluster -o json | jq -r '.certificates[0].certificate.notAfter'
        """;

    // What the overlays for OpenShift and cert-manager call theirs.
    private const string OtherSecret = "infoscale-webhook-tls";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Option<(string Host, int Port)> Address = new("--address")
    {
        Description = $"Where the webhook listens. Default: localhost:{ServeArguments.DefaultPort}",
        HelpName = "HOST[:PORT]",
        CustomParser = static result => Parse(result),
        DefaultValueFactory = static _ => ("localhost", ServeArguments.DefaultPort),
    };

    private static readonly Option<FileInfo?> Certificate = new("--cert")
    {
        Description = "Certificate on disk to compare with, PEM",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Namespace = new("--namespace", "-n")
    {
        Description = "Namespace of the Secret. Default: that of the pod, else infoscale-webhook",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Secret = new("--cert-secret")
    {
        Description = $"Secret to compare with. Default: {CertificateSecret.DefaultName}, else {OtherSecret}",
        HelpName = "NAME",
    };

    private static readonly Option<string> Format = CheckCommand.Choice("--output", "-o", "For people or for programs", "text", "text", "json");

    /// <summary>The command.</summary>
    /// <param name="terminal">What surrounds the process.</param>
    public CertificatesCommand(Terminal terminal)
        : base("certs", "Shows which certificate is served, which is stored, which the API server trusts, and whether they agree", About, Samples)
    {
        Add(Address);
        Add(Certificate);
        Add(Namespace);
        Add(Secret);
        Add(ServeArguments.WebhookConfigurationName);
        Add(Format);
        ClusterOptions.AddLiveTo(this);
        Validators.Add(static result =>
        {
            if (!ClusterOptions.AreGiven(result)
                && (result.GetValue(Namespace) ?? result.GetValue(Secret) ?? result.GetValue(ServeArguments.WebhookConfigurationName)) is not null)
            {
                result.AddError("--namespace, --cert-secret and --webhook-configuration name what is in a cluster: give --cluster");
            }
        });
        SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
    }

    private static (string Host, int Port) Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Uri.TryCreate($"https://{text}", UriKind.Absolute, out Uri? uri) && uri is { PathAndQuery: "/", UserInfo: "", Fragment: "" })
        {
            // A URI has no other way to tell "no port" from its scheme's own.
            bool hasPort = text.EndsWith($":{uri.Port}", StringComparison.Ordinal);
            return (uri.IdnHost, hasPort ? uri.Port : ServeArguments.DefaultPort);
        }

        result.AddError($"--address: \"{text}\" is no HOST:PORT");
        return default;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var sources = new List<CertificateSource>();
        var configurations = new List<WebhookConfiguration>();
        var failures = new List<string>();
        using ApiClient? client = ClusterOptions.AreGiven(parsed) ? ClusterOptions.Connect(parsed, terminal) : null;
        if (ClusterOptions.AreGiven(parsed) && client is null)
        {
            return ExitCode.CouldNotRun;
        }

        (string host, int port) = parsed.GetValue(Address);
        using (var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            patience.CancelAfter(Patience);
            sources.Add(await CertificateSurvey.ServedAsync(host, port, patience.Token));
        }

        if (parsed.GetValue(Certificate) is FileInfo file)
        {
            sources.Add(CertificateSurvey.OfFile(file.ToString()));
        }

        if (client is not null)
        {
            string space = parsed.GetValue(Namespace) ?? ClusterConnection.OwnNamespace(Environment.GetEnvironmentVariable);
            IReadOnlyList<string> secrets = parsed.GetValue(Secret) is string given ? [given] : [CertificateSecret.DefaultName, OtherSecret];
            sources.Add(await CertificateSurvey.OfSecretAsync(client, space, secrets, cancellation));
            foreach (string resource in WebhookConfiguration.Resources)
            {
                ApiResult<WebhookConfiguration?> read = await WebhookConfiguration.ReadAsync(
                    client, resource, parsed.GetValue(ServeArguments.WebhookConfigurationName) ?? WebhookConfiguration.DefaultName, cancellation);
                if (read.Error is not null)
                {
                    failures.Add($"{read.Error.Message}{ClusterOptions.Remedy(read.Error.Kind)}");
                }
                else if (read.Value is not null)
                {
                    configurations.Add(read.Value);
                }
            }

            if (configurations.Count == 0 && failures.Count == 0)
            {
                terminal.Error.WriteLine("note: there is no such webhook configuration: the API server asks nobody");
            }
        }

        failures.InsertRange(0, sources.Where(static source => source.IsFailure).Select(static source => $"{source.Place}: {source.Missing}"));
        var survey = new CertificateSurvey(sources, configurations, failures, terminal.Time.GetUtcNow());
        if (parsed.GetValue(Format) == "json")
        {
            CertificateJson.Write(survey, terminal.Output);
        }
        else
        {
            new CertificateText(terminal.Output, terminal.HasColour).Write(survey);
        }

        foreach (string failure in failures)
        {
            terminal.Error.WriteLine($"error: {PlainText.OfLine(failure)}");
        }

        return survey.Problems().Count > 0 ? ExitCode.Findings : failures.Count > 0 ? ExitCode.CouldNotRun : ExitCode.Clean;
    }
}
