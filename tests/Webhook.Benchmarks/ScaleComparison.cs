using System.Globalization;

namespace Webhook.Benchmarks;

/// <summary>
/// What a large cluster costs: the published program beside an API server that serves one from memory. Memory, time of the first full list,
/// traffic, and the review of a virtual machine with and without it.
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
        Print($"cluster                 resident ready, after 20,000 reviews   ready after   CPU of a review");
        double empty = Measure("empty", binary, reviews, 0, 0, 0, 0);
        double full = Measure("full", binary, reviews, machines, networks, policies, states);
        Print($"a review against the full cluster / the empty one: {full / empty:F2}");
        return 0;
    }

    private static double Measure(string name, string binary, byte[][] reviews, int machines, int networks, int policies, int states)
    {
        using var api = new LargeCluster(machines, networks, policies, states);
        using var server = new ServerProcess(binary, new Dictionary<string, string>(), "--kubeconfig", api.Kubeconfig);
        double ready = server.WaitUntilReady(), sync = server.CpuSeconds();
        double resident = server.ResidentMebibytes();
        long listed = api.ListedBytes;
        using var client = new LoadClient(server.Port);
        Drive(client, reviews, 10_000);
        double before = server.CpuSeconds();
        Drive(client, reviews, 10_000);
        double cpu = (server.CpuSeconds() - before) / 10_000 * 1e6;
        Print($"{name,-22}  {resident,8:F0} {server.ResidentMebibytes(),18:F0} MiB       {ready,13:F1} s   {cpu,10:F0} us");
        Print($"  first lists: {listed / 1048576.0:F1} MiB, {sync:F1} s of CPU");
        if (machines == 0)
        {
            return cpu;
        }

        listed = api.ListedBytes;
        before = server.CpuSeconds();
        api.Expire();
        while (api.ListsAfterExpiry < 5)
        {
            Thread.Sleep(20);
        }

        Print($"  all listed again after 410: {(api.ListedBytes - listed) / 1048576.0:F1} MiB, {server.CpuSeconds() - before:F1} s of CPU, {server.ResidentMebibytes():F0} MiB resident");
        return cpu;
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
