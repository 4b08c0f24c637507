using Microsoft.AspNetCore.Http;
using Webhook.Admission;

namespace Webhook.Tests.Admission;

public sealed class RequestDeadlineTests
{
    [Theory]
    [InlineData("?timeout=", 9750)]
    [InlineData("", 9750)]
    [InlineData("?", 9750)]
    [InlineData("?dryRun=All", 9750)]
    [InlineData("?dryRun=All&timeout=5s", 4750)]
    [InlineData("?timeout=5s&timeouts=3s", 4750)]
    [InlineData("?timeout=%35s", 4750)]
    [InlineData("?timeout=5%", 9750)]
    [InlineData("?timeout=10s", 9750)]
    [InlineData("?timeout=5s", 4750)]
    [InlineData("?timeout=1m30s", 29750)]
    [InlineData("?timeout=1.5s", 1250)]
    [InlineData("?timeout=500ms", 375)]
    [InlineData("?timeout=1h", 29750)]
    [InlineData("?timeout=0s", 9750)]
    [InlineData("?timeout=-5s", 9750)]
    [InlineData("?timeout=soon", 9750)]
    [InlineData("?timeout=10", 9750)]
    [InlineData("?timeout=1..5s", 9750)]
    [InlineData("?timeout=99999999999999999999h", 29750)]
    public void The_answer_is_due_a_little_before_the_API_server_gives_up(string query, int milliseconds) =>
        Assert.Equal(milliseconds, RequestDeadline.Of(new QueryString(query)).TotalMilliseconds);

    [Fact]
    public void A_query_that_follows_another_has_its_own_time()
    {
        string padded = "?dryRun=" + new string('x', 200);
        foreach ((string query, int milliseconds) in ((string, int)[])[("?timeout=5s", 4750), ("?timeout=7s", 6750), ("?timeout=5s", 4750), (padded, 9750), ("?timeout=7s", 6750)])
        {
            Assert.Equal(milliseconds, RequestDeadline.Of(new QueryString(query)).TotalMilliseconds);
        }
    }

    [Fact]
    public async Task What_waits_is_ended_when_the_time_is_over_and_what_asks_later_does_not_wait()
    {
        using var deadline = new RequestDeadline(TimeSpan.FromMilliseconds(60), TimeProvider.System);
        Assert.False(deadline.IsOver);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, deadline.Token));
        Assert.True(deadline.IsOver);

        using var passed = new RequestDeadline(TimeSpan.Zero, TimeProvider.System);
        Assert.True(passed.IsOver);
        Assert.True(passed.Token.IsCancellationRequested);
    }
}
