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
}
