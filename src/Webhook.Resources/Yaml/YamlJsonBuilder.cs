using Webhook.Resources.Json;

namespace Webhook.Resources.Yaml;

/// <summary>From nodes to the JSON they stand for: aliases and merge keys expanded, as far as the bounds allow.</summary>
internal sealed class YamlJsonBuilder
{
    private int _aliased;
    private int _insideAlias;
    private int _depth;

    public Field Build(YamlNode root)
    {
        var writer = new FieldWriter();
        Write(writer, root);
        return writer.ToField();
    }

    private void Write(FieldWriter writer, YamlNode node)
    {
        if (_insideAlias > 0 && ++_aliased > YamlText.MaxAliasedNodes)
        {
            throw new YamlLimitException($"aliases expand to more than {YamlText.MaxAliasedNodes} nodes", node.Start);
        }

        if (++_depth > YamlText.MaxDepth)
        {
            throw new YamlLimitException($"nested deeper than {YamlText.MaxDepth} levels", node.Start);
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
    private void WriteEntries(FieldWriter writer, YamlMappingNode mapping)
    {
        foreach ((YamlNode key, YamlNode value) in mapping.Entries)
        {
            if (YamlText.IsMerge(key))
            {
                _insideAlias++;
                foreach (YamlMappingNode merged in YamlText.Merged(value).Reverse())
                {
                    _depth++;
                    if (_depth > YamlText.MaxDepth || ++_aliased > YamlText.MaxAliasedNodes)
                    {
                        throw new YamlLimitException($"aliases expand to more than {YamlText.MaxAliasedNodes} nodes", key.Start);
                    }

                    WriteEntries(writer, merged);
                    _depth--;
                }

                _insideAlias--;
            }
        }

        foreach ((YamlNode key, YamlNode value) in mapping.Entries)
        {
            if (YamlText.IsMerge(key))
            {
                continue;
            }

            if (YamlText.Resolve(key) is not YamlScalarNode name)
            {
                throw new YamlLimitException("a key that is a list or map", key.Start);
            }

            writer.WritePropertyName(YamlScalarResolver.Key(name));
            Write(writer, value);
        }
    }
}
