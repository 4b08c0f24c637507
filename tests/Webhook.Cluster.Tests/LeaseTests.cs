using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Webhook.Cluster.Tests;

public sealed class LeaseTests : IAsyncLifetime
{
    private readonly SteppedTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private WebApplication? _app;
    private ApiClient? _client;
    private JsonObject? _lease;
    private int _version;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(HandleAsync);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        string address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _client = new ApiClient(new ClusterConnection { Server = new Uri(address) }, "test/1.0", _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _client?.Dispose();
        await _app!.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_free_Lease_is_taken_and_given_back_at_the_end()
    {
        var leads = new TaskCompletionSource();
        Task run = Run("one", leads);
        await leads.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal("one", Holder);
        await _stop.CancelAsync();
        await run;
        Assert.Equal("", Holder);
    }

    [Fact]
    public async Task The_Lease_of_a_holder_that_died_is_taken_within_twenty_seconds_and_not_before_its_end()
    {
        Store(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "audit" },
            ["spec"] = new JsonObject { ["holderIdentity"] = "dead", ["leaseDurationSeconds"] = 15, ["renewTime"] = "2019-01-01T00:00:00.000000Z" },
        });
        var leads = new TaskCompletionSource();
        _ = Run("one", leads);
        DateTimeOffset start = _time.GetUtcNow();
        while (Holder == "dead")
        {
            await _time.StepAsync();
        }

        Assert.InRange(_time.GetUtcNow() - start, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(20));
        await leads.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Who_finds_another_holder_stops_its_work()
    {
        var leads = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        _ = Run("one", leads, ended);
        await leads.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        JsonObject stolen = _lease!.DeepClone().AsObject();
        stolen["spec"]!["holderIdentity"] = "two";
        Store(stolen);
        await _time.StepAsync();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal("two", Holder);
    }

    private string Holder => (string?)_lease?["spec"]?["holderIdentity"] ?? "";

    private Task Run(string identity, TaskCompletionSource leads, TaskCompletionSource? ended = null) => Task.Run(() =>
        new Lease(_client!, "infoscale-webhook", "audit", identity, _time).RunAsync(
            async token =>
            {
                leads.TrySetResult();
                await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ended?.TrySetResult();
            },
            _stop.Token));

    private void Store(JsonObject lease)
    {
        lease["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        _lease = lease;
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Method == "GET")
        {
            context.Response.StatusCode = _lease is null ? 404 : 200;
        }
        else
        {
            JsonObject sent = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
            bool fits = (string?)sent["metadata"]!["resourceVersion"] == (string?)_lease?["metadata"]?["resourceVersion"];
            context.Response.StatusCode = fits ? 200 : 409;
            if (fits)
            {
                Store(sent);
            }
        }

        await context.Response.WriteAsync(_lease?.ToJsonString() ?? "{}");
    }

    // Moves on only when the Lease waits, so that no wait is missed.
    private sealed class SteppedTime : FakeTimeProvider
    {
        private readonly Channel<bool> _waits = Channel.CreateUnbounded<bool>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Lease.RetryPeriod)
            {
                _waits.Writer.TryWrite(true);
            }

            return timer;
        }

        public async Task StepAsync()
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(20));
            await _waits.Reader.ReadAsync(patience.Token);
            Advance(Lease.RetryPeriod);
        }
    }
}
