using System.Globalization;

namespace Webhook.Tests.Fuzzing;

/// <summary>
/// Every parser on texts that were spoiled by chance: each is read or explained, by no exception, in time, in bounded memory. Case n of a run
/// has the seed FUZZ_SEED + n (by default another one in each run), of FUZZ_CASES cases for each parser; a failure says how to have its case again.
/// </summary>
public sealed class FuzzTests
{
    private const int Cases = 1000;

    // Far above what any of them takes, so that a busy machine is no failure.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly int Seed = Number("FUZZ_SEED") ?? Random.Shared.Next(1_000_000_000);

    public static TheoryData<string> Parsers => [.. Fuzzed.Parsers.Keys];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Whatever_a_text_holds_it_is_read_or_explained(string parser)
    {
        int cases = Number("FUZZ_CASES") ?? Cases;
        TestContext.Current.TestOutputHelper?.WriteLine($"FUZZ_SEED={Seed} FUZZ_CASES={cases}");
        int current = Seed;
        Exception? failure = null;

        // On a thread of its own, since one that hangs cannot be ended.
        var thread = new Thread(() => failure = Record.Exception(() =>
        {
            for (; current < Seed + cases; current++)
            {
                Run(Fuzzed.Parsers[parser], current);
            }
        })) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(Limit), $"FUZZ_SEED={current} FUZZ_CASES=1: {parser} does not end");
        Assert.True(failure is null, $"FUZZ_SEED={current} FUZZ_CASES=1: {parser}: {failure}");
    }

    [Fact]
    public void A_case_is_the_same_every_time()
    {
        Assert.Equal(Spoiled(7), Spoiled(7));
        Assert.NotEqual(Spoiled(7), Spoiled(8));

        static byte[] Spoiled(int seed) => new Spoiler(new Random(seed)).NextBytes(Fuzzed.Parsers["yaml"].Texts);
    }

    private static void Run(Fuzzed parser, int seed)
    {
        byte[] input = new Spoiler(new Random(seed)).NextBytes(parser.Texts);
        long before = GC.GetAllocatedBytesForCurrentThread();
        parser.Read(input);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < Fuzzed.MaxAllocated, $"{allocated} bytes of memory for {input.Length}");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
