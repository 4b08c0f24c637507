using System.Buffers;
using System.Text.Json;
using Webhook.Resources.Json;

namespace Webhook.Resources.Yaml;

/// <summary>Buffer and writer of one thread for <see cref="SimpleYaml"/>, used again for each text.</summary>
internal sealed class SimpleYamlWriter : IDisposable
{
    private const int KeptCapacity = 64 * 1024;

    private readonly Utf8JsonWriter _writer;
    private ArrayBufferWriter<byte> _buffer = new(2048);

    public SimpleYamlWriter() => _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });

    public void Dispose() => _writer.Dispose();

    public bool TryWrite(string text, out Field value)
    {
        value = default;
        if (_buffer.Capacity > KeptCapacity)
        {
            _buffer = new ArrayBufferWriter<byte>(2048);
        }

        _buffer.ResetWrittenCount();
        _writer.Reset(_buffer);
        if (!SimpleYaml.TryWrite(text, _writer))
        {
            return false;
        }

        _writer.Flush();
        value = Field.Parse(_buffer.WrittenSpan.ToArray());
        return true;
    }
}
