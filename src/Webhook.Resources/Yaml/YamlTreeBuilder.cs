using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Webhook.Resources.Yaml;

/// <summary>From the library's events to nodes that know their place: one document, bounded in depth, without cycles.</summary>
/// <param name="parser">The library's parser, at the start of the text.</param>
internal sealed class YamlTreeBuilder(Parser parser)
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

    // The library ends a closing bracket where it begins.
    private static int EndOf(ParsingEvent end, bool isFlow) => isFlow ? (int)end.Start.Index + 1 : (int)end.End.Index;

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
                ? new YamlAliasNode(alias.Start, alias.End, target)
                : throw Limit("an alias names no anchor before it", alias.Start);
        }

        if (Take(out Scalar? scalar))
        {
            string? tag = scalar.Tag.IsEmpty ? null : scalar.Tag.Value;
            return Anchored(scalar, new YamlScalarNode(scalar.Start, scalar.End, scalar.Value, scalar.Style, tag));
        }

        if (++_depth > YamlText.MaxDepth)
        {
            throw Limit($"nested deeper than {YamlText.MaxDepth} levels", parser.Current!.Start);
        }

        YamlNode node;
        if (Take(out SequenceStart? sequence))
        {
            var items = new YamlSequenceNode(sequence.Start, sequence.End, sequence.Style == SequenceStyle.Flow);
            SequenceEnd? end;
            while (!Take(out end))
            {
                items.Items.Add(Node());
            }

            items.End = EndOf(end, items.IsFlow);
            node = Anchored(sequence, items);
        }
        else
        {
            MappingStart mapping = parser.Consume<MappingStart>();
            var entries = new YamlMappingNode(mapping.Start, mapping.End, mapping.Style == MappingStyle.Flow);
            MappingEnd? end;
            while (!Take(out end))
            {
                YamlNode key = Node();
                entries.Entries.Add(new(key, Node()));
            }

            entries.End = EndOf(end, entries.IsFlow);
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
