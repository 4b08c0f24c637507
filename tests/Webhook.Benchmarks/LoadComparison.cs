using System.Diagnostics;
using System.Globalization;

namespace Webhook.Benchmarks;

/// <summary>
/// Puts <c>/validate</c> beside <c>/floor</c> of the same process, which reads the body and answers a constant: server on the first
/// processor, load on the second. Another webhook can be measured in turn with it. What counts are the ratios within one run.
/// </summary>
internal static class LoadComparison
{
    private const int Connections = 16;
    private const int Variants = 512;
    private const string Usage = """
        usage: load --binary PATH [--peer PATH] [--rounds N] [--requests N] [--slow-seconds N] [--env KEY=VALUE]...

          --binary PATH        the published program
          --peer PATH          another webhook that takes the same arguments and answers on /readyz and /validate
          --rounds N           interleaved rounds of floor and validate when warm (4)
          --requests N         requests of one round (10000)
          --slow-seconds N     seconds at 20 requests/s for each of the two (60)
          --env KEY=VALUE      for the server: DOTNET_GCGen0MaxBudget=800000 (hexadecimal) and the like
        """;

    public static int Run(string[] arguments)
    {
        string? binary = null, peer = null;
        int rounds = 4, requests = 10_000, slowSeconds = 60;
        var environment = new Dictionary<string, string>();
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            string value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--binary": binary = value; break;
                case "--peer": peer = value; break;
                case "--rounds": rounds = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--requests": requests = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--slow-seconds": slowSeconds = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--env": environment[value[..value.IndexOf('=', StringComparison.Ordinal)]] = value[(value.IndexOf('=', StringComparison.Ordinal) + 1)..]; break;
                default: binary = null; i = arguments.Length; break;
            }
        }

        if (binary is null || rounds < 1)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        using (var self = Process.GetCurrentProcess())
        {
            if (OperatingSystem.IsLinux() && Environment.ProcessorCount > 1)
            {
                self.ProcessorAffinity = 0b10;
            }
        }

        byte[][] bodies = [.. Enumerable.Range(1, Variants).Select(SampleReviews.VirtualMachineUpdate)];
        byte[][] validate = [.. bodies.Select(static body => LoadClient.Request("/validate", body))];
        byte[][] floor = [.. bodies.Select(static body => LoadClient.Request("/floor", body))];
        Print($"review: VirtualMachine UPDATE, {bodies.Average(static body => body.Length) / 1024:F1} KiB, {Variants} different ones, {Connections} connections");

        using var server = new ServerProcess(binary, environment);
        Print($"start to ready            {server.WaitUntilReady() * 1000,8:F0} ms");
        using (var first = new LoadClient(server.Port))
        {
            Print($"first review after ready  {first.Time(validate[0], "\"allowed\":true"u8) * 1000,8:F1} ms");
        }

        Print($"resident when ready       {server.ResidentMebibytes(),8:F0} MiB");

        Print($"warming (validate)           requests/s   CPU us/request");
        foreach (int count in new[] { 1_000, 9_000, 20_000, 20_000 })
        {
            Report($"  next {count}", Drive(server, validate, "\"allowed\":true"u8.ToArray(), count));
        }

        using ServerProcess? other = peer is null ? null : new ServerProcess(peer, environment);
        if (other is not null)
        {
            Print($"peer: start to ready      {other.WaitUntilReady() * 1000,8:F0} ms");
            Print($"peer: resident when ready {other.ResidentMebibytes(),8:F0} MiB");
            Report($"  peer, first {requests}", Drive(other, validate, "\"allowed\":true"u8.ToArray(), requests));
        }

        Drive(server, floor, [], requests);
        double halfway = server.ResidentMebibytes();
        Print($"warm                         requests/s   CPU us/request");
        var ratios = new List<(double Rate, double Cpu)>();
        var besides = new List<(double Rate, double Cpu)>();
        int reviews = 50_000;
        for (int round = 1; round <= rounds; round++)
        {
            (double Rate, double Cpu) bare = Drive(server, floor, [], requests);
            (double Rate, double Cpu) whole = Drive(server, validate, "\"allowed\":true"u8.ToArray(), requests);
            reviews += requests;
            Report($"  floor, round {round}", bare);
            Report($"  validate, round {round}", whole);
            ratios.Add((whole.Rate / bare.Rate, whole.Cpu / bare.Cpu));
            if (other is not null)
            {
                (double Rate, double Cpu) beside = Drive(other, validate, "\"allowed\":true"u8.ToArray(), requests);
                Report($"  peer, round {round}", beside);
                besides.Add((whole.Rate / beside.Rate, whole.Cpu / beside.Cpu));
            }
        }

        while (reviews < 100_000)
        {
            Drive(server, validate, "\"allowed\":true"u8.ToArray(), 10_000);
            reviews += 10_000;
        }

        Print($"throughput validate/floor {Median(ratios.Select(static ratio => ratio.Rate)),8:F2}   (median of {rounds} rounds)");
        Print($"CPU validate/floor        {Median(ratios.Select(static ratio => ratio.Cpu)),8:F2}");
        if (other is not null)
        {
            Print($"throughput validate/peer  {Median(besides.Select(static ratio => ratio.Rate)),8:F2}");
            Print($"CPU validate/peer         {Median(besides.Select(static ratio => ratio.Cpu)),8:F2}");
            Print($"peer: resident now        {other.ResidentMebibytes(),8:F0} MiB");
        }

        Print($"resident after 50,000 / {reviews} reviews: {halfway:F0} / {server.ResidentMebibytes():F0} MiB");

        if (slowSeconds > 0)
        {
            // In turn, so that what else the machine does in a minute befalls all alike.
            SlowLoad[] loads =
            [
                new(server, "floor", floor, []), new(server, "validate", validate, "\"allowed\":true"u8.ToArray()),
                .. other is null ? (SlowLoad[])[] : [new(other, "peer", validate, "\"allowed\":true"u8.ToArray())],
            ];
            for (int turn = 0; turn < slowSeconds; turn += SlowLoad.SecondsOfTurn)
            {
                Array.ForEach(loads, static load => load.Run());
            }

            Print($"at 20 requests/s               p50 ms   p99 ms   CPU us/request");
            Array.ForEach(loads, static load => Print($"  {load.Name,-26} {load.Percentile(50),8:F2} {load.Percentile(99),8:F2} {load.Cpu * 1e6,12:F0}"));
            foreach (SlowLoad beside in loads.Where(static load => load.Name != "validate"))
            {
                Print($"p50 validate/{beside.Name,-12} {loads[1].Percentile(50) / beside.Percentile(50),8:F2}");
            }
        }

        return 0;
    }

    private static (double Rate, double Cpu) Drive(ServerProcess server, byte[][] requests, byte[] wanted, int count)
    {
        int next = 0;
        double cpu = server.CpuSeconds();
        long start = Stopwatch.GetTimestamp();
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, Connections).Select(_ => new Thread(() =>
        {
            try
            {
                using var client = new LoadClient(server.Port);
                for (int i = Interlocked.Increment(ref next); i <= count; i = Interlocked.Increment(ref next))
                {
                    client.Call(requests[i % requests.Length], wanted);
                }
            }
            catch (Exception exception) when (exception is IOException or InvalidOperationException)
            {
                failure = exception;
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        if (failure is not null)
        {
            throw new InvalidOperationException("the run failed", failure);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (count / seconds, (server.CpuSeconds() - cpu) / count);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static void Report(string name, (double Rate, double Cpu) result) => Print($"{name,-26} {result.Rate,12:F0} {result.Cpu * 1e6,16:F0}");

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
