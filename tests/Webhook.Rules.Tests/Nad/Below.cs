namespace Webhook.Rules.Tests.Nad;

/// <summary>What lies below the networks of the tables: a policy of one node, and what the node is seen to have.</summary>
internal static class Below
{
    /// <summary>A context with the policy <c>llt</c> of worker-1.</summary>
    /// <param name="interfaces">The items of <c>interfaces</c> in flow style, one a line.</param>
    /// <param name="mappings">The bridge mappings in flow style.</param>
    /// <param name="annotations">Annotations of the policy in flow style.</param>
    /// <param name="seen">What the node has, in flow style, one a line; null where it was not seen.</param>
    /// <param name="more">Further documents.</param>
    public static RuleContext Policy(string interfaces, string mappings = "", string annotations = "", string? seen = null, string more = "") => new()
    {
        Now = Catalog.Now,
        Cluster = Catalog.Given($$$"""
            apiVersion: nmstate.io/v1
            kind: NodeNetworkConfigurationPolicy
            metadata: {name: llt, annotations: {{{{annotations}}}}}
            spec:
              nodeSelector: {kubernetes.io/hostname: worker-1}
              desiredState: {interfaces: [{{{Items(interfaces)}}}], ovn: {bridge-mappings: [{{{mappings}}}]}}
            {{{(seen is null ? "" : $$"""
            ---
            apiVersion: nmstate.io/v1beta1
            kind: NodeNetworkState
            metadata: {name: worker-1}
            status: {currentState: {interfaces: [{{Items(seen)}}] } }
            """)}}}
            {{{more}}}
            """),
    };

    private static string Items(string lines) => lines.Trim().Replace('\n', ',');
}
