using YamlDotNet.Core;

namespace Webhook.Resources.Yaml;

/// <summary>A node of a YAML document with the place where it stands.</summary>
internal abstract class YamlNode(Mark start)
{
    public Position Start { get; } = new((int)start.Line, (int)start.Column);
}

/// <summary>A scalar as written; <see cref="YamlScalarResolver"/> tells what it means.</summary>
internal sealed class YamlScalarNode(Mark start, string value, ScalarStyle style, string? tag) : YamlNode(start)
{
    public string Value { get; } = value;

    public ScalarStyle Style { get; } = style;

    public string? Tag { get; } = tag;
}

internal sealed class YamlSequenceNode(Mark start) : YamlNode(start)
{
    public List<YamlNode> Items { get; } = [];
}

internal sealed class YamlMappingNode(Mark start) : YamlNode(start)
{
    public List<KeyValuePair<YamlNode, YamlNode>> Entries { get; } = [];
}

/// <summary>A use of an anchored node.</summary>
internal sealed class YamlAliasNode(Mark start, YamlNode target) : YamlNode(start)
{
    public YamlNode Target { get; } = target;
}
