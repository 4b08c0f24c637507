using System.Buffers;
using System.Text.Json;
using Webhook.Resources.Json;

namespace Webhook.Cluster;

/// <summary>
/// Reads an answer piece by piece, so that neither a long list nor an endless watch is ever in memory as a whole: the buffer holds one item
/// or one line. Each read must bring something within the given time.
/// </summary>
/// <param name="stream">The body of the answer.</param>
/// <param name="patience">Cancels a read that takes too long.</param>
internal sealed class JsonStream(Stream stream, ReadDeadline patience) : IDisposable
{
    /// <summary>The most bytes of one item or line. The API server takes no larger object (kubernetes/apiserver: 3 MiB, with etcd's own limit below).</summary>
    public const int MaxItemBytes = 16 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
    private int _start;
    private int _end;

    /// <summary>Takes one item of a list; the memory is valid during the call only.</summary>
    public delegate void Take(ReadOnlyMemory<byte> item);

    /// <summary>How many bytes came.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The next line without its end, or null after the last whole one. The memory is valid until the next call.</summary>
    /// <exception cref="IOException">The connection broke; also where it ended within a line.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync(CancellationToken cancellation)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, searched + length);
                _start += searched + length + 1;
                return line;
            }

            searched = _end - _start;
            if (!await FillAsync(cancellation).ConfigureAwait(false))
            {
                return searched == 0 ? null : throw new EndOfStreamException("the stream ended within an event");
            }
        }
    }

    /// <summary>Reads an object to its end: gives each element of its array <c>items</c>, and returns its <c>metadata</c>.</summary>
    /// <exception cref="JsonException">It is no such object.</exception>
    /// <exception cref="InvalidOperationException">A name in it is not Unicode.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<Field> ReadListAsync(Take take, CancellationToken cancellation)
    {
        var list = new ListState();
        bool isOver = false;
        while (!Advance(list, take))
        {
            if (isOver)
            {
                throw new EndOfStreamException("the list ended too early");
            }

            // What is there was too little for one value: coming back only when there is twice as much keeps the work linear.
            int enough = Math.Min(2 * (_end - _start), MaxItemBytes);
            do
            {
                isOver = !await FillAsync(cancellation).ConfigureAwait(false);
            }
            while (!isOver && _end - _start < enough);
        }

        return list.Metadata;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        stream.Dispose();
    }

    // Goes on as far as whole values reach, and remembers where.
    private bool Advance(ListState list, Take take)
    {
        // Never the last block: what ends within a value was cut off, and is no value that was written wrong.
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), isFinalBlock: false, list.Reader);
        int consumed = 0;
        while (!list.IsDone && Step(ref reader, list, take))
        {
            consumed = (int)reader.BytesConsumed;
            list.Reader = reader.CurrentState;
        }

        _start += consumed;
        return list.IsDone;
    }

    private bool Step(ref Utf8JsonReader reader, ListState list, Take take)
    {
        if (!reader.Read())
        {
            return false;
        }

        if (!list.IsOpen)
        {
            list.IsOpen = reader.TokenType == JsonTokenType.StartObject ? true : throw new JsonException("no object");
            return true;
        }

        if (list.IsInItems)
        {
            if (reader.TokenType == JsonTokenType.EndArray)
            {
                list.IsInItems = false;
                return true;
            }

            int start = (int)reader.TokenStartIndex;
            if (!reader.TrySkip())
            {
                return false;
            }

            take(_buffer.AsMemory(_start + start, (int)reader.BytesConsumed - start));
            return true;
        }

        if (reader.TokenType == JsonTokenType.EndObject)
        {
            list.IsDone = true;
            return true;
        }

        bool isItems = reader.ValueTextEquals("items"u8), isMetadata = reader.ValueTextEquals("metadata"u8);
        if (!reader.Read())
        {
            return false;
        }

        if (isItems && reader.TokenType == JsonTokenType.StartArray)
        {
            list.IsInItems = true;
            return true;
        }

        int value = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return false;
        }

        if (isMetadata)
        {
            list.Metadata = Field.Parse(_buffer.AsSpan(_start + value, (int)reader.BytesConsumed - value).ToArray());
        }

        return true;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxItemBytes)
            {
                throw new JsonException("an object is too large");
            }

            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        int count = await patience.ReadAsync(stream, _buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += count;
        BytesRead += count;
        return count > 0;
    }

    private sealed class ListState
    {
        public JsonReaderState Reader { get; set; } = new(new JsonReaderOptions { MaxDepth = JsonText.MaxDepth });

        public bool IsOpen { get; set; }

        public bool IsInItems { get; set; }

        public bool IsDone { get; set; }

        public Field Metadata { get; set; }
    }
}
