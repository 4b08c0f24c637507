using System.Diagnostics;
using Webhook.Resources.Yaml;

namespace Webhook.Resources.Tests.Yaml;

public sealed class YamlTextTests
{
    [Theory]
    [InlineData("yes", "true")]
    [InlineData("Off", "false")]
    [InlineData("n", "false")]
    [InlineData("'yes'", "\"yes\"")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("9000", "9000")]
    [InlineData("0x10", "16")]
    [InlineData("0o17", "15")]
    [InlineData("017", "15")]
    [InlineData("1_000", "1000")]
    [InlineData("-5", "-5")]
    [InlineData("0.5", "0.5")]
    [InlineData("1e3", "1000")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("172.30.1.11", "\"172.30.1.11\"")]
    [InlineData("172.30.1.11/24", "\"172.30.1.11/24\"")]
    [InlineData("52:54:00:12:34:00", "\"52:54:00:12:34:00\"")]
    [InlineData("2026-06-15", "\"2026-06-15\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("99999999999999999999", "1E+20")]
    [InlineData("{a: 1, 2: b}", """{"a":1,"2":"b"}""")]
    public void A_scalar_means_what_kubectl_makes_of_it(string yaml, string json)
    {
        Assert.True(YamlText.TryParse(yaml, out YamlDocument? document, out _));
        Assert.Equal(json, document!.Value.Json);
    }

    [Fact]
    public void Aliases_and_merge_keys_are_resolved_and_own_keys_win()
    {
        Assert.True(YamlText.TryParse("base: &b {mtu: 9000, type: vlan}\nlink: {<<: *b, type: bond}\nagain: *b\n", out YamlDocument? document, out _));
        var root = document!.Value;
        Assert.Equal(9000, root["link"]["mtu"].Integer);
        Assert.Equal("bond", root["link"]["type"].Text);
        Assert.Equal("vlan", root["again"]["type"].Text);
        Assert.Equal(new Position(1, 16), document.Locate(root["link"]["mtu"].Path));
    }

    [Theory]
    [InlineData("a: &a [*a]", "an alias names no anchor before it")]
    [InlineData("a: *b", "an alias names no anchor before it")]
    [InlineData("a: [1", "not valid YAML")]
    [InlineData("[a]: 1", "a key that is a list or map")]
    [InlineData("a: 1\n--- \nb: 2", "a second document follows the first")]
    public void What_cannot_be_read_is_explained_without_quoting_it(string yaml, string reason)
    {
        Assert.False(YamlText.TryParse(yaml, out _, out DocumentError? error));
        Assert.Equal(reason, error!.Reason);
    }

    [Fact]
    public void An_error_without_a_place_of_its_own_is_placed_after_the_last_piece_that_was_read()
    {
        Assert.False(YamlText.TryParse("a: 1\nb: {c: 1,\nd: {e: f:g: 2}\nx\ny: 1", out _, out DocumentError? error));
        Assert.InRange(error!.Position.Line, 2, 5);
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "deep flow", new string('[', 300_000) },
        { "deep block", string.Concat(Enumerable.Range(0, 3_000).Select(static i => new string(' ', i) + "a:\n")) },
        { "deep sequence", string.Concat(Enumerable.Repeat("- ", 100_000)) },
        {
            "aliases of aliases", "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 30).Select(static i =>
                $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n"))
        },
        { "merge of merges", "a: &a {x: 1}\nb: {" + string.Join(", ", Enumerable.Repeat("<<: *a", 30_000)) + "}" },
        { "an open string", "\"" + new string('a', 2_000_000) },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_text_is_refused_in_bounded_time(string name, string yaml)
    {
        long start = Stopwatch.GetTimestamp();
        Assert.False(YamlText.TryParse(yaml, out _, out DocumentError? error), name);
        Assert.NotNull(error);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
    }
}
