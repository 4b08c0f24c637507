using Webhook.Admission;

namespace Webhook.Tests.Admission;

public sealed class RequestDeadlineTests
{
    [Theory]
    [InlineData(null, 9750)]
    [InlineData("", 9750)]
    [InlineData("10s", 9750)]
    [InlineData("5s", 4750)]
    [InlineData("1m30s", 29750)]
    [InlineData("1.5s", 1250)]
    [InlineData("500ms", 375)]
    [InlineData("1h", 29750)]
    [InlineData("0s", 9750)]
    [InlineData("-5s", 9750)]
    [InlineData("soon", 9750)]
    [InlineData("10", 9750)]
    [InlineData("1..5s", 9750)]
    [InlineData("99999999999999999999h", 29750)]
    public void The_answer_is_due_a_little_before_the_API_server_gives_up(string? timeout, int milliseconds) =>
        Assert.Equal(milliseconds, RequestDeadline.Of(timeout).TotalMilliseconds);
}
