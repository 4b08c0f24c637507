using System.Globalization;

namespace Webhook.Benchmarks;

/// <summary>
/// Counts what a review after a pause waits for: the lines of 64 bytes of code and data that one request reads where nothing is in the
/// processor's cache yet. Exact but for what the threads of the runtime do meanwhile, so that a change of 2 % can be told.
/// </summary>
internal static class ColdLines
{
    private const int Rounds = 9;

    private const string Usage =
        """
        usage: lines PATH

          PATH   the published program; needs binutils and valgrind
        """;

    // Callgrind's names: lines missed in the last cache by instructions, by reads of data and by writes of data, and the instructions.
    private static readonly string[] Events = ["ILmr", "DLmr", "DLmw", "Ir"];

    public static int Run(string[] arguments)
    {
        if (arguments is not [string binary])
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        // Counting begins with an empty cache, and this one holds all that a request touches.
        using var callgrind = new Callgrind(binary, "--instr-atstart=no", "--cache-sim=yes", "--LL=33554432,16,64");
        using var server = new ServerProcess(callgrind.Program, new Dictionary<string, string>());
        server.WaitUntilReady();
        using var client = new LoadClient(server.Port);
        (string Path, byte[] Wanted, List<long[]> Counts)[] kinds = [("/floor", [], []), ("/validate", "\"allowed\":true"u8.ToArray(), [])];
        for (int dump = 1; dump <= Rounds * kinds.Length; dump++)
        {
            (string path, byte[] wanted, List<long[]> counts) = kinds[dump % kinds.Length];
            byte[] request = LoadClient.Request(path, SampleReviews.VirtualMachineUpdate(dump));
            client.Call(request, wanted);
            Callgrind.Control(server, "--instr=on");
            Callgrind.Control(server, "--zero");
            client.Call(request, wanted);
            Callgrind.Control(server, "--dump");
            Callgrind.Control(server, "--instr=off");
            counts.Add(Read(callgrind.Dump(dump)));
        }

        Console.WriteLine($"median of {Rounds}     code   data read   data written   instructions");
        foreach ((string path, _, List<long[]> counts) in kinds)
        {
            long[] median = [.. Events.Select((_, at) => counts.Select(count => count[at]).Order().ElementAt(Rounds / 2))];
            Console.WriteLine(FormattableString.Invariant($"{path,-10}  {median[0],8} {median[1],11} {median[2],14} {median[3],14}"));
        }

        return 0;
    }

    private static long[] Read(string file)
    {
        string[] lines = File.ReadAllLines(file);
        string[] names = Of("events: ");
        string[] values = Of("summary: ");
        return [.. Events.Select(name => long.Parse(values[Array.IndexOf(names, name)], CultureInfo.InvariantCulture))];

        string[] Of(string key) => lines.Single(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
