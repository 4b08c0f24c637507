using System.Text.RegularExpressions;

namespace Webhook.Resources.Manifests;

/// <summary>
/// The lines of a manifest that may hold a secret: cloud-init user data, passwords, keys and tokens, and what a Secret holds. They are told by
/// their looks, so that a text which cannot be read is covered too; a line too many does no harm.
/// </summary>
public static partial class SecretLines
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Mask = "***";

    /// <summary>For each line, what may be shown of it, or null where all of it may.</summary>
    /// <param name="lines">The lines of a whole file, with or without their ends.</param>
    public static IReadOnlyList<string?> Masked(IReadOnlyList<string> lines)
    {
        var masked = new string?[lines.Count];
        bool isSecret = false, isOfItems = false;
        int below = int.MaxValue;
        for (int i = 0; i < lines.Count; i++)
        {
            string line = lines[i].TrimEnd('\r', '\n');
            string content = line.TrimStart(' ', '\t');
            int indent = line.Length - content.Length;
            if (line.StartsWith("---", StringComparison.Ordinal) || i == 0)
            {
                isSecret = IsSecret(lines, i);
                below = int.MaxValue;
            }

            if (content.Length > 0 && (indent < below || (indent == below && !(isOfItems && content.StartsWith('-')))))
            {
                below = int.MaxValue;
            }

            if (below != int.MaxValue)
            {
                masked[i] = line[..indent] + Mask;
            }
            else if (content.StartsWith("#cloud-config", StringComparison.Ordinal) || content.StartsWith("#!", StringComparison.Ordinal))
            {
                // A script or cloud-config: as far as the text it stands in.
                masked[i] = line[..indent] + Mask;
                below = indent - 1;
                isOfItems = false;
            }
            else if (MaskedValues(line, isSecret, out bool goesOn) is string shown)
            {
                masked[i] = shown;
                int key = ItemIndent(content);
                bool isFlow = content.AsSpan(key).StartsWith("{");
                below = !goesOn ? int.MaxValue : isFlow ? indent : indent + key;
                isOfItems = !isFlow || key == 0;
            }
        }

        return masked;
    }

    private static bool IsSecret(IReadOnlyList<string> lines, int from)
    {
        for (int i = from; i < lines.Count && (i == from || !lines[i].StartsWith("---", StringComparison.Ordinal)); i++)
        {
            if (KindSecret().IsMatch(lines[i]))
            {
                return true;
            }
        }

        return false;
    }

    // How far behind the hyphens of list items a line's key stands: what belongs to it stands further right, a list also on its column.
    private static int ItemIndent(string content)
    {
        int at = 0;
        while (at + 1 < content.Length && content[at] == '-' && content[at + 1] == ' ')
        {
            at += 2;
            at += content.AsSpan(at).Length - content.AsSpan(at).TrimStart(' ').Length;
        }

        return at;
    }

    private static string? MaskedValues(string line, bool isSecret, out bool goesOn)
    {
        goesOn = false;
        string? shown = null;
        for (int at = 0; at < line.Length;)
        {
            Match key = SecretKey().Match(line, at);
            if (isSecret && SecretData().Match(line, at) is { Success: true } data && (!key.Success || data.Index < key.Index))
            {
                key = data;
            }

            if (!key.Success)
            {
                return shown is null ? null : shown + line[at..];
            }

            int value = key.Index + key.Length;
            shown += line[at..value];
            if (Quoted().Match(line, value) is { Success: true } quoted)
            {
                shown += " " + Mask;
                at = value + quoted.Length;
                continue;
            }

            goesOn = true;
            return $"{shown} {Mask}";
        }

        return shown;
    }

    // Also inside a document in a string, where quotes may be escaped. Names of Secret objects are none of it.
    [GeneratedRegex(
        @"[\w./-]*(?:userData|userDataBase64|passw(?:or)?d|passphrase|token|psk|mka-cak|extraHeaders|private[-_]?key|key-data|last-applied-configuration)[\w-]*[\\""']*\s*:(?=\s|[\\""']|$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretKey();

    [GeneratedRegex(@"(?<=^|[\s{,])[""']?(?:data|stringData)[""']?\s*:")]
    private static partial Regex SecretData();

    [GeneratedRegex(@"(?:^|[\s{,])[""']?kind[""']?\s*:\s*[""']?Secret(?:List)?\b")]
    private static partial Regex KindSecret();

    [GeneratedRegex(@"\G\s*(?:""(?:[^""\\]|\\.)*""|'(?:[^']|'')*')(?=\s*(?:[,}\]]|$))")]
    private static partial Regex Quoted();
}
