using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>A cluster of its own: nobody else keeps the caBundle.</summary>
[CollectionDefinition(nameof(BuiltIn))]
public sealed class BuiltIn : ICollectionFixture<SmallSchemaCluster>;

/// <summary>
/// Two replicas that make, share and renew their certificate themselves, with no more rights than deploy/overlays/built-in-certificates gives them,
/// asked by the real API server at a constant rate while the authority changes again and again.
/// </summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(BuiltIn))]
public sealed class BuiltInCertificateTests(SmallSchemaCluster cluster) : IAsyncLifetime
{
    private const int PerSecond = 200;
    private const string Account = "system:serviceaccount:infoscale-webhook:infoscale-webhook";
    private const string Secret = "infoscale-webhook-certificate";

    private readonly string _folder = Directory.CreateTempSubdirectory("webhook-built-in-").FullName;
    private readonly List<WebhookServer> _replicas = [];
    private string _kubeconfig = "";
    private Balancer? _balancer;

    public async ValueTask InitializeAsync()
    {
        if (WebhookServer.FindProgram() is not string program || !cluster.IsThere)
        {
            return;
        }

        await cluster.UnregisterAsync();
        _kubeconfig = await cluster.AccountAsync("built-in-certificates");
        string[] arguments = ["--kubeconfig", _kubeconfig, WebhookServer.BuiltIn];
        _replicas.AddRange([new WebhookServer(program, _folder, 2, arguments), new WebhookServer(program, _folder, 2, arguments)]);
        await _replicas[0].ConfigureAsync(TestCluster.Enforce);
        _balancer = new Balancer(_replicas);
        await RegisterAsync();
        await Task.WhenAll(_replicas.Select(static replica => replica.StartAsync()));
        await ReadyAsync();
        await cluster.UntilAsync("the replicas are asked", static result => result.ExitCode != 0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_balancer is not null)
        {
            await _balancer.DisposeAsync();
        }

        foreach (WebhookServer replica in _replicas)
        {
            // All but the many denials.
            string[] lines = [.. replica.Log.Split('\n').Where(static line => !line.Contains("\"EventId\":1000,", StringComparison.Ordinal))];
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', lines));
            await replica.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Renewals_with_a_new_authority_each_fail_no_review()
    {
        cluster.Require();
        string foreign = await ForeignAsync();
        await using var load = new ReviewLoad(cluster.ApiServer, PerSecond);
        await load.MoreAsync(2 * PerSecond);

        // The Secret is deleted; then it is damaged; then deleted again with a restart of a replica in the middle of the change.
        await RenewAsync("delete", "secret", Secret);
        await load.MoreAsync(2 * PerSecond);
        await RenewAsync("patch", "secret", Secret, "--type=merge", "-p", """{"data":{"tls.key":"bm9uZQ=="}}""");
        await load.MoreAsync(2 * PerSecond);
        Task renewal = RenewAsync("delete", "secret", Secret);
        Assert.Equal(0, await _replicas[1].StopAsync());
        await _replicas[1].StartAsync();
        await renewal;
        await ReadyAsync();
        await load.MoreAsync(2 * PerSecond);

        await load.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{load}");
        Assert.True(load.Wrong.Count == 0 && load.Unreached == 0, $"{load}\n{_replicas[0].Log}\n{_replicas[1].Log}");

        // All four authorities hold still, in each webhook of both configurations.
        foreach (string bundle in await BundlesAsync())
        {
            Assert.Equal(4, Regex.Count(bundle, "BEGIN CERTIFICATE"));
        }

        Assert.Equal(foreign, await ForeignAsync());
        Assert.DoesNotContain(_replicas, static replica => replica.Log.Contains("PRIVATE", StringComparison.Ordinal));

        (int code, string output, string error) = await CertsAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.True(code == 0 && output.EndsWith("They agree\n", StringComparison.Ordinal), $"{code}\n{output}\n{error}");

        // Somebody takes the authority away: certs says so, and the replicas mend it.
        await RegisterAsync();
        await Wait.UntilAsync("the caBundle is mended", 30, async () => (await BundlesAsync()).All(static bundle => bundle.Length > 0), () => _replicas[0].Log);
        Assert.Equal(0, (await CertsAsync()).Code);

        // Each right was used, none was lacking, and more is not there.
        (HashSet<string> used, List<string> denied) = await UsedAsync();
        Assert.Empty(denied);
        Assert.Superset(
            new HashSet<string>(
                [
                    "create secrets", "get secrets", "update secrets", "get validatingwebhookconfigurations", "patch validatingwebhookconfigurations",
                    "get mutatingwebhookconfigurations", "patch mutatingwebhookconfigurations",
                ],
                StringComparer.Ordinal),
            used);
        foreach (string forbidden in (string[])["patch validatingwebhookconfigurations/other", "delete validatingwebhookconfigurations/infoscale-webhook", "get secrets/other", "list secrets"])
        {
            KubectlResult answer = await cluster.Kubectl.RunAsync(["auth", "can-i", .. forbidden.Split(' '), "--as", Account, "-n", "infoscale-webhook"]);
            Assert.Equal("no", answer.Output.Trim());
        }
    }

    // As the overlay has it: no caBundle. The mutating one asks about nothing, as the load has networks that it would complete.
    private async Task RegisterAsync()
    {
        foreach (JsonObject manifest in await cluster.Kubectl.RenderAsync(Checkout.PathOf("deploy", "overlays", "built-in-certificates-mutation")))
        {
            string kind = (string)manifest["kind"]!;
            if (!kind.EndsWith("WebhookConfiguration", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (JsonNode? entry in manifest["webhooks"]!.AsArray())
            {
                entry!["clientConfig"]!["service"]!["port"] = _balancer!.Port;
                if (kind.StartsWith("Mutating", StringComparison.Ordinal))
                {
                    entry["objectSelector"] = JsonNode.Parse("""{"matchLabels":{"nobody":"has-this"}}""");
                }
            }

            bool isThere = (await cluster.Kubectl.RunAsync("get", kind, "infoscale-webhook")).ExitCode == 0;
            (await cluster.Kubectl.WithInputAsync(manifest.ToJsonString(), isThere ? "replace" : "create", "-f", "-")).Done();
        }
    }

    private async Task RenewAsync(params string[] change)
    {
        string before = await _replicas[0].ServedSerialNumberAsync();
        (await cluster.Kubectl.RunAsync([.. change, "-n", "infoscale-webhook"])).Done();
        foreach (WebhookServer replica in _replicas)
        {
            await Wait.UntilAsync(
                "the new certificate of the Secret is served",
                90,
                async () => await TryServedAsync(replica) is string now && now != before && now == await StoredAsync(),
                () => replica.Log);
        }
    }

    private async Task<string?> StoredAsync()
    {
        KubectlResult stored = await cluster.Kubectl.RunAsync("get", "secret", Secret, "-n", "infoscale-webhook", "-o", @"jsonpath={.data.tls\.crt}");
        return stored.ExitCode != 0 ? null
            : X509Certificate2.CreateFromPem(System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(stored.Output))).SerialNumber;
    }

    // Null while the replica is down.
    private static async Task<string?> TryServedAsync(WebhookServer replica)
    {
        try
        {
            return await replica.ServedSerialNumberAsync();
        }
        catch (Exception exception) when (exception is System.Net.Sockets.SocketException or IOException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<string>> BundlesAsync()
    {
        var bundles = new List<string>();
        foreach (string kind in (string[])["validatingwebhookconfiguration", "mutatingwebhookconfiguration"])
        {
            string json = (await cluster.Kubectl.RunAsync("get", kind, "infoscale-webhook", "-o", "json")).Done().Output;
            bundles.AddRange(JsonNode.Parse(json)!["webhooks"]!.AsArray()
                .Select(static entry => System.Text.Encoding.ASCII.GetString(Convert.FromBase64String((string?)entry!["clientConfig"]!["caBundle"] ?? ""))));
        }

        return bundles;
    }

    // The version of a configuration of somebody else, which is made at the first call.
    private async Task<string> ForeignAsync()
    {
        await cluster.Kubectl.WithInputAsync(
            """{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"other"},"webhooks":[]}""", "create", "-f", "-");
        return (await cluster.Kubectl.RunAsync("get", "validatingwebhookconfiguration", "other", "-o", "jsonpath={.metadata.resourceVersion}")).Done().Output;
    }

    private async Task<(int Code, string Output, string Error)> CertsAsync()
    {
        var start = new ProcessStartInfo(
            WebhookServer.FindProgram()!, ["certs", "--address", $"localhost:{_replicas[0].Port}", "--cluster", "--kubeconfig", _kubeconfig])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, error);
    }

    private async Task<(HashSet<string> Used, List<string> Denied)> UsedAsync()
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var denied = new List<string>();
        await using var stream = new FileStream(cluster.ApiServer.AuditLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        string text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (string line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonNode record = JsonNode.Parse(line)!;
            if ((string?)record["user"]!["username"] == Account && record["objectRef"]?["resource"] is JsonNode resource)
            {
                used.Add($"{record["verb"]} {resource}");
                if ((int?)record["responseStatus"]?["code"] is 401 or 403)
                {
                    denied.Add(line);
                }
            }
        }

        return (used, denied);
    }

    private Task ReadyAsync() => Wait.UntilAsync("both replicas are ready", 60, () => Task.FromResult(_replicas.All(_balancer!.IsReady)), () => _replicas[0].Log);
}
