using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>A real kube-apiserver on its etcd, on loopback, with nothing in it.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private const string AuditPolicy =
        """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - level: Metadata
          users: ["system:serviceaccount:infoscale-webhook:infoscale-webhook"]
        - level: Metadata
          verbs: [create, update, patch, delete]
          resources: [{group: nmstate.io}, {group: k8s.cni.cncf.io}, {group: k8s.ovn.org}, {group: kubevirt.io}, {group: pool.kubevirt.io}]
        - level: None
        """;

    // As deploy/INSTALL.md has it, but for any webhook: a name without a port is for port 443 only. It is shown to webhooks that ask for one.
    private const string ClientOfWebhooks =
        """
        apiVersion: v1
        kind: Config
        users: [{name: "*", user: {client-certificate: FOLDER/webhook-client.crt, client-key: FOLDER/webhook-client.key}}]
        """;

    private const string Admission =
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: AdmissionConfiguration
        plugins:
        - name: ValidatingAdmissionWebhook
          configuration: {apiVersion: apiserver.config.k8s.io/v1, kind: WebhookAdmissionConfiguration, kubeConfigFile: FOLDER/webhooks.kubeconfig}
        - name: MutatingAdmissionWebhook
          configuration: {apiVersion: apiserver.config.k8s.io/v1, kind: WebhookAdmissionConfiguration, kubeConfigFile: FOLDER/webhooks.kubeconfig}
        """;

    private readonly string _folder;
    private readonly ServerProcess _etcd;
    private readonly string _program;
    private readonly string[] _arguments;
    private ServerProcess _server;

    private ApiServer(string folder, int port, ServerProcess etcd, string program, string[] arguments, Kubectl kubectl)
    {
        _folder = folder;
        _etcd = etcd;
        _program = program;
        _arguments = arguments;
        _server = ServerProcess.Start(program, arguments);
        Address = new Uri($"https://127.0.0.1:{port}");
        Kubectl = kubectl;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>kubectl for this server.</summary>
    public Kubectl Kubectl { get; }

    /// <summary>The file that kubectl finds the server by.</summary>
    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    /// <summary>
    /// The file that the server writes an event to for each change of an object of a judged kind, and for each request of the webhook's account, one
    /// JSON object a line.
    /// </summary>
    public string AuditLog => Path.Combine(_folder, "audit.log");

    /// <summary>
    /// The folder that holds kube-apiserver and etcd: KUBEBUILDER_ASSETS, else the one of tests/kube-apiserver/install.sh; null if they are
    /// in neither.
    /// </summary>
    public static string? FindAssets()
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string folder = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } given
            ? given
            : Path.Combine(cache, "kube-apiserver-test", "1.20.2");
        return File.Exists(Path.Combine(folder, "kube-apiserver")) && File.Exists(Path.Combine(folder, "etcd")) ? folder : null;
    }

    /// <summary>Whether the API server is older than 1.25, the first that knows CEL in CustomResourceDefinitions.</summary>
    /// <param name="assets">The folder that holds the program.</param>
    public static bool IsOld(string assets)
    {
        var start = new ProcessStartInfo(Path.Combine(assets, "kube-apiserver"), ["--version"]) { RedirectStandardOutput = true };
        using Process version = Process.Start(start)!;
        string[] numbers = version.StandardOutput.ReadToEnd().Split('.');
        version.WaitForExit();
        return int.Parse(numbers[1], CultureInfo.InvariantCulture) < 25;
    }

    /// <summary>Starts both and waits until the API server is ready.</summary>
    /// <param name="assets">The folder that holds the programs.</param>
    /// <param name="folder">An empty folder for data, certificates and the kubeconfig.</param>
    public static async Task<ApiServer> StartAsync(string assets, string folder)
    {
        TestCertificates.Write(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "audit-policy.yaml"), AuditPolicy);
        await File.WriteAllTextAsync(Path.Combine(folder, "webhooks.kubeconfig"), ClientOfWebhooks.Replace("FOLDER", folder, StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(folder, "admission.yaml"), Admission.Replace("FOLDER", folder, StringComparison.Ordinal));
        int clientPort = ServerProcess.FreePort(), peerPort = ServerProcess.FreePort(), port = ServerProcess.FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "kubeconfig"), KubeConfig(folder, port));
        string etcdUrl = $"http://127.0.0.1:{clientPort}";
        ServerProcess etcd = ServerProcess.Start(
            Path.Combine(assets, "etcd"),
            $"--data-dir={folder}/etcd", $"--listen-client-urls={etcdUrl}", $"--advertise-client-urls={etcdUrl}",
            $"--listen-peer-urls=http://127.0.0.1:{peerPort}", "--unsafe-no-fsync");
        string[] arguments =
        [
            $"--etcd-servers={etcdUrl}", "--bind-address=127.0.0.1", $"--secure-port={port}", $"--client-ca-file={folder}/ca.crt",
            $"--tls-cert-file={folder}/apiserver.crt", $"--tls-private-key-file={folder}/apiserver.key",
            $"--service-account-key-file={folder}/service-account.key", $"--service-account-signing-key-file={folder}/service-account.key",
            "--service-account-issuer=https://kubernetes.default.svc", "--api-audiences=https://kubernetes.default.svc",
            "--authorization-mode=RBAC", "--disable-admission-plugins=ServiceAccount", "--service-cluster-ip-range=10.0.0.0/24",
            $"--admission-control-config-file={folder}/admission.yaml",
            $"--audit-policy-file={folder}/audit-policy.yaml", $"--audit-log-path={folder}/audit.log",
        ];
        string program = Path.Combine(assets, "kubectl");
        var kubectl = new Kubectl(File.Exists(program) ? program : "kubectl", folder);
        var both = new ApiServer(folder, port, etcd, Path.Combine(assets, "kube-apiserver"), arguments, kubectl);
        try
        {
            await both.ReadyAsync();
            return both;
        }
        catch
        {
            await both.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it and starts it again; what it holds is in etcd.</summary>
    public async Task RestartAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        _server = ServerProcess.Start(_program, _arguments);
        await ReadyAsync();
    }

    /// <summary>A client with the administrator's certificate.</summary>
    public HttpClient NewClient()
    {
        X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, "ca.crt"));
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 16 };
        handler.SslOptions.ClientCertificates =
            [X509Certificate2.CreateFromPemFile(Path.Combine(_folder, "admin.crt"), Path.Combine(_folder, "admin.key"))];
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        return new HttpClient(handler) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(20) };
    }

    /// <summary>Installs CustomResourceDefinitions and waits until their kinds are served.</summary>
    public async Task InstallAsync(IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            // Not "apply": the annotation it keeps would be too large for some of the real ones.
            (await Kubectl.RunAsync("create", "-f", file)).Done();
        }

        (await Kubectl.RunAsync("wait", "--for=condition=established", "crd", "--all", "--timeout=60s")).Done();
    }

    /// <summary>Ends the API server as a crash does; etcd keeps what is in it.</summary>
    public Task KillAsync() => _server.KillAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _etcd.DisposeAsync();
    }

    /// <summary>Writes a kubeconfig for an account, with a token from the API server and no other rights than the account's.</summary>
    /// <param name="namespace">The namespace of the ServiceAccount.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The file.</returns>
    public async Task<string> KubeconfigOfAsync(string @namespace, string name)
    {
        KubectlResult made = (await Kubectl.WithInputAsync(
            """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["https://kubernetes.default.svc"]}}""",
            "create", "--raw", $"/api/v1/namespaces/{@namespace}/serviceaccounts/{name}/token", "-f", "-")).Done();
        string token = (string)JsonNode.Parse(made.Output)!["status"]!["token"]!;
        string file = Path.Combine(_folder, $"kubeconfig-{name}");
        await File.WriteAllTextAsync(file, KubeConfig(_folder, Address.Port, $"token: {token}"));
        return file;
    }

    private Task ReadyAsync() => _server.ReadyAsync(90, async () =>
        !_etcd.HasExited ? (await Kubectl.RunAsync("get", "--raw", "/readyz")).ExitCode == 0
        : throw new InvalidOperationException("etcd ended:\n" + _etcd.Log));

    private static string KubeConfig(string folder, int port, string? credentials = null) =>
        $$$"""
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test}}]
        clusters: [{name: test, cluster: {server: "https://127.0.0.1:{{{port}}}", certificate-authority: {{{folder}}}/ca.crt}}]
        users: [{name: test, user: {{{{credentials ?? $"client-certificate: {folder}/admin.crt, client-key: {folder}/admin.key"}}} }}]
        """;
}
