using System.Text.Json.Nodes;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>
/// A cluster as far as the webhook sees one: API server, CustomResourceDefinitions, and the published program, registered as
/// deploy/base registers it. Tests share it, so each uses names of its own and leaves the webhook registered and enforcing.
/// </summary>
public abstract class TestCluster : IAsyncLifetime
{
    /// <summary>The configuration that is in force unless a test changes it.</summary>
    public const string Enforce = "mode: enforce\n";

    private const string ConfigurationName = "validatingwebhookconfiguration/infoscale-webhook";

    private readonly string _folder = Directory.CreateTempSubdirectory("webhook-e2e-").FullName;
    private string? _whyNot;
    private ApiServer? _server;
    private WebhookServer? _webhook;

    /// <summary>How the API server finds the webhook.</summary>
    public enum Registration
    {
        /// <summary>By URL: HTTP/2 from newer API servers, HTTP/1.1 from older ones.</summary>
        Url,

        /// <summary>By Service, as in production: HTTP/1.1, and the name of the Service in the certificate.</summary>
        Service,
    }

    internal Kubectl Kubectl => _server!.Kubectl;

    internal WebhookServer Webhook => _webhook!;

    internal ApiServer ApiServer => _server!;

    /// <summary>The CustomResourceDefinitions to install, or null and why there are none.</summary>
    protected abstract IReadOnlyList<string>? Definitions(out string whyNot);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        bool isContinuousIntegration = Environment.GetEnvironmentVariable("CI") == "true";
        string? program = WebhookServer.FindProgram();
        string? assets = ApiServer.FindAssets();
        IReadOnlyList<string>? definitions = Definitions(out string noDefinitions);
        _whyNot = program is null ? "WEBHOOK_BINARY does not name the published program; .ci/run publishes it and runs these tests"
            : assets is null ? "no kube-apiserver and etcd: run tests/kube-apiserver/install.sh or set KUBEBUILDER_ASSETS"
            : null;
        if (_whyNot is not null && isContinuousIntegration)
        {
            throw new InvalidOperationException($"{_whyNot}; in CI these tests are never skipped");
        }

        _whyNot ??= definitions is null ? noDefinitions : null;
        if (_whyNot is null)
        {
            await StartAsync(program!, assets!, definitions!);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_webhook?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether there is a cluster.</summary>
    public bool IsThere => _whyNot is null;

    /// <summary>One more webhook, which nobody asks but the test, and which sees the cluster; not started yet.</summary>
    /// <param name="kubeconfig">How it reaches the cluster; the administrator's way unless given.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="arguments">More arguments of <c>serve</c>.</param>
    internal async Task<WebhookServer> SecondWebhookAsync(string? kubeconfig = null, string configuration = Enforce, params string[] arguments)
    {
        WebhookServer second = await WebhookAsync("second", kubeconfig ?? _server!.Kubeconfig, arguments);
        await second.ConfigureAsync(configuration);
        return second;
    }

    /// <summary>A webhook that nobody asks but the test, not started yet.</summary>
    /// <param name="name">What tells it from others.</param>
    /// <param name="kubeconfig">How it finds the cluster, and as whom.</param>
    /// <param name="arguments">More arguments of <c>serve</c>.</param>
    internal Task<WebhookServer> WebhookAsync(string name, string kubeconfig, params string[] arguments) =>
        WebhookAsync(name, kubeconfig, new Dictionary<string, string>(), arguments);

    /// <summary>The same with environment variables of its own.</summary>
    internal async Task<WebhookServer> WebhookAsync(string name, string kubeconfig, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

        // The one that is registered trusts another certificate.
        string[] elsewhere = arguments.Contains("--webhook-configuration") ? [] : ["--webhook-configuration", name];
        var webhook = new WebhookServer(WebhookServer.FindProgram()!, folder, 1, ["--kubeconfig", kubeconfig, .. elsewhere, .. arguments]) { Environment = environment };
        await webhook.MakeCertificateAsync();
        await webhook.ConfigureAsync(Enforce);
        return webhook;
    }

    /// <summary>A file by which the webhook's own account finds the API server, with the rights that an overlay of deploy/ gives it.</summary>
    /// <param name="overlay">The folder below deploy/overlays.</param>
    internal async Task<string> AccountAsync(string overlay)
    {
        foreach (JsonObject manifest in await Kubectl.RenderAsync(Checkout.PathOf("deploy", "overlays", overlay)))
        {
            if ((string?)manifest["kind"] is "ServiceAccount" or "ClusterRole" or "ClusterRoleBinding" or "Role" or "RoleBinding")
            {
                (await Kubectl.WithInputAsync(manifest.ToJsonString(), "apply", "-f", "-")).Done();
            }
        }

        return await _server!.KubeconfigOfAsync("infoscale-webhook", "infoscale-webhook");
    }

    /// <summary>Skips the test, with the reason, where there is no cluster.</summary>
    public void Require() => Assert.SkipWhen(_whyNot is not null, _whyNot ?? "");

    /// <summary>Registers the webhook as deploy/base does, but where it really runs, and waits until that is in force.</summary>
    public async Task RegisterAsync(Registration registration)
    {
        await UnregisterAsync();
        await RegisterAsync(registration, _webhook!.Port, _webhook.Authority);
        await UntilAsync("the webhook is asked", static result => result.ExitCode != 0);
    }

    /// <summary>Registers whatever listens on a port, with the authorities that may have signed its certificate, as manifests of deploy/ do.</summary>
    internal async Task RegisterAsync(Registration registration, int port, string authorities, string manifests = "base")
    {
        JsonObject configuration = await WebhookConfigurationAsync(manifests);
        foreach (JsonNode? entry in configuration["webhooks"]!.AsArray())
        {
            JsonObject client = entry!["clientConfig"]!.AsObject();
            client["caBundle"] = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(authorities));
            if (registration == Registration.Url)
            {
                client.Remove("service");
                client["url"] = $"https://localhost:{port}/validate";
            }
            else
            {
                client["service"]!["port"] = port;
            }
        }

        (await Kubectl.WithInputAsync(configuration.ToJsonString(), "apply", "-f", "-")).Done();
    }

