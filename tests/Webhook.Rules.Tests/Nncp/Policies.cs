namespace Webhook.Rules.Tests.Nncp;

/// <summary>Policies for boundary tables, and what a rule says about them.</summary>
internal static class Policies
{
    /// <summary>A policy around interfaces in flow style, one a line.</summary>
    /// <param name="interfaces">The items of <c>interfaces</c>.</param>
    /// <param name="role">The label, or null for none.</param>
    /// <param name="annotations">Annotations in flow style, <c>~/</c> for the prefix.</param>
    /// <param name="spec">Further keys of the spec in flow style.</param>
    /// <param name="state">Further keys of the desired state in flow style.</param>
    /// <param name="version">The version of nmstate.io.</param>
    public static string Of(
        string interfaces, string? role = "llt", string annotations = "", string spec = "nodeSelector: {kubernetes.io/hostname: worker-1}",
        string state = "", string version = "v1") =>
        $"""
        apiVersion: nmstate.io/{version}
        kind: NodeNetworkConfigurationPolicy
        metadata:
          name: policy
          labels: {Map(role is null ? "" : "infoscale.internal/role: " + role)}
          annotations: {Map(annotations.Replace("~/", "infoscale.internal/", StringComparison.Ordinal))}
        spec: {Map(Join(spec, "desiredState: " + Map(Join(state, $"interfaces: [{interfaces.Trim().Replace('\n', ',')}]"))))}
        """;

    /// <summary>Findings in short: severity, a question mark where unverified, path below the desired state.</summary>
    public static string Say(string rule, string manifest, RuleContext? context = null) =>
        string.Join("; ", Catalog.Findings(rule, manifest, context).Select(static finding =>
        {
            Assert.Equal(finding.Message.Length + finding.Remedy.Length + 2, finding.Line.Length);
            return $"{finding.Severity}{(finding.Unverified ? "?" : "")} {finding.Path}"
                .Replace("spec.desiredState.", "", StringComparison.Ordinal).Replace("interfaces[", "[", StringComparison.Ordinal);
        }));

    /// <summary>A context in which objects were given.</summary>
    public static RuleContext Given(string yaml) => new() { Now = Catalog.Now, Cluster = Catalog.Given(yaml) };

    /// <summary>Worker nodes of these names.</summary>
    public static RuleContext Workers(params string[] names) => Given(string.Join("\n---\n", names.Select(static name =>
        $"{{apiVersion: v1, kind: Node, metadata: {{name: {name}, labels: {{kubernetes.io/hostname: {name}, node-role.kubernetes.io/worker: ''}}}}}}")));

    private static string Map(string members) => "{" + members + "}";

    private static string Join(string first, string second) => first.Length == 0 ? second : $"{first}, {second}";
}
