using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Webhook.Resources;

namespace Webhook.Cluster.Tests;

/// <summary>A reflector at work against a fake API server, on a clock of its own.</summary>
internal sealed class Running : IAsyncDisposable, IClusterObserver
{
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    private readonly Channel<StoreChange> _changes = Channel.CreateUnbounded<StoreChange>();
    private readonly CancellationTokenSource _stop = new();
    private readonly ApiClient _client;
    private readonly Task _run;

    private Running(FakeApiServer server, ClusterCredentials credentials)
    {
        Server = server;
        _client = new ApiClient(new ClusterConnection { Server = server.Address, Credentials = credentials }, "test/1.0", Time);
        Reflector = new Reflector(_client, server.Kind, _changes.Writer, Time, this, new Random(1));
        _run = Task.Run(() => Reflector.RunAsync(_stop.Token));
    }

    public FakeApiServer Server { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public Reflector Reflector { get; }

    public IEnumerable<string> Names => Reflector.Store.Snapshot.Keys.Select(static key => key.Name).Order(StringComparer.Ordinal);

    public static Running Start(FakeApiServer server, ClusterCredentials? credentials = null) => new(server, credentials ?? ClusterCredentials.Anonymous);

    /// <summary>Waits until the reflector says something that begins like this; on the way, its waits are cut short.</summary>
    public async Task<string> HearAsync(string beginning)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            string heard = await _heard.Reader.ReadAsync(patience.Token);
            if (heard.StartsWith(beginning, StringComparison.Ordinal))
            {
                return heard;
            }

            if (heard.StartsWith("waits ", StringComparison.Ordinal))
            {
                Time.Advance(Delay(heard));
            }
        }
    }

    /// <summary>Waits until the reflector waits, and gives for how long; the clock stands.</summary>
    public async Task<TimeSpan> WaitAsync() => Delay(await HearAsync("waits "));

    public async Task<StoreChange> ChangeAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        return await _changes.Reader.ReadAsync(patience.Token);
    }

    public bool HasChange => _changes.Reader.TryPeek(out _);

    public void Listed(ClusterKind kind, int count, long bytes) => _heard.Writer.TryWrite($"listed {count}");

    public void Watching(ClusterKind kind) => _heard.Writer.TryWrite("watching");

    public void Absent(ClusterKind kind) => _heard.Writer.TryWrite("absent");

    public void Failed(ClusterKind kind, ApiError error) => _heard.Writer.TryWrite($"failed {error.Label} {error.Message}");

    public void Waits(ClusterKind kind, TimeSpan delay) => _heard.Writer.TryWrite($"waits {delay}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _client.Dispose();
        _stop.Dispose();
    }

    private static TimeSpan Delay(string heard) => TimeSpan.Parse(heard["waits ".Length..], System.Globalization.CultureInfo.InvariantCulture);
}
