using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Webhook.Resources.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Webhook.Resources.Yaml;

/// <summary>
/// Reads one YAML document into the JSON value that kubectl would send. Depth, text size and the nodes that aliases expand to are bounded,
/// so that no text costs more than its length suggests.
/// </summary>
public static class YamlText
{
    /// <summary>The deepest nesting that is read.</summary>
    public const int MaxDepth = JsonText.MaxDepth;

    /// <summary>The most nodes that a document may have beyond those it spells out, that is through aliases and merge keys.</summary>
    public const int MaxAliasedNodes = 20_000;

    [ThreadStatic]
    private static SimpleWriter? Simple;

    /// <summary>Parses a text that holds at most one document; exactly one of the two results is set.</summary>
    /// <param name="text">One YAML document; empty text reads as null.</param>
    /// <param name="document">The document, or null.</param>
    /// <param name="error">Why it cannot be read, with line and column in the text, or null.</param>
    public static bool TryParse(string text, out YamlDocument? document, out DocumentError? error)
    {
        if (TryParseSimple(text, out document))
        {
            error = null;
            return true;
        }

        return TryParseFully(text, out document, out error);
    }

    /// <summary>Parses with the library alone, whatever the text looks like.</summary>
    internal static bool TryParseFully(string text, out YamlDocument? document, out DocumentError? error)
    {
        document = null;
        error = null;
        using var reader = new StringReader(text);
        var parser = new Parser(new Scanner(reader, skipComments: true));
        try
        {
            YamlNode? root = new TreeBuilder(parser).Build();
            JsonElement value = root is null ? JsonElement.Parse("null"u8) : new JsonBuilder().Build(root);
            document = new YamlDocument(text, root, value);
            return true;
        }
        catch (YamlLimitException exception)
        {
            error = new DocumentError(exception.Message, exception.Position);
        }
        catch (YamlException exception)
        {
            // The library's message may quote the text; its class and place are enough.
            string reason = exception switch
            {
                AnchorNotFoundException => "an alias names no anchor",
                _ => "not valid YAML",
            };
            error = new DocumentError(reason, new Position((int)exception.Start.Line, (int)exception.Start.Column));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException
            or OverflowException or IndexOutOfRangeException or KeyNotFoundException or NullReferenceException)
        {
            // What the library lets through on hostile input: text after a value, broken directives, huge escapes. It has no place of its
            // own; the last piece that was read has.
            Mark last = parser.Current?.End ?? Mark.Empty;
            error = new DocumentError("not valid YAML", new Position((int)last.Line, (int)last.Column));
        }

        return false;
    }

    /// <summary>The nodes of a text that was read before, for the places of its fields.</summary>
    internal static YamlNode? Nodes(string text)
    {
        using var reader = new StringReader(text);
        return new TreeBuilder(new Parser(new Scanner(reader, skipComments: true))).Build();
    }

    private static bool TryParseSimple(string text, out YamlDocument? document)
    {
        document = null;
        SimpleWriter writer = Simple ??= new SimpleWriter();
        if (!writer.TryWrite(text, out JsonElement value))
        {
            return false;
        }

        document = new YamlDocument(text, value);
        return true;
    }

    private sealed class YamlLimitException(string reason, Position position) : Exception(reason)
    {
        public Position Position { get; } = position;
    }

    private sealed class TreeBuilder(Parser parser)
    {
        private readonly Dictionary<AnchorName, YamlNode> _anchors = [];
        private int _depth;

        public YamlNode? Build()
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return null;
            }

            parser.Consume<DocumentStart>();
            YamlNode root = Node();
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
            {
                throw Limit("a second document follows the first", parser.Current!.Start);
            }

