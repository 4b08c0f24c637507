using System.Diagnostics;

namespace Webhook.Benchmarks;

/// <summary>Twenty requests a second over one connection: the normal case of an admission webhook, with cold caches and sleeping processors.</summary>
/// <param name="server">Who is asked.</param>
/// <param name="name">What the load is called.</param>
/// <param name="requests">The requests, in turn.</param>
/// <param name="wanted">What each answer must hold.</param>
internal sealed class SlowLoad(ServerProcess server, string name, byte[][] requests, byte[] wanted)
{
    /// <summary>How long <see cref="Run"/> takes.</summary>
    public const int SecondsOfTurn = 5;

    private const int Rate = 20;

    private readonly List<double> _times = [];
    private double _cpu;

    /// <summary>What the load is called.</summary>
    public string Name => name;

    /// <summary>Processor seconds of one request.</summary>
    public double Cpu => _cpu / _times.Count;

    /// <summary>Milliseconds within which so many of a hundred requests were answered.</summary>
    public double Percentile(int percent) => _times.Order().ElementAt(_times.Count * percent / 100) * 1000;

    /// <summary>One turn.</summary>
    public void Run()
    {
        using var client = new LoadClient(server.Port);
        double cpu = server.CpuSeconds();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Rate * SecondsOfTurn; i++)
        {
            TimeSpan wait = TimeSpan.FromSeconds(i / (double)Rate) - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                // The pace of the load: the next request is not due yet.
                Thread.Sleep(wait);
            }

            _times.Add(client.Time(requests[_times.Count % requests.Length], wanted));
        }

        _cpu += server.CpuSeconds() - cpu;
    }
}
