namespace Webhook.Rules.Vm;

/// <summary>The VM of the examples: a cluster member that is right in everything but what the example shows.</summary>
internal static class ExampleMachine
{
    /// <summary>The VM as YAML.</summary>
    /// <param name="volumes">Its volumes, as one flow list.</param>
    /// <param name="disks">Its disks, as one flow list.</param>
    /// <param name="templates">Its data volume templates, as one flow list.</param>
    public static string With(string volumes, string disks = "[]", string templates = "[]") =>
        $$$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: vcs-node1
          namespace: erp-db
          labels: {infoscale.internal/cluster: erp}
        spec:
          runStrategy: Always
          dataVolumeTemplates: {{{templates}}}
          template:
            metadata:
              labels: {infoscale.internal/cluster: erp}
            spec:
              affinity:
                podAntiAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                  - labelSelector: {matchLabels: {infoscale.internal/cluster: erp}}
                    topologyKey: kubernetes.io/hostname
              domain:
                memory: {guest: 16Gi}
                devices:
                  disks: {{{disks}}}
              volumes: {{{volumes}}}
        """;
}
