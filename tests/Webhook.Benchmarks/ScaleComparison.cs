using System.Diagnostics;
using System.Globalization;

namespace Webhook.Benchmarks;

/// <summary>
/// What a large cluster costs: the published program beside an API server that serves one from memory. Memory, time of the first full list,
/// and traffic. What its size adds to a review is measured by <see cref="PopulatedView"/>: a server that sees an empty cluster would look up
/// each network before it calls it missing.
/// </summary>
internal static class ScaleComparison
{
    private const string Usage = "usage: scale --binary PATH [--machines N] [--networks N] [--policies N] [--states N]";

    public static int Run(string[] arguments)
    {
        string? binary = null;
        int machines = 10_000, networks = 2_000, policies = 200, states = 200;
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            string value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--binary": binary = value; break;
                case "--machines": machines = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--networks": networks = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--policies": policies = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--states": states = int.Parse(value, CultureInfo.InvariantCulture); break;
                default: binary = null; i = arguments.Length; break;
            }
        }

        if (binary is null)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        byte[][] reviews = [.. Enumerable.Range(1, 512).Select(SampleReviews.VirtualMachineUpdate).Select(static body => LoadClient.Request("/validate", body))];
        using var api = new LargeCluster(machines, networks, policies, states);
        using var server = new ServerProcess(binary, new Dictionary<string, string>(), "--kubeconfig", api.Kubeconfig);
        double ready = server.WaitUntilReady(), sync = server.CpuSeconds(), resident = server.ResidentMebibytes();
        Print($"ready after                            {ready,6:F1} s, {sync:F1} s of CPU");
        Print($"first lists                            {api.ListedBytes / 1048576.0,6:F1} MiB");
        using (var client = new LoadClient(server.Port))
        {
            Drive(client, reviews, 10_000);
            double before = server.CpuSeconds();
            Drive(client, reviews, 10_000);
            Print($"a review, one at a time                {(server.CpuSeconds() - before) / 10_000 * 1e6,6:F0} us of CPU");
        }

        Print($"resident when ready, after 20,000      {resident,6:F0} MiB, {server.ResidentMebibytes():F0} MiB");
        long listed = api.ListedBytes;
        double expired = server.CpuSeconds();
        api.Expire();
        long start = Stopwatch.GetTimestamp();
        while (api.ListsAfterExpiry < 5)
        {
            if (Stopwatch.GetElapsedTime(start).TotalMinutes > 5)
            {
                Console.Error.WriteLine($"only {api.ListsAfterExpiry} kinds of 5 were listed again within 5 minutes");
                return 1;
            }

            Thread.Sleep(20); // asks again whether the server has listed; its work is measured in CPU time
        }

        Print($"all listed again after 410             {(api.ListedBytes - listed) / 1048576.0,6:F1} MiB, {server.CpuSeconds() - expired:F1} s of CPU, {server.ResidentMebibytes():F0} MiB resident");
        for (int left = 300; left > 0 && server.Returned is null; left--)
        {
            Thread.Sleep(100); // as above
        }

        Print($"after a quiet time                     {server.ResidentMebibytes(),6:F0} MiB resident: {server.Returned ?? "nothing was given back"}");
        return 0;
    }

    private static void Drive(LoadClient client, byte[][] reviews, int count)
    {
        for (int i = 0; i < count; i++)
        {
            client.Time(reviews[i % reviews.Length], []);
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
