namespace Webhook.Cluster;

/// <summary>Where an API server is and how to call it.</summary>
public sealed class ClusterConnection
{
    /// <summary>The folder in which a pod finds its account.</summary>
    public const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>The address.</summary>
    public required Uri Server { get; init; }

    /// <summary>Who calls.</summary>
    public ClusterCredentials Credentials { get; init; } = ClusterCredentials.Anonymous;

    /// <summary>The name that the server's certificate must have instead of the address's (<c>tls-server-name</c>), or null.</summary>
    public string? ServerName { get; init; }

    /// <summary>The proxy (<c>proxy-url</c>), or null for the one of the environment.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Which certificates are trusted.</summary>
    internal ServerTrust Trust { get; init; } = ServerTrust.System;

    /// <summary>Whether the process runs in a pod that has an account.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="folder">Where the account's files are.</param>
    public static bool IsInCluster(Func<string, string?> environment, string folder = ServiceAccountFolder) =>
        environment("KUBERNETES_SERVICE_HOST") is { Length: > 0 } && File.Exists(Path.Combine(folder, "token"));

    /// <summary>The namespace that the program runs in: what POD_NAMESPACE says, else that of the pod's account, else <c>infoscale-webhook</c>.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="folder">Where the account's files are.</param>
    public static string OwnNamespace(Func<string, string?> environment, string folder = ServiceAccountFolder)
    {
        if (environment("POD_NAMESPACE") is { Length: > 0 } given)
        {
            return given;
        }

        string file = Path.Combine(folder, "namespace");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : "infoscale-webhook";
    }

    /// <summary>The connection of a pod, by its account: token and authority are read again as a kubelet renews them.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="folder">Where the account's files are.</param>
    public static ClusterConnection InCluster(Func<string, string?> environment, string folder = ServiceAccountFolder)
    {
        string host = environment("KUBERNETES_SERVICE_HOST") ?? "";
        string port = environment("KUBERNETES_SERVICE_PORT") is { Length: > 0 } given ? given : "443";
        return new ClusterConnection
        {
            Server = new Uri($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}"),
            Trust = ServerTrust.In(() => File.ReadAllText(Path.Combine(folder, "ca.crt"))),
            Credentials = new TokenFile(Path.Combine(folder, "token"), null),
        };
    }
}
