using System.Globalization;
using System.Text;
using Webhook.Rules.Network;
using Webhook.Tracing;

namespace Webhook.Output;

/// <summary>Paths as a Mermaid flow chart, which GitHub, GitLab and many wikis draw.</summary>
public static class PathMermaid
{
    /// <summary>Writes the chart.</summary>
    public static void Write(IReadOnlyList<TracedPath> paths, TextWriter output)
    {
        var chart = new StringBuilder("flowchart TB\n");
        for (int i = 0; i < paths.Count; i++)
        {
            Write(paths[i], string.Create(CultureInfo.InvariantCulture, $"p{i}"), chart);
        }

        chart.Append("  classDef weak fill:#d1242f,stroke:#82071e,color:#ffffff\n");
        chart.Append("  classDef unknown stroke-dasharray:4 3\n");
        output.Write(chart);
    }

    private static void Write(TracedPath path, string id, StringBuilder chart)
    {
        chart.Append(CultureInfo.InvariantCulture, $"  subgraph {id}[\"{Text(path.Title)}\"]\n");
        string? upper = null;
        IReadOnlyList<NodePath> belows = path.Network?.Paths ?? [];
        for (int i = 0; i < path.Upper.Count; i++)
        {
            Hop hop = path.Upper[i];
            upper = Node(chart, $"{id}u{i}", hop, upper, belows.Any(below => path.IsWeak(below, hop)), "    ");
        }

        for (int n = 0; n < belows.Count; n++)
        {
            NodePath below = belows[n];
            chart.Append(CultureInfo.InvariantCulture, $"    subgraph {id}n{n}[\"{Text(below.Place.Length > 0 ? below.Place : "every node")}\"]\n");
            for (int h = 0; h < below.Hops.Count; h++)
            {
                Hop hop = below.Hops[h];
                Node(chart, $"{id}n{n}h{h}", hop, hop.Upper < 0 ? null : $"{id}n{n}h{hop.Upper}", path.IsWeak(below, hop), "      ");
            }

            chart.Append("    end\n");
            for (int h = 0; h < below.Hops.Count; h++)
            {
                if (below.Hops[h].Upper < 0)
                {
                    chart.Append(CultureInfo.InvariantCulture, $"    {upper} --- {id}n{n}h{h}\n");
                }
            }
        }

        if ((path.Break ?? path.Unseen) is string end)
        {
            chart.Append(CultureInfo.InvariantCulture, $"    {upper} -.- {id}end[\"{Text(end)}\"]:::{(path.Break is null ? "unknown" : "weak")}\n");
        }

        chart.Append("  end\n");
    }

    private static string Node(StringBuilder chart, string id, Hop hop, string? upper, bool isWeak, string indent)
    {
        string mtu = hop.Mtu is long bytes ? $" {bytes.ToString(CultureInfo.InvariantCulture)}" : hop.Counts ? " ?" : "";
        string style = isWeak ? ":::weak" : hop.IsUnknown ? ":::unknown" : "";
        string source = hop.Source.Length > 0 ? $"<br>{Text(hop.Source)}" : "";
        chart.Append(CultureInfo.InvariantCulture, $"{indent}{(upper is null ? "" : $"{upper} --- ")}{id}[\"{Text(PathText.Label(hop))}{mtu}{(isWeak ? ", too small" : "")}{source}\"]{style}\n");
        return id;
    }

    // Inside quotes only these have a meaning: the quote itself, markup, and the entity sign.
    private static string Text(string text) => PlainText.OfLine(text)
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("#", "&#35;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
