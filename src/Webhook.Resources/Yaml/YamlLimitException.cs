namespace Webhook.Resources.Yaml;

/// <summary>A text that is YAML but passes a bound, or says what JSON cannot.</summary>
internal sealed class YamlLimitException(string reason, Position position) : Exception(reason)
{
    public Position Position { get; } = position;
}
