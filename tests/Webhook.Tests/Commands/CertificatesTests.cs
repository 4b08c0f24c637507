using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Webhook.Certificates;
using Webhook.Hosting;
using Webhook.Tests.Certificates;
using Webhook.Tests.Hosting;

namespace Webhook.Tests.Commands;

/// <summary><c>certs</c> against a server and an API server.</summary>
public sealed partial class CertificatesTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private CertificateCluster _cluster = null!;
    private RunningServer _server = null!;
    private string _address = "", _kubeconfig = "";

    public async ValueTask InitializeAsync()
    {
        _cluster = await CertificateCluster.StartAsync();
        _cluster.Time.SetUtcNow(Run.Now.AddDays(-10));
        using var replica = new Replica(_cluster);
        await replica.LookAsync();
        _server = await RunningServer.StartAsync(new ServeOptions
        {
            CertificateFile = _folder.Write("tls.crt", _cluster.Text("tls.crt")),
            KeyFile = _folder.Write("tls.key", _cluster.Text("tls.key")),
        });
        _address = $"localhost:{_server.Server.Address.Port}";
        _kubeconfig = _folder.Write("kubeconfig",
            $$"""
            apiVersion: v1
            kind: Config
            current-context: test
            clusters: [{name: test, cluster: {server: "{{_cluster.Address}}"} }]
            users: [{name: test, user: {token: not-a-real-token} }]
            contexts: [{name: test, context: {cluster: test, user: test} }]
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_served_stored_and_trusted_is_shown_and_agrees()
    {
        Run run = await CertsAsync("--cert", Path.Combine(_folder.Path, "tls.crt"), "--cluster", "--kubeconfig", _kubeconfig);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(
            """
            served at localhost:PORT
              certificate  CN=infoscale-webhook.infoscale-webhook.svc
              signed by    CN=infoscale-webhook-ca
              for          infoscale-webhook.infoscale-webhook.svc, infoscale-webhook.infoscale-webhook.svc.cluster.local
              valid        2026-06-05T11:00:00Z to 2026-09-03T12:00:00Z, 80 days left
              SHA-256      FINGERPRINT

            file FOLDER/tls.crt
              the one that is served

            Secret infoscale-webhook/infoscale-webhook-certificate
              the one that is served

            ValidatingWebhookConfiguration infoscale-webhook
              all 2 webhooks: trusts what is served
              authority    CN=infoscale-webhook-ca until 2026-09-03T12:00:00Z, 80 days left

            MutatingWebhookConfiguration infoscale-webhook
              all 2 webhooks: trusts what is served
              authority    CN=infoscale-webhook-ca until 2026-09-03T12:00:00Z, 80 days left

            They agree

            """,
            Plain(run.Output));
    }

    [Fact]
    public async Task What_does_not_agree_is_said_and_fails()
    {
        IssuedCertificate other = IssuedCertificate.Make(["other.test"], Run.Now), old = IssuedCertificate.Make(["old.test"], Run.Now.AddDays(-91));
        _cluster.SetBundles(AuthorityBundle.Of([other.Authority]).Write());
        Run run = await CertsAsync("--cert", _folder.Write("old.crt", old.CertificatePem), "--cluster", "--kubeconfig", _kubeconfig);
        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.EndsWith(
            """
            ValidatingWebhookConfiguration infoscale-webhook
              all 2 webhooks: the caBundle has other authorities
              authority    CN=infoscale-webhook-ca until 2026-09-13T12:00:00Z, 90 days left

            MutatingWebhookConfiguration infoscale-webhook
              all 2 webhooks: the caBundle has other authorities
              authority    CN=infoscale-webhook-ca until 2026-09-13T12:00:00Z, 90 days left

            problem: the certificate of FOLDER/old.crt has expired
            problem: the certificate of FOLDER/old.crt is not the one that is served; in the middle of a change that passes by itself
            problem: ValidatingWebhookConfiguration infoscale-webhook does not trust what is served in 2 of 2 webhooks: the caBundle has other authorities
            problem: MutatingWebhookConfiguration infoscale-webhook does not trust what is served in 2 of 2 webhooks: the caBundle has other authorities

            """,
            Plain(run.Output),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_by_another_name_and_one_without_caBundle_are_told_apart()
    {
        _cluster.Configure("validatingwebhookconfigurations", "infoscale-webhook", "infoscale-webhook", "other");
        Run run = await CertsAsync("--cluster", "--kubeconfig", _kubeconfig);
        Assert.Equal(1, run.Code);
        Assert.Contains(
            "  w0.infoscale.internal: no caBundle: the API server asks the authorities of its own machine\n"
            + "  w1.infoscale.internal: the certificate is not for other.infoscale-webhook.svc\n",
            run.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_the_same_as_JSON()
    {
        Run run = await CertsAsync("--cluster", "--kubeconfig", _kubeconfig, "-o", "json");
        Assert.Equal(0, run.Code);
        JsonNode document = JsonNode.Parse(run.Output)!;
        Assert.Equal(["certificates", "configurations", "problems", "notSeen", "agree"], document.AsObject().Select(static member => member.Key));
        Assert.True((bool)document["agree"]!);
        Assert.Equal(("served", "secret"), ((string?)document["certificates"]![0]!["kind"], (string?)document["certificates"]![1]!["kind"]));
        Assert.Equal("2026-09-03T12:00:00Z", (string?)document["certificates"]![0]!["certificate"]!["notAfter"]);
        Assert.True((bool)document["configurations"]![1]!["webhooks"]![1]!["trustsServed"]!);
    }

    [Fact]
    public async Task What_cannot_be_seen_is_an_error_of_its_own()
    {
        Run nobody = await Run.Of("certs", "--address", "localhost:1");
        Assert.Equal(2, nobody.Code);
        Assert.StartsWith("error: localhost:1: ", nobody.Error, StringComparison.Ordinal);

        _cluster.Fault = ("GET secrets", 403);
        Run named = await CertsAsync("--cluster", "--kubeconfig", _kubeconfig, "--cert-secret", CertificateSecret.DefaultName);
        Assert.Equal(
            (2, "error: infoscale-webhook/infoscale-webhook-certificate: get secrets: 403, the account has no right to\n"), (named.Code, named.Error));

        _cluster.Fault = ("GET mutating", 403);
        Run forbidden = await CertsAsync("--cluster", "--kubeconfig", _kubeconfig);
        Assert.Equal((2, "error: get mutatingwebhookconfigurations: 403, the account has no right to\n"), (forbidden.Code, forbidden.Error));
        Assert.EndsWith("What was seen agrees\n", forbidden.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_account_may_not_read_Secrets_the_rest_is_compared()
    {
        _cluster.DeleteSecret();
        _cluster.Fault = ("GET secrets", 403);
        Run run = await CertsAsync("--cluster", "--kubeconfig", _kubeconfig);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("  not looked at: this account may not read Secrets\n", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("They agree\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is no HOST:PORT", "--address", "a/b")]
    [InlineData("give --cluster", "--cert-secret", "x")]
    [InlineData("give --cluster", "--context", "x")]
    public async Task Wrong_usage_says_what_is_wrong(string reason, params string[] arguments)
    {
        Run run = await Run.Of(["certs", .. arguments]);
        Assert.Equal(2, run.Code);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_anything_to_compare_it_says_so_and_help_teaches()
    {
        Run run = await CertsAsync();
        Assert.Equal(0, run.Code);
        Assert.EndsWith("There is nothing to compare it with: give --cert FILE, or --cluster\n", run.Output, StringComparison.Ordinal);
        Run help = await Run.Of("certs", "--help");
        Assert.Contains("Exit code:\n  0  ", help.Output, StringComparison.Ordinal);
        Assert.Contains("port-forward", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_private_key_is_printed()
    {
        string key = _cluster.Text("tls.key");
        foreach (string format in (string[])["text", "json"])
        {
            Run run = await CertsAsync("--cert", Path.Combine(_folder.Path, "tls.key"), "--cluster", "--kubeconfig", _kubeconfig, "-o", format);
            Assert.Equal(2, run.Code);
            foreach (string line in key.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.DoesNotContain(line, run.Output + run.Error, StringComparison.Ordinal);
            }
        }
    }

    private Task<Run> CertsAsync(params string[] arguments) => Run.Of(["certs", "--address", _address, .. arguments]);

    private string Plain(string output) => Digits().Replace(output, "FINGERPRINT").Replace(_address, "localhost:PORT", StringComparison.Ordinal)
        .Replace(_folder.Path, "FOLDER", StringComparison.Ordinal);

    [GeneratedRegex("[0-9A-F]{64}")]
    private static partial Regex Digits();
}
