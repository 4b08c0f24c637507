using System.Net;
using Webhook.Cluster;

namespace Webhook.Hosting;

/// <summary>How logs are written.</summary>
internal enum LogFormat
{
    /// <summary>One JSON object on each line.</summary>
    Json,

    /// <summary>For people.</summary>
    Text,
}

/// <summary>What the command line of <c>serve</c> decides.</summary>
internal sealed record ServeOptions
{
    /// <summary><c>--listen</c>: the address, or null for all addresses.</summary>
    public IPAddress? Listen { get; init; }

    /// <summary><c>--port</c>; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary><c>--cert</c>: the certificate and those above it, PEM; null for plain HTTP.</summary>
    public string? CertificateFile { get; init; }

    /// <summary><c>--key</c>: the private key, PEM.</summary>
    public string? KeyFile { get; init; }

    /// <summary><c>--built-in-certificates</c>: the Secret of the certificate and the Service that it is for; null where files hold it.</summary>
    public BuiltInOptions? BuiltIn { get; init; }

    /// <summary><c>--webhook-configuration</c>: the name of the project's own webhook configurations.</summary>
    public string WebhookConfiguration { get; init; } = Certificates.WebhookConfiguration.DefaultName;

    /// <summary>Whether HTTPS is served.</summary>
    public bool IsSecure => CertificateFile is not null || BuiltIn is not null;

    /// <summary><c>--client-ca</c>: the authorities whose clients may ask for reviews, PEM; null for anybody.</summary>
    public string? ClientAuthorityFile { get; init; }

    /// <summary><c>--client-name</c>: the common names of which a client must have one; empty for any.</summary>
    public IReadOnlyList<string> ClientNames { get; init; } = [];

    /// <summary><c>--config</c>.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>The cluster whose objects are joined with those under review; null for none.</summary>
    public ClusterConnection? Cluster { get; init; }

    /// <summary><c>--log</c>.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary><c>--shutdown-delay</c>: how long the server goes on answering after it was told to stop and is no longer ready.</summary>
    public TimeSpan ShutdownDelay { get; init; }

    /// <summary><c>--audit</c>: whether everything that exists is judged in the background.</summary>
    public bool Audits { get; init; }

    /// <summary><c>--floor</c>: whether <c>/floor</c> is served, for the load comparison.</summary>
    public bool Floor { get; init; }
}

/// <summary>What the built-in certificate is made for.</summary>
/// <param name="Namespace">The namespace of Secret and Service.</param>
/// <param name="Secret"><c>--cert-secret</c>: the name of the Secret.</param>
/// <param name="Service"><c>--cert-service</c>: the name of the Service.</param>
internal sealed record BuiltInOptions(string Namespace, string Secret, string Service)
{
    /// <summary>The names by which the server is called; the first is the one that API servers use.</summary>
    public IReadOnlyList<string> Hosts => [$"{Service}.{Namespace}.svc", $"{Service}.{Namespace}.svc.cluster.local"];
}
