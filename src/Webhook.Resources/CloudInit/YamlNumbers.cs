using System.Buffers;
using Webhook.Resources.Json;
using Webhook.Resources.Yaml;

namespace Webhook.Resources.CloudInit;

/// <summary>
/// Hardware addresses that are no text for cloud-init. YAML 1.1 reads digits between colons as one number in base 60, and PyYAML under
/// cloud-init still does: an unquoted address that has no letter is such a number (yaml/pyyaml lib/yaml/resolver.py, the int pattern).
/// </summary>
internal static class YamlNumbers
{
    private static readonly SearchValues<byte> DigitsAndColon = SearchValues.Create("0123456789:"u8);

    /// <summary>Adds a defect for each.</summary>
    public static void Find(NetworkDataReader reader, YamlDocument yaml, string text)
    {
        foreach (GuestInterface device in reader.Interfaces)
        {
            if (device.Mac.IsString && !device.Mac.Utf8Json[1..^1].ContainsAnyExcept(DigitsAndColon) && IsBaseSixty(device.Mac.Text!) && !IsQuoted(yaml, device.Mac.Path, text))
            {
                reader.Defects.Add(new NetworkDataDefect(device.Mac, "must be quoted: YAML reads it as a number in base 60"));
            }
        }
    }

    private static bool IsBaseSixty(string mac)
    {
        string[] parts = mac.Split(':');
        return parts.Length > 1 && parts[0] is [>= '1' and <= '9', ..]
            && parts.Skip(1).All(static part => part is [>= '0' and <= '9'] or [>= '0' and <= '5', >= '0' and <= '9']);
    }

    private static bool IsQuoted(YamlDocument yaml, FieldPath path, string text)
    {
        FieldPath inside = FieldPath.Root;
        foreach (FieldPath step in path.Steps())
        {
            inside = step.IsDocument ? FieldPath.Root : step.Name is string name ? inside.Property(name) : inside.Item(step.Index);
        }

        Position at = yaml.Locate(inside);
        int start = 0;
        for (int line = 1; line < at.Line && start >= 0; line++)
        {
            start = text.IndexOf('\n', start) + 1;
        }

        int index = start + at.Column - 1;
        return index < 0 || index >= text.Length || !char.IsAsciiDigit(text[index]);
    }
}
