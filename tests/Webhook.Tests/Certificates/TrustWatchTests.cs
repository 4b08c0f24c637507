using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Webhook.Certificates;
using Webhook.Cluster;
using Webhook.Hosting;
using Webhook.Tests.Commands;
using Webhook.Tests.Hosting;

namespace Webhook.Tests.Certificates;

/// <summary>Whether a replica knows that the API server does not trust what it serves, however the certificate was made.</summary>
public sealed class TrustWatchTests : IAsyncLifetime
{
    private readonly WebhookMetrics _metrics = new();
    private CertificateCluster _cluster = null!;
    private ApiClient _client = null!;
    private IssuedCertificate _issued = null!;
    private TrustWatch _watch = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await CertificateCluster.StartAsync();
        _client = _cluster.NewClient();
        _issued = IssuedCertificate.Make(["infoscale-webhook.infoscale-webhook.svc"], _cluster.Time.GetUtcNow());
        var served = new ServerCertificate(_metrics, NullLogger<ServerCertificate>.Instance);
        served.Serve(_issued.CertificatePem, _issued.KeyPem);
        _watch = new TrustWatch(
            _client, WebhookConfiguration.DefaultName, new ServedTrust(served, _metrics, _cluster.Time, NullLogger<ServedTrust>.Instance));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _metrics.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Distrusted_by_every_webhook_it_is_not_ready_and_says_why()
    {
        _cluster.SetBundles(Other());
        Assert.Null(await LookAsync());
        Assert.Equal(
            "the API server does not trust the certificate that is served: ValidatingWebhookConfiguration infoscale-webhook, w0.infoscale.internal: "
            + "the caBundle has other authorities",
            _watch.Problem);
        Assert.Contains("infoscale_webhook_certificate_distrusted 4\n", Metrics(), StringComparison.Ordinal);

        _cluster.SetBundles(Own());
        await LookAsync();
        Assert.Null(_watch.Problem);
        Assert.Contains("infoscale_webhook_certificate_distrusted 0\n", Metrics(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trusted_by_one_webhook_it_stays_ready_for_that_one()
    {
        _cluster.SetBundles(Own());
        _cluster.Configure("mutatingwebhookconfigurations", "infoscale-webhook", "by-another-name");
        await LookAsync();
        Assert.Null(_watch.Problem);
        Assert.Contains("infoscale_webhook_certificate_distrusted 1\n", Metrics(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(503)]
    public async Task What_cannot_be_read_leaves_what_was_read_last(int code)
    {
        _cluster.SetBundles(Own());
        await LookAsync();
        _cluster.SetBundles(Other());
        _cluster.Fault = ("GET validating", code);
        Assert.NotNull(await LookAsync());
        Assert.Null(_watch.Problem);

        await LookAsync();
        Assert.NotNull(_watch.Problem);
        _cluster.SetBundles(Own());
        _cluster.Fault = ("GET validating", code);
        await LookAsync();
        Assert.Null(_watch.Problem); // the mutating ones were read, and trust it
    }

    [Fact]
    public async Task What_nobody_may_read_does_not_exist_or_has_no_caBundle_is_no_reason()
    {
        await LookAsync();
        Assert.Null(_watch.Problem); // no caBundle
        await using CertificateCluster empty = await CertificateCluster.StartAsync("validatingwebhookconfigurations");
        var served = new ServerCertificate(_metrics, NullLogger<ServerCertificate>.Instance);
        served.Serve(_issued.CertificatePem, _issued.KeyPem);
        using ApiClient client = empty.NewClient();
        var watch = new TrustWatch(client, "another", new ServedTrust(served, _metrics, empty.Time, NullLogger<ServedTrust>.Instance));
        await watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.Null(watch.Problem);
        empty.Fault = ("GET", 403);
        await watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.Null(watch.Problem);
    }

    [Theory]
    [InlineData("Cg==", "the caBundle cannot be read")]
    [InlineData("no base64", "the caBundle cannot be read")]
    public async Task A_caBundle_that_cannot_be_read_trusts_nobody(string bundle, string reason)
    {
        _cluster.SetBundles(bundle);
        await LookAsync();
        Assert.EndsWith(reason, _watch.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_leads_nowhere_is_distrusted_and_breaks_nothing()
    {
        foreach (string resource in WebhookConfiguration.Resources)
        {
            _cluster.Configure(resource, "infoscale-webhook", "no host");
        }

        Assert.Null(await LookAsync());
        Assert.EndsWith("it leads to no host", _watch.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_and_one_for_another_name_are_not_trusted()
    {
        _cluster.SetBundles(Own());
        foreach (string resource in WebhookConfiguration.Resources)
        {
            _cluster.Configure(resource, "infoscale-webhook", "other");
        }

        await LookAsync();
        Assert.EndsWith("the certificate is not for other.infoscale-webhook.svc", _watch.Problem, StringComparison.Ordinal);
        _cluster.Time.Advance(TimeSpan.FromDays(91));
        await LookAsync();
        Assert.EndsWith("the certificate has expired", _watch.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_readiness_probe_gets_the_reason_and_recovers()
    {
        _cluster.SetBundles(Other());
        using var folder = new TemporaryFolder();
        await using RunningServer server = await RunningServer.StartAsync(
            new ServeOptions
            {
                CertificateFile = folder.Write("tls.crt", _issued.CertificatePem),
                KeyFile = folder.Write("tls.key", _issued.KeyPem),
                Cluster = new ClusterConnection { Server = _cluster.Address },
            },
            time: _cluster.Time);
        await UntilAsync(server, HttpStatusCode.ServiceUnavailable, "the API server does not trust the certificate that is served: ", _cluster);
        _cluster.SetBundles(Own());
        await UntilAsync(server, HttpStatusCode.OK, "ok", _cluster);
        using HttpResponseMessage alive = await server.Client.GetAsync(new Uri("/livez", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(alive.IsSuccessStatusCode);
    }

    private static async Task UntilAsync(RunningServer server, HttpStatusCode code, string text, CertificateCluster cluster)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (int tries = 1; ; tries++)
        {
            using HttpResponseMessage answer = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative), patience.Token);
            if (answer.StatusCode == code && (await answer.Content.ReadAsStringAsync(patience.Token)).StartsWith(text, StringComparison.Ordinal))
            {
                return;
            }

            // Not while a call is under way: it would be too late at once.
            if (tries % 50 == 0)
            {
                cluster.Time.Advance(CertificateLoop.Interval);
            }
        }
    }

    private static string Other() => AuthorityBundle.Of([IssuedCertificate.Make(["x"], new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).Authority]).Write();

    private string Own() => AuthorityBundle.Of([_issued.Authority]).Write();

    private Task<ApiError?> LookAsync() => _watch.LookAsync(TestContext.Current.CancellationToken);

    private string Metrics()
    {
        using var text = new MetricsText(_metrics);
        return text.Write();
    }
}
