namespace Webhook.Rules.Nncp;

/// <summary>A policy in use, for the examples of rules about changes: an LLT bridge on worker-1, and a VM on a network over it.</summary>
internal static class ExampleInUse
{
    /// <summary>The static address of the bridge.</summary>
    public const string Address = "{enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}";

    /// <summary>A network over the bridge, and an InfoScale VM on it.</summary>
    public const string Given = """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
        spec:
          config: |
            {"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": 9000}
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: vcs-node1, namespace: erp-db, labels: {infoscale.internal/cluster: erp}}
        spec: {template: {spec: {domain: {devices: {interfaces: [{name: llt1, bridge: {}}]}}, networks: [{name: llt1, multus: {networkName: llt1}}]}}}
        """;

    /// <summary>The policy.</summary>
    /// <param name="ipv4">The ipv4 section of the bridge.</param>
    /// <param name="mtu">The mtu of the bridge.</param>
    /// <param name="ports">The ports of the bridge.</param>
    /// <param name="card">Keys of the second card.</param>
    public static string Policy(string ipv4 = Address, int mtu = 9000, string ports = "{name: ens3f0}, {name: ens3f1}", string card = "mtu: 9216") => $$$"""
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata:
          name: llt-worker-1
          labels: {infoscale.internal/role: llt}
          annotations: {infoscale.internal/switch-mtu: "9216"}
        spec:
          nodeSelector: {kubernetes.io/hostname: worker-1}
          maxUnavailable: 1
          desiredState:
            interfaces:
            - name: br-llt1
              type: linux-bridge
              state: up
              mtu: {{{mtu}}}
              ipv4: {{{ipv4}}}
              ipv6: {enabled: false}
              bridge: {port: [{{{ports}}}]}
            - {name: ens3f0, type: ethernet, state: up, mtu: 9216}
            - {name: ens3f1, type: ethernet, state: up, {{{card}}}}
        """;
}
