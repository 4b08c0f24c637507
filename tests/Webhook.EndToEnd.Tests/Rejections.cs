using System.Text.RegularExpressions;

namespace Webhook.EndToEnd.Tests;

/// <summary>What kubectl prints about denied objects, taken apart.</summary>
internal static partial class Rejections
{
    /// <summary>The ids of the rules by object ("Kind namespace/name"), in the order printed.</summary>
    public static Dictionary<string, string[]> Parse(string error)
    {
        var rejections = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (string part in error.Split("denied the request: ").Skip(1))
        {
            Match head = Head().Match(part);
            Assert.True(head.Success, part);
            string[] lines = [.. Line().Matches(part).Select(static line => line.Value)];
            Assert.NotEmpty(lines);
            Assert.All(lines, static line => Assert.Matches("; [^;]+ \\[[a-z0-9-]+\\]$", line)); // each ends with a remedy and its rule
            rejections.Add(head.Groups["object"].Value, [.. lines.Select(static line => line[(line.LastIndexOf('[') + 1)..^1])]);
        }

        return rejections;
    }

    /// <summary>
    /// The ids of the rules where one object was denied: kubectl then prints the causes and leaves the message out.
    /// </summary>
    public static string[] Rules(string error)
    {
        string[] lines = [.. error.Split('\n').Where(static line => line.EndsWith(']') && !line.StartsWith("Warning: ", StringComparison.Ordinal))];
        return [.. lines.Select(static line => line[(line.LastIndexOf('[') + 1)..^1])];
    }

    [GeneratedRegex("^(?<object>[A-Za-z]+ [a-z0-9./-]+) is not fit for InfoScale:")]
    private static partial Regex Head();

    [GeneratedRegex("^- .*$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