    /// <summary>Registers the webhook for mutation too, as deploy/components/mutation does, and waits until that is in force.</summary>
    public async Task RegisterMutationAsync()
    {
        JsonObject configuration = await MutationConfigurationAsync();
        foreach (JsonNode? entry in configuration["webhooks"]!.AsArray())
        {
            JsonObject client = entry!["clientConfig"]!.AsObject();
            client["caBundle"] = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(_webhook!.Authority));
            client["service"]!["port"] = _webhook.Port;
        }

        (await Kubectl.WithInputAsync(configuration.ToJsonString(), "apply", "-f", "-")).Done();
        await UntilAsync("the webhook is asked for mutation", static result => result.ExitCode == 0);
    }

    /// <summary>Takes the webhook away from mutation and waits until that is in force.</summary>
    public async Task UnregisterMutationAsync()
    {
        (await Kubectl.RunAsync("delete", "mutatingwebhookconfiguration/infoscale-webhook", "--ignore-not-found")).Done();
        await UntilAsync("the webhook is not asked for mutation", static result => result.ExitCode != 0);
    }

    /// <summary>The folder with the certificates of the API server: apiserver.crt and .key are good for a server on localhost, ca.crt signed them.</summary>
    internal string CertificateFolder => Path.Combine(_folder, "cluster");

    /// <summary>Takes the webhook away and waits until that is in force.</summary>
    public async Task UnregisterAsync()
    {
        (await Kubectl.RunAsync("delete", ConfigurationName, "--ignore-not-found")).Done();
        await UntilAsync("the webhook is not asked", static result => result.ExitCode == 0);
    }

    /// <summary>Tries to create, without creating it, a network that any working webhook in mode enforce denies, until the answer fits.</summary>
    internal Task UntilAsync(string what, Func<KubectlResult, bool> fits)
    {
        KubectlResult? last = null;
        return Wait.UntilAsync(
            what,
            30,
            async () => fits(last = await Kubectl.WithInputAsync(Manifests.NetworkWithoutMtu("probe"), "create", "--dry-run=server", "-f", "-")),
            () => $"{last}");
    }

    /// <summary>The audit annotations of this webhook on the last event about an object, without the webhook's name; waits for the event.</summary>
    /// <param name="verb">The verb of the API: create, update, patch, delete.</param>
    /// <param name="name">The name of the object.</param>
    /// <param name="namespace">Its namespace, or null for any.</param>
    public async Task<IReadOnlyDictionary<string, string>> AuditAnnotationsAsync(string verb, string name, string? @namespace = null)
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
        await Wait.UntilAsync($"an audit event: {verb} {name}", 20, async () =>
        {
            await using var stream = new FileStream(_server!.AuditLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            string text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            JsonNode? found = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => JsonNode.Parse(line)!)
                .LastOrDefault(entry => (string?)entry["verb"] == verb && (string?)entry["objectRef"]?["name"] == name
                    && (@namespace is null || (string?)entry["objectRef"]?["namespace"] == @namespace));
            foreach ((string key, JsonNode? value) in found?["annotations"]?.AsObject() ?? [])
            {
                int slash = key.IndexOf('/', StringComparison.Ordinal);
                if (key[..slash].EndsWith(".infoscale.internal", StringComparison.Ordinal))
                {
                    annotations[key[(slash + 1)..]] = (string)value!;
                }
            }

            return found is not null;
        });
        return annotations;
    }

    private async Task StartAsync(string program, string assets, IReadOnlyList<string> definitions)
    {
        _server = await ApiServer.StartAsync(assets, Directory.CreateDirectory(Path.Combine(_folder, "cluster")).FullName);
        await _server.InstallAsync(definitions);
        _webhook = new WebhookServer(program, Directory.CreateDirectory(Path.Combine(_folder, "webhook")).FullName);
        await _webhook.MakeCertificateAsync();
        await _webhook.ConfigureAsync(Enforce);
        await _webhook.StartAsync();

        // The API server asks NAME.NAMESPACE.svc; an ExternalName resolves that to this machine.
        (await Kubectl.WithInputAsync(
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: infoscale-webhook}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: infoscale-webhook, namespace: infoscale-webhook}
            spec: {type: ExternalName, externalName: localhost}
            """,
            "apply", "-f", "-")).Done();
        await RegisterAsync(Registration.Service);
    }

    private async Task<JsonObject> MutationConfigurationAsync()
    {
        IReadOnlyList<JsonObject> manifests = await Kubectl.RenderAsync(Checkout.PathOf("deploy", "overlays", "openshift-service-ca-mutation"));
        return manifests.Single(static manifest => (string?)manifest["kind"] == "MutatingWebhookConfiguration");
    }

    private async Task<JsonObject> WebhookConfigurationAsync(string folder)
    {
        IReadOnlyList<JsonObject> manifests = await Kubectl.RenderAsync(Checkout.PathOf(["deploy", .. folder.Split('/')]));
        return manifests.Single(static manifest => (string?)manifest["kind"] == "ValidatingWebhookConfiguration");
    }
}

/// <summary>With small definitions that take every field.</summary>
public sealed class SmallSchemaCluster : TestCluster
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string>? Definitions(out string whyNot)
    {
        whyNot = "";
        return [.. Directory.EnumerateFiles(Checkout.PathOf("tests", "Webhook.EndToEnd.Tests", "crds"), "*.yaml")];
    }
}

/// <summary>With the definitions of KubeVirt, nmstate, Multus and OVN-Kubernetes, which reject and drop what they do not know.</summary>
public sealed class RealSchemaCluster : TestCluster
{
    private static readonly string[] Judged =
    [
        "nmstate.io_nodenetworkconfigurationpolicies.yaml", "k8s.cni.cncf.io_network-attachment-definitions.yaml",
        "k8s.ovn.org_userdefinednetworks.yaml", "k8s.ovn.org_clusteruserdefinednetworks.yaml", "kubevirt.io_virtualmachines.yaml",
        "kubevirt.io_virtualmachineinstances.yaml", "kubevirt.io_virtualmachineinstancereplicasets.yaml", "pool.kubevirt.io_virtualmachinepools.yaml",
    ];

    /// <inheritdoc/>
    /// <remarks>An API server without CEL gets the copies without it.</remarks>
    protected override IReadOnlyList<string>? Definitions(out string whyNot)
    {
        whyNot = "no ../shared/crds beside the checkout";
        return Checkout.RealDefinitions is not string folder || ApiServer.FindAssets() is not string assets
            ? null
            : [.. Judged.Select(file => Path.Combine(folder, "compat-1.20", file) is string old && File.Exists(old) && ApiServer.IsOld(assets) ? old : Path.Combine(folder, file))];
    }
}
