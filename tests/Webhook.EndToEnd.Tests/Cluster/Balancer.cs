using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>
/// What a Service and the kubelet's probes are to the replicas: a TCP port that leads each new connection to the next replica which said
/// that it is ready when it was last asked. Connections that are open stay where they are.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<WebhookServer> _replicas;
    private readonly ConcurrentDictionary<WebhookServer, bool> _ready = new();
    private readonly List<Task> _tasks = [];
    private int _accepted;
    private int _next;

    /// <summary>Listens, and probes the replicas from now on.</summary>
    public Balancer(IReadOnlyList<WebhookServer> replicas)
    {
        _replicas = replicas;
        _listener.Start();
        _tasks.Add(AcceptAsync());
        foreach (WebhookServer replica in replicas)
        {
            _tasks.Add(ProbeAsync(replica));
        }
    }

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were made to it.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Whether the replica was ready when it was last asked.</summary>
    public bool IsReady(WebhookServer replica) => _ready.GetValueOrDefault(replica);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_tasks);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ProbeAsync(WebhookServer replica)
    {
        using var timer = new PeriodicTimer(ProbePeriod);
        do
        {
            // As the kubelet has it: a connection of its own for each probe, and any certificate will do.
#pragma warning disable CA5359 // See above.
            using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true } };
#pragma warning restore CA5359
            using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(1) };
            try
            {
                _ready[replica] = await replica.IsReadyAsync(client);
            }
            catch (OperationCanceledException)
            {
                _ready[replica] = false;
            }
        }
        while (await NextAsync(timer));
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                TcpClient caller = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                _ = LeadAsync(caller);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // Stopped.
            }
        }
    }

    private async Task LeadAsync(TcpClient caller)
    {
        using (caller)
        {
            for (int i = 0; i < _replicas.Count; i++)
            {
                WebhookServer replica = _replicas[(int)((uint)Interlocked.Increment(ref _next) % (uint)_replicas.Count)];
                using var callee = new TcpClient();
                try
                {
                    if (!IsReady(replica))
                    {
                        continue;
                    }

                    await callee.ConnectAsync(IPAddress.Loopback, replica.Port, _stop.Token);
                }
                catch (Exception exception) when (exception is SocketException or OperationCanceledException)
                {
                    continue; // Gone since it was last asked: the next one.
                }

                caller.NoDelay = true;
                callee.NoDelay = true;
                await Task.WhenAny(PassAsync(caller, callee), PassAsync(callee, caller));
                return;
            }
        }
    }

    // When one side ends, both do: what was sent before has been passed on.
    private async Task PassAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), _stop.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two went away.
        }
    }
}
