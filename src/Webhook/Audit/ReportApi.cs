namespace Webhook.Audit;

/// <summary>An API for reports of policy engines. Both have the same fields as far as they are written here.</summary>
/// <param name="Group">The API group.</param>
/// <param name="Version">The version.</param>
/// <param name="Kind">The kind for objects in namespaces.</param>
/// <param name="Resource">Its plural name.</param>
/// <param name="ClusterKind">The kind for objects in none.</param>
/// <param name="ClusterResource">Its plural name.</param>
public sealed record ReportApi(string Group, string Version, string Kind, string Resource, string ClusterKind, string ClusterResource)
{
    /// <summary>The reports of the Kubernetes policy working group (kubernetes-sigs/wg-policy-prototypes policy-report).</summary>
    public static ReportApi PolicyReports { get; } = new(
        "wgpolicyk8s.io", "v1alpha2", "PolicyReport", "policyreports", "ClusterPolicyReport", "clusterpolicyreports");

    /// <summary>Their successor (openreports/reports-api apis/openreports.io/v1alpha1).</summary>
    public static ReportApi OpenReports { get; } = new("openreports.io", "v1alpha1", "Report", "reports", "ClusterReport", "clusterreports");

    /// <summary>Group and version, as objects have them.</summary>
    public string ApiVersion => $"{Group}/{Version}";
}
