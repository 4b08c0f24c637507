using Webhook.Resources.Json;
using Webhook.Resources.Yaml;

namespace Webhook.Resources;

/// <summary>Finds a field in a document that stands in a string: JSON where the text begins like it, else YAML.</summary>
internal static class EmbeddedText
{
    public static Position Locate(string text, IEnumerable<FieldPath> steps)
    {
        if (text.AsSpan().TrimStart() is ['{' or '[', ..] && JsonText.TryParse(text, FieldPath.Root, out Field root, out _))
        {
            return root.Locate(steps);
        }

        FieldPath path = steps.Aggregate(FieldPath.Root, static (at, step) => step.Name is string name ? at.Property(name) : at.Item(step.Index));
        return YamlText.TryParse(text, out YamlDocument? document, out _) ? document!.Locate(path) : new Position(1, 1);
    }
}
