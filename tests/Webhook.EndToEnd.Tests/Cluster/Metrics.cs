using System.Globalization;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>Reads what a server exposes for Prometheus.</summary>
internal static class Metrics
{
    /// <summary>The sum of a metric's series that have all of the labels; 0 where there is none.</summary>
    /// <param name="exposed">The text.</param>
    /// <param name="name">The name of the metric.</param>
    /// <param name="labels">Labels, as <c>verb="create"</c>.</param>
    public static double Sum(string exposed, string name, params string[] labels) => exposed.Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' '
            && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
        .Sum(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
