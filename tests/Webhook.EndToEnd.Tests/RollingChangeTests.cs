using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>
/// Two replicas behind a TCP balancer, asked by the real API server at a constant rate, while everything is changed that changes in the life
/// of a webhook. Not one review may fail, time out or be answered wrongly, except those in flight in a process that is killed.
/// </summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(SmallSchemas))]
public sealed class RollingChangeTests(SmallSchemaCluster cluster) : IAsyncLifetime
{
    private const int PerSecond = 200;

    private readonly string _folder = Directory.CreateTempSubdirectory("webhook-rolling-").FullName;
    private readonly List<WebhookServer> _replicas = [];
    private Balancer? _balancer;

    public async ValueTask InitializeAsync()
    {
        if (WebhookServer.FindProgram() is not string program || !cluster.IsThere)
        {
            return;
        }

        // One folder for both: a Secret and a ConfigMap mounted twice.
        _replicas.AddRange([new WebhookServer(program, _folder, shutdownDelay: 2), new WebhookServer(program, _folder, shutdownDelay: 2)]);
        await _replicas[0].MakeCertificateAsync();
        await _replicas[0].ConfigureAsync(TestCluster.Enforce);
        await Task.WhenAll(_replicas.Select(static replica => replica.StartAsync()));
        _balancer = new Balancer(_replicas);
        await ReadyAsync();
        await cluster.UnregisterAsync();
        await cluster.RegisterAsync(TestCluster.Registration.Service, _balancer.Port, _replicas[0].Authority);
        await cluster.UntilAsync("the replicas are asked", static result => result.ExitCode != 0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_balancer is not null)
        {
            await cluster.RegisterAsync(TestCluster.Registration.Service);
            await _balancer.DisposeAsync();
        }

        foreach (WebhookServer replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_rolling_restart_fails_no_review()
    {
        cluster.Require();
        await using var load = new ReviewLoad(cluster.ApiServer, PerSecond);
        await load.MoreAsync(PerSecond);
        foreach (WebhookServer replica in _replicas)
        {
            Assert.Equal(0, await replica.StopAsync());
            await load.MoreAsync(PerSecond / 2);
            await replica.StartAsync();
            await ReadyAsync();
            await load.MoreAsync(PerSecond);
        }

        await FlawlessAsync(load);
    }

    [Fact]
    public async Task A_new_certificate_authority_fails_no_review()
    {
        cluster.Require();
        await using var load = new ReviewLoad(cluster.ApiServer, PerSecond);
        await load.MoreAsync(PerSecond);

        // A renewal from the same authority first.
        await RenewAsync();
        await load.MoreAsync(PerSecond / 2);

        // Then another authority: trusted beside the old one before anything is served that it signed, and alone only after that.
        string old = _replicas[0].Authority;
        string next = Directory.CreateDirectory(Path.Combine(_folder, "next")).FullName;
        await WebhookServer.MakeCertificateAsync(next);
        await TrustAsync(old + await File.ReadAllTextAsync(Path.Combine(next, "ca.crt"), TestContext.Current.CancellationToken), load);
        await RenewAsync(next);
        await TrustAsync(_replicas[0].Authority, load);
        await load.MoreAsync(PerSecond);

        await FlawlessAsync(load);
    }

    [Fact]
    public async Task A_new_configuration_and_a_broken_one_fail_no_review()
    {
        cluster.Require();
        await using var load = new ReviewLoad(cluster.ApiServer, PerSecond);
        await load.MoreAsync(PerSecond / 2);
        foreach ((string yaml, string logged) in ((string, string)[])[("mode: enforce\nmtu: {node: 9000}\n", "is in force"), ("mode: enforec\n", "cannot be used")])
        {
            await _replicas[0].ConfigureAsync(yaml);
            await Wait.UntilAsync(logged, 30, () => Task.FromResult(_replicas.All(replica => replica.Log.Contains(logged, StringComparison.Ordinal))));
            await load.MoreAsync(PerSecond / 2);
        }

        await FlawlessAsync(load);
    }

    [Fact]
    public async Task A_killed_replica_costs_what_was_in_flight_in_it_and_nothing_after()
    {
        cluster.Require();
        await using var load = new ReviewLoad(cluster.ApiServer, PerSecond);
        await load.MoreAsync(PerSecond);
        await _replicas[0].KillAsync();
        await load.MoreAsync(PerSecond / 2);
        int cut = load.Wrong.Count;
        Assert.InRange(cut, 0, 16); // The client has 16 connections, so no more can be in flight.
        await load.MoreAsync(2 * PerSecond);
        await _replicas[0].StartAsync();
        await load.MoreAsync(PerSecond);
        await load.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{load}");
        Assert.Equal((cut, 0), (load.Wrong.Count, load.Unreached));
    }

    [Fact]
    public async Task A_restart_of_the_API_server_leaves_no_wrong_answer_behind()
    {
        cluster.Require();
        await using var load = new ReviewLoad(cluster.ApiServer, PerSecond);
        await load.MoreAsync(PerSecond / 2);
        await cluster.ApiServer.RestartAsync();
        await load.MoreAsync(PerSecond);
        await load.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{load}");

        // While it is down nobody is asked; an API server that has just started refuses what it does not serve yet, or keeps it waiting. A review that
        // failed or timed out is told with the name of the webhook.
        Assert.DoesNotContain(load.Wrong, static answer => answer.Contains("webhook", StringComparison.Ordinal) || answer.StartsWith("201", StringComparison.Ordinal));
    }

    private static async Task FlawlessAsync(ReviewLoad load)
    {
        await load.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{load}");
        Assert.True(load.Wrong.Count == 0 && load.Unreached == 0, $"{load}");
    }

    private Task ReadyAsync() => Wait.UntilAsync("both replicas are ready", 30, () => Task.FromResult(_replicas.All(_balancer!.IsReady)));

    private async Task RenewAsync(string? from = null)
    {
        string before = await _replicas[0].ServedSerialNumberAsync();
        if (from is null)
        {
            await _replicas[0].MakeCertificateAsync();
        }
        else
        {
            foreach (string file in (string[])["ca.crt", "tls.key", "tls.crt"])
            {
                File.Copy(Path.Combine(from, file), Path.Combine(_folder, file), overwrite: true);
            }
        }

        foreach (WebhookServer replica in _replicas)
        {
            await Wait.UntilAsync("the new certificate is served", 30, async () => await replica.TryServedSerialNumberAsync() is string now && now != before);
        }
    }

    // The API server makes a new client for a changed registration, and with it new connections.
    private async Task TrustAsync(string authorities, ReviewLoad load)
    {
        int before = _balancer!.Accepted;
        await cluster.RegisterAsync(TestCluster.Registration.Service, _balancer.Port, authorities);
        await Wait.UntilAsync("the API server trusts these authorities", 30, () => Task.FromResult(_balancer.Accepted > before), () => $"{load}");
    }
}
