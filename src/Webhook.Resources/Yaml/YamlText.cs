using Webhook.Resources.Json;
using YamlDotNet.Core;

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
    private static FieldWriter? Writer;

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
            YamlNode? root = new YamlTreeBuilder(parser).Build();
            Field value = root is null ? Field.Parse("null") : new YamlJsonBuilder().Build(root);
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
        return new YamlTreeBuilder(new Parser(new Scanner(reader, skipComments: true))).Build();
    }

    private static bool TryParseSimple(string text, out YamlDocument? document)
    {
        document = null;
        FieldWriter writer = Writer ??= new FieldWriter();
        writer.Reset();
        if (!SimpleYaml.TryWrite(text, writer))
        {
            return false;
        }

        document = new YamlDocument(text, writer.ToField());
        return true;
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
