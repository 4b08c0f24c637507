namespace Webhook.Rules.Vm;

/// <summary>The VM of the examples: a cluster member that is right in everything but what the example shows.</summary>
internal static class ExampleMachine
{
    /// <summary>What keeps the members of the cluster on different nodes, indented as the VM's spec.</summary>
    private const string Apart =
        """
              affinity:
                podAntiAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                  - labelSelector: {matchLabels: {infoscale.internal/cluster: erp}}
                    topologyKey: kubernetes.io/hostname
        """;

    /// <summary>The VM as YAML.</summary>
    /// <param name="volumes">Its volumes, as one flow list.</param>
    /// <param name="disks">Its disks, as one flow list.</param>
    /// <param name="templates">Its data volume templates, as one flow list.</param>
    /// <param name="domain">Its domain, as one flow map, or null for 16 GiB of memory and the disks.</param>
    /// <param name="labels">The labels of its template, as one flow map.</param>
    /// <param name="placement">Keys of its spec that keep members apart, indented by six blanks.</param>
    public static string With(
        string volumes,
        string disks = "[]",
        string templates = "[]",
        string? domain = null,
        string labels = "{infoscale.internal/cluster: erp}",
        string placement = Apart) =>
        $$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: vcs-node1
          namespace: erp-db
          labels: {infoscale.internal/cluster: erp}
        spec:
          runStrategy: Always
          dataVolumeTemplates: {{templates}}
          template:
            metadata:
              labels: {{labels}}
            spec:
        {{placement}}
              domain: {{domain ?? $$$"""{memory: {guest: 16Gi}, devices: {disks: {{{disks}}}}}"""}}
              volumes: {{volumes}}
        """;
}
