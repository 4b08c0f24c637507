using System.Text;
using System.Text.Json;
using Webhook.Resources.Json;
using Webhook.Resources.Yaml;
using YamlDotNet.Core;

namespace Webhook.Resources.Editing;

/// <summary>
/// A JSON text as the nodes of the YAML that it is, but read by the rules of JSON, which allows tabs where YAML does not.
/// </summary>
internal sealed class JsonTree
{
    private readonly byte[] _bytes;
    private int _byte;
    private int _char;

    private JsonTree(byte[] bytes) => _bytes = bytes;

    /// <summary>The nodes of a text that is known to be JSON.</summary>
    public static YamlNode Read(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth });
        reader.Read();
        return new JsonTree(bytes).Node(ref reader);
    }

    private YamlNode Node(ref Utf8JsonReader reader)
    {
        Mark start = At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new YamlMappingNode(start, start, isFlow: true);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    YamlNode key = Scalar(ref reader);
                    reader.Read();
                    map.Entries.Add(new(key, Node(ref reader)));
                }

                map.End = (int)At(reader.BytesConsumed).Index;
                return map;
            case JsonTokenType.StartArray:
                var list = new YamlSequenceNode(start, start, isFlow: true);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Items.Add(Node(ref reader));
                }

                list.End = (int)At(reader.BytesConsumed).Index;
                return list;
            default:
                return Scalar(ref reader);
        }
    }

    private YamlScalarNode Scalar(ref Utf8JsonReader reader)
    {
        Mark start = At(reader.TokenStartIndex);
        bool isText = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
        int length = isText ? reader.ValueSpan.Length + 2 : reader.ValueSpan.Length;
        Mark end = At(reader.TokenStartIndex + length);
        return isText
            ? new YamlScalarNode(start, end, reader.GetString()!, ScalarStyle.DoubleQuoted, null)
            : new YamlScalarNode(start, end, Encoding.UTF8.GetString(reader.ValueSpan), ScalarStyle.Plain, null);
    }

    // Only ever asked further to the right, so the whole text is counted once.
    private Mark At(long index)
    {
        _char += Encoding.UTF8.GetCharCount(_bytes, _byte, (int)index - _byte);
        _byte = (int)index;
        return new Mark(_char, 1, 1);
    }
}
