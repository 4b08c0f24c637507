using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Webhook.Hosting;

namespace Webhook.Tests.Hosting;

/// <summary>When memory is given back, and when it is left alone.</summary>
public sealed class MemoryReturnTests
{
    private const long Mebibyte = 1024 * 1024;

    private readonly FakeTimeProvider _time = new();
    private readonly FakeMemory _memory = new();
    private readonly MemoryReturn _return;

    public MemoryReturnTests() => _return = new MemoryReturn(_memory, _time, NullLogger<MemoryReturn>.Instance);

    [Fact]
    public void What_a_burst_left_behind_is_given_back_once_it_is_quiet_and_what_pools_kept_a_minute_later()
    {
        Start();
        (_memory.Committed, _memory.Settles) = (180 * Mebibyte, [90 * Mebibyte, 10 * Mebibyte]);
        Look(allocated: 400 * Mebibyte);
        Assert.Equal(0, _memory.Returns);
        Look(allocated: 1);
        Assert.Equal(1, _memory.Returns);
        Look(allocated: 1, times: 12);
        Assert.Equal(1, _memory.Returns);
        Look(allocated: 1);
        Assert.Equal(2, _memory.Returns);
        Look(allocated: 1, times: 1000);
        Assert.Equal(2, _memory.Returns);
    }

    [Fact]
    public void A_few_reviews_are_quiet_and_many_are_not()
    {
        Start();
        (_memory.Committed, _memory.Settles) = (180 * Mebibyte, [10 * Mebibyte]);
        Look(allocated: MemoryReturn.Worth, times: 1000);
        Assert.Equal(0, _memory.Returns);
        Look(allocated: MemoryReturn.Worth - 1);
        Assert.Equal(1, _memory.Returns);
    }

    [Fact]
    public void A_small_program_is_left_alone()
    {
        Start();
        _memory.Committed = MemoryReturn.Worth - 1;
        Look(allocated: 1, times: 1000);
        Assert.Equal(0, _memory.Returns);
    }

    [Fact]
    public void What_two_returns_did_not_get_is_needed_and_only_what_comes_on_top_is_tried_again()
    {
        Start();
        (_memory.Committed, _memory.Settles) = (110 * Mebibyte, [100 * Mebibyte, 100 * Mebibyte]);
        Look(allocated: 1, times: 1000);
        Assert.Equal(2, _memory.Returns);

        // Half of what is needed, where that is more than the least that is worth it.
        _memory.Committed = 149 * Mebibyte;
        Look(allocated: 1, times: 1000);
        Assert.Equal(2, _memory.Returns);
        (_memory.Committed, _memory.Settles) = (150 * Mebibyte, [20 * Mebibyte]);
        Look(allocated: 1, times: 1000);
        Assert.Equal(3, _memory.Returns);

        // Less is needed now.
        (_memory.Committed, _memory.Settles) = (36 * Mebibyte, [20 * Mebibyte]);
        Look(allocated: 1);
        Assert.Equal(4, _memory.Returns);
    }

    [Fact]
    public void However_often_memory_is_taken_it_is_not_given_back_more_often_than_the_rest_allows()
    {
        Start();
        for (int i = 0; i < 130; i++)
        {
            (_memory.Committed, _memory.Settles) = (180 * Mebibyte, [10 * Mebibyte]);
            Look(allocated: 1);
        }

        Assert.Equal(130 * Poller.Interval / MemoryReturn.Rest, _memory.Returns);
    }

    [Fact]
    public void This_process_knows_what_it_allocated_and_holds_and_what_a_return_cost()
    {
        var memory = new ManagedMemory();
        long allocated = memory.Allocated;
        Allocate();
        Assert.True(memory.Allocated - allocated >= 64 * Mebibyte);
        Assert.True(memory.Return() > TimeSpan.Zero);
        Assert.InRange(memory.Committed, 1, 64L * 1024 * Mebibyte);
    }

    private static void Allocate()
    {
        // One more than is asked for: the count that costs nothing leaves out what threads have been given and not used yet, and that changes meanwhile.
        for (int i = 0; i < 65; i++)
        {
            GC.KeepAlive(new byte[Mebibyte]);
        }
    }

    // After what the start took.
    private void Start() => Look(allocated: 200 * Mebibyte);

    private void Look(long allocated, int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            _memory.Allocated += allocated;
            _time.Advance(Poller.Interval);
            _return.Poll();
        }
    }

    private sealed class FakeMemory : IProcessMemory
    {
        public long Allocated { get; set; }

        public long Committed { get; set; }

        public int Returns { get; private set; }

        // What is held after each return.
        public long[] Settles { get; set; } = [];

        public TimeSpan Return()
        {
            (Committed, Settles) = (Settles[0], Settles[1..]);
            Returns++;
            return TimeSpan.FromMilliseconds(10);
        }
    }
}
