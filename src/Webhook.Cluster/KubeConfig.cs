using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Yaml;

namespace Webhook.Cluster;

/// <summary>
/// Kubeconfig files, merged as kubectl merges them: of each cluster, user and context of a name the first counts, and relative paths start
/// at the file they stand in (kubernetes/client-go tools/clientcmd/loader.go).
/// </summary>
public sealed class KubeConfig
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Ways to sign in that are not implemented here. Passing over them would call as somebody else.
    private static readonly string[] Unsupported = ["auth-provider", "username", "password", "as", "as-uid", "as-groups", "as-user-extra"];

    private readonly Dictionary<(string Section, string Name), Entry> _entries = [];
    private string _current = "";

    private KubeConfig()
    {
    }

    /// <summary>The files that kubectl would read: those of KUBECONFIG, else <c>~/.kube/config</c>.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    public static IReadOnlyList<string> DefaultFiles(Func<string, string?> environment) =>
        environment("KUBECONFIG") is { Length: > 0 } list
            ? list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            : [Path.Combine(environment("HOME") ?? "", ".kube", "config")];

    /// <summary>Reads files and gives the connection of a context; exactly one of the two results is set.</summary>
    /// <param name="files">The files, the strongest first; of several, those that do not exist are left out.</param>
    /// <param name="context">The context, or null for the current one.</param>
    /// <param name="time">The clock by which credentials expire.</param>
    /// <param name="connection">The connection, or null.</param>
    /// <param name="problem">Why there is none, or null.</param>
    public static bool TryConnect(
        IReadOnlyList<string> files, string? context, TimeProvider time, out ClusterConnection? connection, out string? problem)
    {
        var config = new KubeConfig();
        connection = null;
        bool any = false;
        foreach (string file in files)
        {
            if (files.Count > 1 && !File.Exists(file))
            {
                continue;
            }

            any = true;
            problem = config.Add(file);
            if (problem is not null)
            {
                return false;
            }
        }

        if (!any)
        {
            problem = $"no kubeconfig: none of {string.Join(", ", files)} exists";
            return false;
        }

        try
        {
            connection = config.Connect(context, time);
            problem = null;
            return true;
        }
        catch (KubeConfigException exception)
        {
            problem = exception.Message;
            return false;
        }
    }

    /// <summary>The names of the contexts that files hold; of files that cannot be read, none.</summary>
    public static IReadOnlyList<string> Contexts(IReadOnlyList<string> files)
    {
        var config = new KubeConfig();
        foreach (string file in files)
        {
            config.Add(file);
        }

        return [.. config._entries.Keys.Where(static key => key.Section == "context").Select(static key => key.Name)];
    }

    private string? Add(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }

        if (!YamlText.TryParse(text, out YamlDocument? document, out DocumentError? error))
        {
            return $"{file}: {error}";
        }

        var root = document!.Value;
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        _current = _current.Length > 0 ? _current : root["current-context"].Text ?? "";
        foreach ((string list, string section) in (ReadOnlySpan<(string, string)>)[("clusters", "cluster"), ("users", "user"), ("contexts", "context")])
        {
            foreach (Field item in root[list].Items())
            {
                _entries.TryAdd((section, item["name"].Text ?? ""), new Entry(item[section], folder, $"{section} \"{item["name"].Text}\""));
            }
        }

        return null;
    }

    private ClusterConnection Connect(string? chosen, TimeProvider time)
    {
        string name = chosen ?? _current;
        if (name.Length == 0)
        {
            throw new KubeConfigException("the kubeconfig names no current-context: choose one with --context");
        }

        Entry context = Find("context", name);
        Entry cluster = Find("cluster", context.Field["cluster"].Text ?? "");
        if (!Uri.TryCreate(cluster.Field["server"].Text, UriKind.Absolute, out Uri? server) || server.Scheme is not ("https" or "http"))
        {
            throw new KubeConfigException($"{cluster.Label}: server must be an http or https address");
        }

        Uri? proxy = null;
        if (cluster.Field["proxy-url"].Text is { Length: > 0 } through
            && !(Uri.TryCreate(through, UriKind.Absolute, out proxy) && proxy.Scheme is "http" or "https" or "socks5"))
        {
            throw new KubeConfigException($"{cluster.Label}: proxy-url must be an http, https or socks5 address");
        }

        string? authorities = cluster.Pem("certificate-authority");
        return new ClusterConnection
        {
            Server = server,
            ServerName = cluster.Field["tls-server-name"].Text is { Length: > 0 } own ? own : null,
            Proxy = proxy,
            Trust = cluster.Field["insecure-skip-tls-verify"].Boolean == true ? ServerTrust.Blind
                : authorities is null ? ServerTrust.System
                : ServerTrust.In(() => authorities),
            Credentials = context.Field["user"].Text is { Length: > 0 } user
                ? Sign(Find("user", user), server, cluster, authorities, time)
                : ClusterCredentials.Anonymous,
        };
    }

    private static ClusterCredentials Sign(Entry user, Uri server, Entry cluster, string? authorities, TimeProvider time)
    {
        foreach (string key in Unsupported)
        {
            if (user.Field[key].IsPresent)
            {
                throw new KubeConfigException($"{user.Label}: {key} is not supported");
            }
        }

        X509Certificate2? certificate = user.Certificate();
        if (user.Field["tokenFile"].Text is { Length: > 0 } file)
        {
            return new TokenFile(Path.Combine(user.Folder, file), certificate);
        }

        string? token = user.Field["token"].Text is { Length: > 0 } given ? given : null;
        Field exec = user.Field["exec"];
        if (token is not null || certificate is not null || !exec.IsMap)
        {
            return new FixedCredentials(token, certificate);
        }

        if (exec["apiVersion"].Text is not ("client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1"))
        {
            throw new KubeConfigException($"{user.Label}: exec.apiVersion must be client.authentication.k8s.io/v1 or v1beta1");
        }

        if (exec["command"].Text is not { Length: > 0 } || exec["interactiveMode"].Text == "Always")
        {
            throw new KubeConfigException($"{user.Label}: exec needs a command that asks nothing");
        }

        return new ExecPlugin(exec, user.Folder, ClusterInfo(server, cluster, authorities), time);
    }

    private static string ClusterInfo(Uri server, Entry cluster, string? authorities)
    {
        using var stream = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("server", server.OriginalString);
            if (cluster.Field["tls-server-name"].Text is string name)
            {
                writer.WriteString("tls-server-name", name);
            }

            if (cluster.Field["insecure-skip-tls-verify"].Boolean == true)
            {
                writer.WriteBoolean("insecure-skip-tls-verify", true);
            }

            if (authorities is not null)
            {
                writer.WriteBase64String("certificate-authority-data", Encoding.UTF8.GetBytes(authorities));
            }

            foreach (Field extension in cluster.Field["extensions"].Items())
            {
                if (extension["name"].Text == "client.authentication.k8s.io/exec" && extension["extension"].IsPresent)
                {
                    writer.WritePropertyName("config");
                    extension["extension"].WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private Entry Find(string section, string name) =>
        _entries.TryGetValue((section, name), out Entry? entry) ? entry : throw new KubeConfigException($"the kubeconfig has no {section} \"{name}\"");

    private sealed class KubeConfigException(string message) : Exception(message);

    private sealed record Entry(Field Field, string Folder, string Label)
    {
        /// <summary>The text of <c>KEY-data</c> (base64), else of the file <c>KEY</c>, else null.</summary>
        public string? Pem(string key)
        {
            if (Field[key + "-data"].Text is { Length: > 0 } data)
            {
                try
                {
                    return Base64.IsValid(data) ? Utf8.GetString(Convert.FromBase64String(data)) : throw new FormatException();
                }
                catch (Exception exception) when (exception is FormatException or ArgumentException)
                {
                    throw new KubeConfigException($"{Label}: {key}-data must be base64 of PEM");
                }
            }

            if (Field[key].Text is not { Length: > 0 } file)
            {
                return null;
            }

            try
            {
                return File.ReadAllText(Path.Combine(Folder, file));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new KubeConfigException($"{Label}: {key}: {exception.Message}");
            }
        }

        public X509Certificate2? Certificate()
        {
            if (Pem("client-certificate") is not string certificate)
            {
                return null;
            }

            try
            {
                return X509Certificate2.CreateFromPem(certificate, Pem("client-key") ?? "");
            }
            catch (Exception exception) when (exception is CryptographicException or ArgumentException)
            {
                throw new KubeConfigException($"{Label}: client-certificate and client-key must be a certificate and its key, PEM");
            }
        }
    }
}
