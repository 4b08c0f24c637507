using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Webhook.Resources.Json;

namespace Webhook.Cluster.Tests;

public sealed class JsonStreamTests
{
    private const string List =
        """{"kind":"List","items":[{"a":"}]"},{"b":[1,{"c":2}]},{"é":"\""}],"extra":{"items":[1]},"metadata":{"resourceVersion":"7","continue":"x"}}""";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task A_list_is_read_however_it_is_cut_into_pieces(int size)
    {
        var items = new List<string>();
        Field metadata = await ReadAsync(List, size, items);
        Assert.Equal(["{\"a\":\"}]\"}", "{\"b\":[1,{\"c\":2}]}", "{\"é\":\"\\\"\"}"], items);
        Assert.Equal("7", metadata["resourceVersion"].Text);
    }

    [Fact]
    public async Task A_list_that_is_broken_off_anywhere_is_never_taken_for_a_whole_one()
    {
        byte[] whole = Encoding.UTF8.GetBytes(List);
        for (int length = 0; length < whole.Length; length++)
        {
            using JsonStream stream = Over(new MemoryStream(whole[..length]));
            Exception? exception = await Record.ExceptionAsync(() => stream.ReadListAsync(static _ => { }, TestContext.Current.CancellationToken));
            Assert.True(exception is IOException, $"{length}: {exception}");
        }
    }

    [Fact]
    public async Task Null_for_no_items_and_no_items_at_all_are_empty_lists()
    {
        var items = new List<string>();
        await ReadAsync("""{"metadata":{"resourceVersion":"7"},"items":null}""", 5, items);
        await ReadAsync("""{"metadata":{"resourceVersion":"7"}}""", 5, items);
        Assert.Empty(items);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task Lines_are_read_however_they_are_cut_into_pieces(int size)
    {
        using JsonStream stream = Over(new Pieces("one\n\ntwo three\nfour\n", size));
        var lines = new List<string>();
        while (await stream.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        Assert.Equal(["one", "", "two three", "four"], lines);
    }

    [Fact]
    public async Task A_slow_list_is_read_as_long_as_something_comes()
    {
        var time = new FakeTimeProvider();
        using var deadline = new ReadDeadline(TimeSpan.FromSeconds(30), isForEachRead: true, time);
        using var stream = new JsonStream(new Pieces(List, 10, () => time.Advance(TimeSpan.FromSeconds(25))), deadline);
        await stream.ReadListAsync(static _ => { }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_item_without_an_end_is_given_up()
    {
        using JsonStream stream = Over(new Endless());
        await Assert.ThrowsAsync<JsonException>(() => stream.ReadListAsync(static _ => { }, TestContext.Current.CancellationToken));
    }

    private static async Task<Field> ReadAsync(string text, int size, List<string> items)
    {
        using JsonStream stream = Over(new Pieces(text, size));
        return await stream.ReadListAsync(item => items.Add(Encoding.UTF8.GetString(item.Span)), TestContext.Current.CancellationToken);
    }

    private static JsonStream Over(Stream stream) =>
        new(stream, new ReadDeadline(TimeSpan.FromMinutes(1), isForEachRead: true, new FakeTimeProvider()));

    private sealed class Pieces(string text, int size, Action? before = null) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            before?.Invoke();
            return base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
        }
    }

    private sealed class Endless : MemoryStream
    {
        private bool _hasBegun;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'[');
            if (!_hasBegun)
            {
                Encoding.UTF8.GetBytes("{\"items\":[\"", buffer.Span);
                _hasBegun = true;
            }

            return new ValueTask<int>(buffer.Length);
        }
    }
}
