using Webhook.Resources.Json;

namespace Webhook.Resources.Tests.Json;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("{\n \"a\": 1,\n}", 3, "a trailing comma")]
    [InlineData("{\"a\": \"x", 1, "a string is not closed")]
    [InlineData("{\"a\": 1} x", 1, "more text follows the value")]
    [InlineData("{\"a\": true", 1, "the text ends too early")]
    [InlineData("{\"a\": 1", 1, "a number is broken off")]
    [InlineData("{\"a\" 1}", 1, "a colon is missing")]
    [InlineData("{\"a\": }", 1, "a value is expected")]
    [InlineData("{a: 1}", 1, "a property name in double quotes")]
    [InlineData("{\"a\": 1 \"b\": 2}", 1, "a comma is missing")]
    [InlineData("", 1, "empty")]
    [InlineData("nope", 1, "a bare word")]
    public void What_is_no_JSON_is_said_with_its_line(string text, int line, string reason)
    {
        Assert.False(JsonText.TryParse(text, FieldPath.Root, out _, out DocumentError? error));
        Assert.Equal(line, error!.Position.Line);
        Assert.StartsWith(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        Assert.False(JsonText.TryParse(new string('[', 10_000), FieldPath.Root, out _, out DocumentError? error));
        Assert.Equal("nested deeper than 256 levels", error!.Reason);
    }
}
