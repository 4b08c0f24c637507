using Webhook.Admission;

namespace Webhook.Tests.Admission;

public sealed class ReviewGateTests
{
    [Fact]
    public async Task A_turn_is_had_at_once_while_there_is_room()
    {
        using var gate = new ReviewGate(running: 2, waiting: 1);
        Assert.Null(await gate.EnterAsync(CancellationToken.None));
        Assert.Null(await gate.EnterAsync(CancellationToken.None));
        Assert.Equal((2, 0), (gate.Running, gate.Waiting));
        gate.Leave();
        gate.Leave();
        Assert.Equal((0, 0), (gate.Running, gate.Waiting));
    }

    [Fact]
    public async Task The_next_one_waits_until_another_leaves_and_the_one_after_it_is_sent_away()
    {
        using var gate = new ReviewGate(running: 1, waiting: 1);
        Assert.Null(await gate.EnterAsync(CancellationToken.None));
        ValueTask<Shortage?> second = gate.EnterAsync(CancellationToken.None);
        Assert.False(second.IsCompleted);
        Assert.Equal(Shortage.Queue, await gate.EnterAsync(CancellationToken.None));
        gate.Leave();
        Assert.Null(await second);
        Assert.Equal((1, 0), (gate.Running, gate.Waiting));
    }

    [Fact]
    public async Task Who_waits_until_the_deadline_never_has_a_turn()
    {
        using var gate = new ReviewGate(running: 1, waiting: 1);
        using var deadline = new CancellationTokenSource();
        Assert.Null(await gate.EnterAsync(deadline.Token));
        ValueTask<Shortage?> second = gate.EnterAsync(deadline.Token);
        await deadline.CancelAsync();
        Assert.Equal(Shortage.Turn, await second);
        Assert.Equal((1, 0), (gate.Running, gate.Waiting));
        Assert.Equal(Shortage.Turn, await gate.EnterAsync(deadline.Token));
    }

    [Fact]
    public void Large_bodies_use_up_a_part_of_the_memory_and_the_usual_ones_find_room_beside_them()
    {
        using var gate = new ReviewGate(running: 1, waiting: 1);
        const int Mebibyte = 1024 * 1024;
        Assert.True(gate.TryTake(2 * AdmissionEndpoint.MaxBodyBytes, isFirst: false));
        Assert.False(gate.TryTake(1, isFirst: false));
        Assert.True(gate.TryTake(48 * Mebibyte, isFirst: true));
        Assert.False(gate.TryTake(1, isFirst: true));
        Assert.Equal(ReviewGate.MaxBytes, gate.Bytes);
        gate.Return(ReviewGate.MaxBytes);
        Assert.Equal(0, gate.Bytes);
    }

    [Theory]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1","kind":{"uid":"no"}}}""", "u-1")]
    [InlineData("""{"uid":"no","request":{"kind":{"uid":"no"},"uid":"u-1" and what follows is not looked at""", "u-1")]
    [InlineData("""{"request":{"object":{"metadata":{"uid":"no"}}},"uid":"no"}""", null)]
    [InlineData("""{"request":{"uid":7}}""", null)]
    [InlineData("""{"request":{"uid":""}}""", null)]
    [InlineData("""{"request":{"uid":"\ud800"}}""", null)]
    [InlineData("""{"request":{"uid":"cut""", null)]
    [InlineData("nonsense", null)]
    [InlineData("", null)]
    public void The_uid_is_found_without_reading_on(string body, string? uid) =>
        Assert.Equal(uid, ReviewUid.Find(System.Text.Encoding.UTF8.GetBytes(body)));
}
