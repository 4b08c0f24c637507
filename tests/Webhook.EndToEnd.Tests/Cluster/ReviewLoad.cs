using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>
/// A constant rate of dry-run creates through the API server, each of which it asks the webhook about: good networks and, one in four, one
/// that must be denied. Requests start by the clock whether or not earlier ones are answered; where a second's worth of them waits, API server and
/// machine cannot take that rate, and no more are started until they can. <see cref="ToString"/> says what rate that came to.
/// </summary>
internal sealed class ReviewLoad : IAsyncDisposable
{
    private const string Networks = "/apis/k8s.cni.cncf.io/v1/namespaces/default/network-attachment-definitions?dryRun=All";

    private readonly HttpClient _client;
    private readonly int _perSecond;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentQueue<double> _milliseconds = new();
    private readonly Task _running;
    private int _right;
    private int _unreached;
    private double _seconds;

    /// <summary>Starts.</summary>
    public ReviewLoad(ApiServer server, int perSecond)
    {
        _client = server.NewClient();
        _perSecond = perSecond;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Answers that were right: created, or denied by the rule that must.</summary>
    public int Right => Volatile.Read(ref _right);

    /// <summary>Requests that did not reach the API server.</summary>
    public int Unreached => Volatile.Read(ref _unreached);

    /// <summary>Every other answer.</summary>
    public IReadOnlyList<string> Wrong => [.. _wrong];

    /// <summary>Waits for so many more right answers.</summary>
    public Task MoreAsync(int count)
    {
        int goal = Right + count;
        return Wait.UntilAsync($"{count} more right answers", 60, () => Task.FromResult(Right >= goal), () => $"{this}");
    }

    /// <summary>Starts no more requests and waits for the answers.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _seconds = _seconds > 0 ? _seconds : Stopwatch.GetElapsedTime(_start).TotalSeconds;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        double[] sorted = [.. _milliseconds.Order()];
        string slowest = sorted.Length == 0 ? "" : $", p50 {sorted[sorted.Length / 2]:0} ms, p99 {sorted[sorted.Length * 99 / 100]:0} ms, slowest {sorted[^1]:0} ms";
        double rate = sorted.Length / (_seconds > 0 ? _seconds : Stopwatch.GetElapsedTime(_start).TotalSeconds);
        return $"{Right} right, {_wrong.Count} wrong, {Unreached} not reached; {rate:0}/s of {_perSecond}/s{slowest}\n{string.Join('\n', _wrong.Take(5))}";
    }

    private async Task RunAsync()
    {
        var requests = new ConcurrentDictionary<Task, byte>();
        int started = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_stop.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            for (int due = (int)(Stopwatch.GetElapsedTime(_start).TotalSeconds * _perSecond); started < due; started++)
            {
                if (requests.Count >= _perSecond)
                {
                    started = due; // Left out, not made up for later.
                    break;
                }

                Task request = AskAsync(isGood: started % 4 != 0);
                requests[request] = 0;
                _ = request.ContinueWith(done => requests.TryRemove(done, out _), TaskScheduler.Default);
            }
        }

        await Task.WhenAll(requests.Keys);
    }

    private async Task AskAsync(bool isGood)
    {
        string mtu = isGood ? "\\\"mtu\\\":8990," : "";
        using var content = new StringContent(
            $$$"""
            {"apiVersion":"k8s.cni.cncf.io/v1","kind":"NetworkAttachmentDefinition","metadata":{"name":"load","labels":{"infoscale.internal/role":"llt"}},
            "spec":{"config":"{\"cniVersion\":\"0.3.1\",\"name\":\"load\",\"type\":\"ovn-k8s-cni-overlay\",\"topology\":\"localnet\",{{{mtu}}}\"physicalNetworkName\":\"physnet-llt1\",\"netAttachDefName\":\"default/load\"}"}}
            """,
            Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        long start = Stopwatch.GetTimestamp();
        try
        {
            using HttpResponseMessage response = await _client.PostAsync(new Uri(Networks, UriKind.Relative), content);
            string text = await response.Content.ReadAsStringAsync();
            _milliseconds.Enqueue(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            bool isRight = isGood ? response.StatusCode == HttpStatusCode.Created
                : response.StatusCode == HttpStatusCode.UnprocessableEntity && text.Contains("nad-mtu-not-jumbo", StringComparison.Ordinal);
            if (isRight)
            {
                Interlocked.Increment(ref _right);
            }
            else
            {
                _wrong.Enqueue($"{(int)response.StatusCode} {text}");
            }
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _unreached);
        }
        catch (OperationCanceledException)
        {
            _wrong.Enqueue("no answer within 20 s");
        }
    }
}
