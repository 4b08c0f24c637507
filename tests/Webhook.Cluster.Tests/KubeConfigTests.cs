using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Webhook.Resources;

namespace Webhook.Cluster.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KubeConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kubeconfig-").FullName;
    private readonly Authority _authority = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _authority.Dispose();
    }

    [Fact]
    public async Task A_token_is_sent_to_a_server_of_the_given_authority()
    {
        await using FakeApiServer server = await StartAsync();
        string file = Write("config", Config(server, $"certificate-authority-data: {Base64(_authority.Pem)}", "token: secret-token"));
        Assert.Null(await CallAsync(file));
        Assert.Equal("Bearer secret-token", server.Callers.Last());
    }

    [Fact]
    public async Task A_server_of_another_authority_or_name_is_not_called()
    {
        using var other = new Authority();
        await using FakeApiServer server = await StartAsync();
        Assert.Equal(ApiErrorKind.Unreachable, (await CallAsync(Write("other", Config(server, $"certificate-authority-data: {Base64(other.Pem)}", "token: t"))))!.Kind);
        Assert.Equal(ApiErrorKind.Unreachable, (await CallAsync(Write("system", Config(server, "{}", "token: t"))))!.Kind);
        await using FakeApiServer named = await StartAsync("api.test");
        string trust = $"certificate-authority-data: {Base64(_authority.Pem)}";
        Assert.Equal(ApiErrorKind.Unreachable, (await CallAsync(Write("named", Config(named, trust, "token: t"))))!.Kind);
        Assert.Null(await CallAsync(Write("own", Config(named, trust + "\n    tls-server-name: api.test", "token: t"))));
        Assert.Null(await CallAsync(Write("blind", Config(named, "insecure-skip-tls-verify: true", "token: t"))));
        Assert.Empty(server.Callers);
    }

    [Theory]
    [InlineData("ecdsa", "data")]
    [InlineData("rsa", "data")]
    [InlineData("ecdsa", "file")]
    [InlineData("rsa", "file")]
    public async Task A_client_certificate_is_shown(string algorithm, string place)
    {
        using AsymmetricAlgorithm key = algorithm == "rsa" ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = _authority.Issue("CN=admin", key);
        string pem = certificate.ExportCertificatePem(), own = key is RSA rsa ? rsa.ExportRSAPrivateKeyPem() : ((ECDsa)key).ExportECPrivateKeyPem();
        await using FakeApiServer server = await StartAsync();
        Write("admin.crt", pem);
        Write("admin.key", own);
        Write("ca.crt", _authority.Pem);
        string user = place == "data"
            ? $"client-certificate-data: {Base64(pem)}\n    client-key-data: {Base64(own)}"
            : "client-certificate: admin.crt\n    client-key: admin.key";
        Assert.Null(await CallAsync(Write("config", Config(server, "certificate-authority: ca.crt", user))));
        Assert.Equal("CN=admin", server.Callers.Last());
    }

    [Fact]
    public async Task A_token_file_is_read_again()
    {
        await using FakeApiServer server = await StartAsync();
        Write("token", "first\n");
        string config = Write("config", Config(server, $"certificate-authority-data: {Base64(_authority.Pem)}", "tokenFile: token"));
        Assert.True(KubeConfig.TryConnect([config], null, _time, out ClusterConnection? connection, out _));
        using var client = new ApiClient(connection!, "test/1.0", _time);
        await client.FindVersionAsync(server.Kind, TestContext.Current.CancellationToken);
        Write("token", "second\n");
        await client.FindVersionAsync(server.Kind, TestContext.Current.CancellationToken);
        Assert.Equal("Bearer second", server.Callers.Last());
        File.Delete(Path.Combine(_folder, "token"));
        Assert.Equal(ApiErrorKind.Unauthorized, (await client.FindVersionAsync(server.Kind, TestContext.Current.CancellationToken)).Error!.Kind);
    }

    [Fact]
    public async Task A_pod_uses_the_files_of_its_account()
    {
        await using FakeApiServer server = await StartAsync();
        string? Environment(string name) => name switch
        {
            "KUBERNETES_SERVICE_HOST" => "127.0.0.1",
            "KUBERNETES_SERVICE_PORT" => $"{server.Address.Port}",
            _ => null,
        };
        Assert.False(ClusterConnection.IsInCluster(Environment, _folder));
        Write("token", "account");
        using var wrong = new Authority();
        Write("ca.crt", wrong.Pem);
        Assert.True(ClusterConnection.IsInCluster(Environment, _folder));
        Assert.False(ClusterConnection.IsInCluster(static _ => null, _folder));
        using var client = new ApiClient(ClusterConnection.InCluster(Environment, _folder), "test/1.0", _time);
        Assert.Equal(ApiErrorKind.Unreachable, (await client.FindVersionAsync(server.Kind, TestContext.Current.CancellationToken)).Error!.Kind);

        // A renewed authority is taken without a restart.
        Write("ca.crt", wrong.Pem + "\n" + _authority.Pem);
        Assert.Null((await client.FindVersionAsync(server.Kind, TestContext.Current.CancellationToken)).Error);
        Assert.Equal("Bearer account", server.Callers.Last());
    }

    [Fact]
    public async Task A_credential_plugin_is_run_once_until_its_token_expires_or_is_refused()
    {
        await using FakeApiServer server = await StartAsync();
        string expiry = (_time.GetUtcNow() + TimeSpan.FromMinutes(10)).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        Script(
            """
            echo run >> "$COUNT"
            echo "$KUBERNETES_EXEC_INFO" > "$COUNT.info"
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t-%s","expirationTimestamp":"%s"}}' "$1" "$2"
            """);
        string config = Write("config", Config(server, $"certificate-authority-data: {Base64(_authority.Pem)}",
            $$"""
            exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: ./plugin
                  args: [arg, '{{expiry}}']
                  env: [{name: COUNT, value: {{_folder}}/count}]
                  provideClusterInfo: true
                  interactiveMode: IfAvailable
            """));
        Assert.True(KubeConfig.TryConnect([config], null, _time, out ClusterConnection? connection, out string? problem), problem);
        using var client = new ApiClient(connection!, "test/1.0", _time);
        async Task<int> RunsAsync()
        {
            await client.FindVersionAsync(server.Kind, TestContext.Current.CancellationToken);
            return File.ReadAllLines(Path.Combine(_folder, "count")).Length;
        }

        Assert.Equal(1, await RunsAsync());
        Assert.Equal("Bearer t-arg", server.Callers.Last());
        Assert.Contains($"\"cluster\":{{\"server\":\"{server.Address.OriginalString}", File.ReadAllText(Path.Combine(_folder, "count.info")), StringComparison.Ordinal);
        Assert.Equal(1, await RunsAsync());
        _time.Advance(TimeSpan.FromMinutes(9.9));

        // Now each of the two calls of a look-up asks again: the plugin goes on giving a token that is about to expire.
        Assert.Equal(3, await RunsAsync());
    }

    [Theory]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("echo secret-token", "printed no JSON")]
    [InlineData("echo '{\"kind\":\"Other\"}'", "printed no ExecCredential")]
    [InlineData("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{}}'", "neither token nor client certificate")]
    public async Task A_credential_plugin_that_fails_is_named_without_what_it_printed(string script, string reason)
    {
        await using FakeApiServer server = await StartAsync();
        Script(script);
        string config = Write("config", Config(server, "{}", "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, installHint: get it}"));
        ApiError error = (await CallAsync(config))!;
        Assert.Equal(ApiErrorKind.Unauthorized, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("(get it)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_merged_and_the_first_of_a_name_counts()
    {
        string first = Write("first", "current-context: b\nclusters:\n- {name: one, cluster: {server: 'http://first:1'}}\n");
        string second = Write("second",
            """
            current-context: a
            clusters: [{name: one, cluster: {server: 'http://second:1'}}, {name: two, cluster: {server: 'http://second:2'}}]
            contexts: [{name: a, context: {cluster: two}}, {name: b, context: {cluster: one}}]
            """);
        Assert.True(KubeConfig.TryConnect([first, "/nowhere", second], null, _time, out ClusterConnection? connection, out _));
        Assert.Equal("http://first:1", connection!.Server.OriginalString);
        Assert.True(KubeConfig.TryConnect([first, second], "a", _time, out connection, out _));
        Assert.Equal("http://second:2", connection!.Server.OriginalString);
    }

    [Theory]
    [InlineData("a: [", "not valid YAML")]
    [InlineData("{}", "names no current-context")]
    [InlineData("current-context: x", "no context \"x\"")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]", "no cluster \"c\"")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: here}}]", "server must be")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://h'}}]", "no user \"u\"")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'https://h', certificate-authority-data: '%%'}}]", "must be base64")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'https://h', proxy-url: 'ftp://hunter2@p'}}]", "proxy-url must be")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://h'}}]\nusers: [{name: u, user: {password: hunter2}}]", "password is not supported")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://h'}}]\nusers: [{name: u, user: {client-certificate-data: aHVudGVyMg==, client-key-data: aHVudGVyMg==}}]", "client-certificate and client-key")]
    public void A_file_that_cannot_be_used_says_why_and_shows_no_secret(string yaml, string reason)
    {
        Assert.False(KubeConfig.TryConnect([Write("config", yaml)], null, _time, out _, out string? problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_that_is_said()
    {
        Assert.False(KubeConfig.TryConnect([Path.Combine(_folder, "none")], null, _time, out _, out string? problem));
        Assert.Contains("none", problem, StringComparison.Ordinal);
        Assert.Equal(["/a", "/b"], KubeConfig.DefaultFiles(static name => name == "KUBECONFIG" ? "/a:/b" : null));
        Assert.Equal(["/home/me/.kube/config"], KubeConfig.DefaultFiles(static name => name == "HOME" ? "/home/me" : null));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Config(FakeApiServer server, string cluster, string user) =>
        $"""
        apiVersion: v1
        kind: Config
        current-context: c
        contexts:
        - name: c
          context: {"{cluster: k, user: u}"}
        clusters:
        - name: k
          cluster:
            server: {server.Address.OriginalString}
            {(cluster == "{}" ? "" : cluster)}
        users:
        - name: u
          user:
            {user}
        """;

    private async Task<FakeApiServer> StartAsync(string? dns = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return await FakeApiServer.StartAsync(ClusterKind.NetworkAttachmentDefinition, _authority.Issue("CN=server", key, dns));
    }

    private async Task<ApiError?> CallAsync(string file)
    {
        Assert.True(KubeConfig.TryConnect([file], null, _time, out ClusterConnection? connection, out string? problem), problem);
        using var client = new ApiClient(connection!, "test/1.0", _time);
        return (await client.FindVersionAsync(ClusterKind.NetworkAttachmentDefinition, TestContext.Current.CancellationToken)).Error;
    }

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private void Script(string body) =>
        File.SetUnixFileMode(Write("plugin", "#!/bin/sh\n" + body), UnixFileMode.UserRead | UnixFileMode.UserExecute);
}
