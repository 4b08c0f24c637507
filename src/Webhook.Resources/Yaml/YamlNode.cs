using YamlDotNet.Core;

namespace Webhook.Resources.Yaml;

/// <summary>A node of a YAML document with the place where it stands.</summary>
internal abstract class YamlNode(Mark start, Mark end)
{
    public Position Start { get; } = new((int)start.Line, (int)start.Column);

    /// <summary>Where the node begins in the text, its anchor and tag included: an index of characters.</summary>
    public int Offset { get; } = (int)start.Index;

    /// <summary>The index behind the node. A node in block style may end only where the next one begins.</summary>
    public int End { get; internal set; } = (int)end.Index;
}

/// <summary>A scalar as written; <see cref="YamlScalarResolver"/> tells what it means.</summary>
internal sealed class YamlScalarNode(Mark start, Mark end, string value, ScalarStyle style, string? tag) : YamlNode(start, end)
{
    public string Value { get; } = value;

    public ScalarStyle Style { get; } = style;

    public string? Tag { get; } = tag;
}

internal sealed class YamlSequenceNode(Mark start, Mark end, bool isFlow) : YamlNode(start, end)
{
    public List<YamlNode> Items { get; } = [];

    /// <summary>Whether it stands in brackets.</summary>
    public bool IsFlow { get; } = isFlow;
}

internal sealed class YamlMappingNode(Mark start, Mark end, bool isFlow) : YamlNode(start, end)
{
    public List<KeyValuePair<YamlNode, YamlNode>> Entries { get; } = [];

    /// <summary>Whether it stands in braces.</summary>
    public bool IsFlow { get; } = isFlow;
}

/// <summary>A use of an anchored node.</summary>
internal sealed class YamlAliasNode(Mark start, Mark end, YamlNode target) : YamlNode(start, end)
{
    public YamlNode Target { get; } = target;
}