            return root;
        }

        private static YamlLimitException Limit(string reason, in Mark at) => new(reason, new Position((int)at.Line, (int)at.Column));

        private bool Take<T>([NotNullWhen(true)] out T? taken)
            where T : ParsingEvent
        {
            taken = parser.Accept<ParsingEvent>(out _) ? parser.Current as T : null;
            if (taken is not null)
            {
                parser.MoveNext();
            }

            return taken is not null;
        }

        private YamlNode Node()
        {
            if (Take(out AnchorAlias? alias))
            {
                return _anchors.TryGetValue(alias.Value, out YamlNode? target)
                    ? new YamlAliasNode(alias.Start, target)
                    : throw Limit("an alias names no anchor before it", alias.Start);
            }

            if (Take(out Scalar? scalar))
            {
                string? tag = scalar.Tag.IsEmpty ? null : scalar.Tag.Value;
                return Anchored(scalar, new YamlScalarNode(scalar.Start, scalar.Value, scalar.Style, tag));
            }

            if (++_depth > MaxDepth)
            {
                throw Limit($"nested deeper than {MaxDepth} levels", parser.Current!.Start);
            }

            YamlNode node;
            if (Take(out SequenceStart? sequence))
            {
                var items = new YamlSequenceNode(sequence.Start);
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    items.Items.Add(Node());
                }

                node = Anchored(sequence, items);
            }
            else
            {
                MappingStart mapping = parser.Consume<MappingStart>();
                var entries = new YamlMappingNode(mapping.Start);
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    YamlNode key = Node();
                    entries.Entries.Add(new(key, Node()));
                }

                node = Anchored(mapping, entries);
            }

            _depth--;
            return node;
        }

        // Registered when complete: an alias inside its own anchor then names no anchor, so no cycle can arise.
        private YamlNode Anchored(NodeEvent at, YamlNode node)
        {
            if (!at.Anchor.IsEmpty)
            {
                _anchors[at.Anchor] = node;
            }

            return node;
        }
    }

    // Buffer and writer of one thread, used again for each text.
    private sealed class SimpleWriter : IDisposable
    {
        private const int KeptCapacity = 64 * 1024;

        private readonly Utf8JsonWriter _writer;
        private ArrayBufferWriter<byte> _buffer = new(2048);

        public SimpleWriter() => _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });

        public void Dispose() => _writer.Dispose();

        public bool TryWrite(string text, out JsonElement value)
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
            var reader = new Utf8JsonReader(_buffer.WrittenSpan);
            reader.Read();
            value = JsonElement.ParseValue(ref reader);
            return true;
        }
    }

    private sealed class JsonBuilder
    {
        private int _aliased;
        private int _insideAlias;
        private int _depth;

        public JsonElement Build(YamlNode root)
        {
            var buffer = new ArrayBufferWriter<byte>(1024);
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, MaxDepth = MaxDepth + 2 }))
            {
                Write(writer, root);
            }

            var reader = new Utf8JsonReader(buffer.WrittenSpan, new JsonReaderOptions { MaxDepth = MaxDepth + 2 });
            reader.Read();
            return JsonElement.ParseValue(ref reader);
        }

        private void Write(Utf8JsonWriter writer, YamlNode node)
        {
            if (_insideAlias > 0 && ++_aliased > MaxAliasedNodes)
            {
                throw new YamlLimitException($"aliases expand to more than {MaxAliasedNodes} nodes", node.Start);
            }

            if (++_depth > MaxDepth)
            {
                throw new YamlLimitException($"nested deeper than {MaxDepth} levels", node.Start);
            }

            switch (node)
            {
                case YamlScalarNode scalar:
                    YamlScalarResolver.Write(writer, scalar);
                    break;
                case YamlAliasNode alias:
                    _insideAlias++;
                    Write(writer, alias.Target);
                    _insideAlias--;
                    break;
                case YamlSequenceNode sequence:
                    writer.WriteStartArray();
                    foreach (YamlNode item in sequence.Items)
                    {
                        Write(writer, item);
                    }

                    writer.WriteEndArray();
                    break;
                case YamlMappingNode mapping:
                    writer.WriteStartObject();
                    WriteEntries(writer, mapping);
                    writer.WriteEndObject();
                    break;
            }

            _depth--;
        }

        // Merged entries go first: of a repeated name the last counts, and a key of the mapping itself beats a merged one.
        private void WriteEntries(Utf8JsonWriter writer, YamlMappingNode mapping)
        {
            foreach ((YamlNode key, YamlNode value) in mapping.Entries)
            {
                if (IsMerge(key))
                {
                    _insideAlias++;
                    foreach (YamlMappingNode merged in Merged(value).Reverse())
                    {
                        _depth++;
                        if (_depth > MaxDepth || ++_aliased > MaxAliasedNodes)
                        {
                            throw new YamlLimitException($"aliases expand to more than {MaxAliasedNodes} nodes", key.Start);
                        }

                        WriteEntries(writer, merged);
                        _depth--;
                    }

                    _insideAlias--;
                }
            }

            foreach ((YamlNode key, YamlNode value) in mapping.Entries)
            {
                if (IsMerge(key))
                {
                    continue;
                }

                if (Resolve(key) is not YamlScalarNode name)
                {
                    throw new YamlLimitException("a key that is a list or map", key.Start);
                }

                writer.WritePropertyName(YamlScalarResolver.Key(name));
                Write(writer, value);
            }
        }
    }

    internal static bool IsMerge(YamlNode key) => key is YamlScalarNode { Value: "<<", Style: ScalarStyle.Plain };

    internal static YamlNode Resolve(YamlNode node)
    {
        while (node is YamlAliasNode alias)
        {
            node = alias.Target;
        }

        return node;
    }

    /// <summary>The mappings of a merge key, the strongest first.</summary>
    internal static IEnumerable<YamlMappingNode> Merged(YamlNode value) => Resolve(value) switch
    {
        YamlMappingNode mapping => [mapping],
        YamlSequenceNode sequence => sequence.Items.Select(Resolve).OfType<YamlMappingNode>(),
        _ => [],
    };
}
