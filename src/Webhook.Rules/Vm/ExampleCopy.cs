namespace Webhook.Rules.Vm;

/// <summary>What makes VMs of other VMs, for the examples about it.</summary>
internal static class ExampleCopy
{
    /// <summary>The networks of a member, that member, and a snapshot of it.</summary>
    public static string World { get; } = ExampleGuest.Given + "---\n" + ExampleGuest.With() + "\n---\n" +
        """
        apiVersion: snapshot.kubevirt.io/v1beta1
        kind: VirtualMachineSnapshot
        metadata: {name: before-upgrade, namespace: erp-db}
        spec:
          source: {apiGroup: kubevirt.io, kind: VirtualMachine, name: vcs-node1}
        """;

    /// <summary>A clone of the member.</summary>
    /// <param name="more">More of its spec, indented by two blanks.</param>
    public static string Clone(string more = "") =>
        $$$"""
        apiVersion: clone.kubevirt.io/v1beta1
        kind: VirtualMachineClone
        metadata: {name: third-member, namespace: erp-db}
        spec:
          source: {apiGroup: kubevirt.io, kind: VirtualMachine, name: vcs-node1}
          target: {apiGroup: kubevirt.io, kind: VirtualMachine, name: vcs-node3}
        {{{more}}}
        """.TrimEnd();

    /// <summary>The snapshot restored.</summary>
    /// <param name="target">The VM that it is restored to.</param>
    public static string Restore(string target) =>
        $$$"""
        apiVersion: snapshot.kubevirt.io/v1beta1
        kind: VirtualMachineRestore
        metadata: {name: back, namespace: erp-db}
        spec:
          target: {apiGroup: kubevirt.io, kind: VirtualMachine, name: {{{target}}}}
          virtualMachineSnapshotName: before-upgrade
        """;

    /// <summary>A pool of members.</summary>
    /// <param name="replicas">How many.</param>
    public static string Pool(int replicas) =>
        $$$"""
        apiVersion: pool.kubevirt.io/v1beta1
        kind: VirtualMachinePool
        metadata:
          name: vcs
          namespace: erp-db
        spec:
          replicas: {{{replicas}}}
          virtualMachineTemplate:
            metadata:
              labels: {infoscale.internal/cluster: erp}
            spec:
              runStrategy: Always
              template:
                metadata:
                  labels: {infoscale.internal/cluster: erp}
                spec:
                  affinity:
                    podAntiAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                      - labelSelector: {matchLabels: {infoscale.internal/cluster: erp}}
                        topologyKey: kubernetes.io/hostname
                  domain: {memory: {guest: 16Gi}, devices: {interfaces: {{{ExampleGuest.Interfaces}}}}}
                  networks: {{{ExampleGuest.Networks}}}
                  volumes: [{name: cloudinit, cloudInitNoCloud: {networkData: '{{{ExampleGuest.Data()}}}'}}]
        """;
}
