using System.Globalization;
using Webhook.Output;
using Webhook.Resources;
using Webhook.Rules;
using Webhook.Tracing;

namespace Webhook.Audit;

/// <summary>The LLT and iSCSI paths of each InfoScale cluster, as <c>path</c> draws them.</summary>
public static class ClusterPictures
{
    /// <summary>The most paths of one picture: those with a weak hop come first.</summary>
    public const int MaxPaths = 24;

    /// <summary>The most clusters that are drawn: those with a weak hop come first.</summary>
    public const int MaxClusters = 40;

    /// <summary>Draws the clusters of a view.</summary>
    /// <param name="view">What exists.</param>
    /// <param name="context">The settings and the moment of the audit.</param>
    public static IReadOnlyList<ClusterPicture> Of(ClusterObjects view, RuleContext context)
    {
        var tracer = new PathTracer(context with { Cluster = view });
        return
        [
            .. view.Judged().OfType<VirtualMachine>()
                .Where(static machine => machine is { IsOptedIn: true, JudgedOwner: null, Cluster.Length: > 0 })
                .GroupBy(static machine => (machine.Namespace, machine.Cluster!))
                .Select(group => (
                    Name: group.Key.Namespace.Length > 0 ? $"{group.Key.Namespace}/{group.Key.Item2}" : group.Key.Item2,
                    Paths: group.SelectMany(tracer.Trace).Where(static path => path.Role is not null)
                        .OrderByDescending(static path => path.HasWeak || path.Break is not null).ToList()))
                .Where(static cluster => cluster.Paths.Count > 0)
                .OrderByDescending(static cluster => cluster.Paths[0].HasWeak || cluster.Paths[0].Break is not null)
                .ThenBy(static cluster => cluster.Name, StringComparer.Ordinal)
                .Take(MaxClusters)
                .Select(static cluster => Draw(cluster.Name, cluster.Paths)),
        ];
    }

    private static ClusterPicture Draw(string name, List<TracedPath> paths)
    {
        List<TracedPath> drawn = paths.GetRange(0, Math.Min(paths.Count, MaxPaths));
        using var svg = new StringWriter(CultureInfo.InvariantCulture);
        PathSvg.Write(drawn, svg);
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new PathText(text, hasColour: false, width: null).Write(drawn);
        return new ClusterPicture(name, svg.ToString(), text.ToString(), paths.Count - drawn.Count);
    }
}
