using System.Text.Json;

namespace Webhook.Rules.Tests.Nad;

/// <summary>Network definitions for boundary tables, and what a rule says about them.</summary>
internal static class Networks
{
    /// <summary>A NetworkAttachmentDefinition erp-db/llt1 around a CNI configuration.</summary>
    public static string Attachment(string config, string? role = "llt") =>
        $$$"""
        {"apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
         "metadata": {"name": "llt1", "namespace": "erp-db", "labels": {{{Labels(role)}}}},
         "spec": {"config": "{{{JsonEncodedText.Encode(config)}}}"}}
        """;

    /// <summary>A ClusterUserDefinedNetwork llt1 around its <c>spec.network</c>.</summary>
    public static string Cluster(string network, string? role = "llt") =>
        $$$"""
        {"apiVersion": "k8s.ovn.org/v1", "kind": "ClusterUserDefinedNetwork",
         "metadata": {"name": "llt1", "labels": {{{Labels(role)}}}}, "spec": {"namespaceSelector": {}, "network": {{{network}}}}}
        """;

    /// <summary>A UserDefinedNetwork erp-db/llt1 around its <c>spec</c>.</summary>
    public static string Namespaced(string spec, string? role = "llt") =>
        $$$"""
        {"apiVersion": "k8s.ovn.org/v1", "kind": "UserDefinedNetwork",
         "metadata": {"name": "llt1", "namespace": "erp-db", "labels": {{{Labels(role)}}}}, "spec": {{{spec}}}}
        """;

    /// <summary>Findings in short: severity, a question mark where unverified, path.</summary>
    public static string Say(string rule, string manifest, RuleContext? context = null) =>
        string.Join("; ", Catalog.Findings(rule, manifest, context).Select(static finding =>
        {
            Assert.Equal(finding.Message.Length + finding.Remedy.Length + 2, finding.Line.Length);
            return $"{finding.Severity}{(finding.Unverified ? "?" : "")} {finding.Path}";
        }));

    private static string Labels(string? role) => role is null ? "{}" : $$"""{"infoscale.internal/role": "{{role}}"}""";
}
