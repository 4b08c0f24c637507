namespace Webhook.Rules.Nad;

/// <summary>The node below the networks of the examples: an OVS bridge on a bond, mapped as physnet-llt1.</summary>
internal static class ExampleNode
{
    /// <summary>A localnet over it.</summary>
    /// <param name="mtu">Its mtu.</param>
    /// <param name="physical">Its physical network.</param>
    public static string Localnet(int mtu, string physical = "physnet-llt1") => $$$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}
        spec:
          config: |
            {"cniVersion": "0.3.1", "name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "localnet",
             "physicalNetworkName": "{{{physical}}}", "mtu": {{{mtu}}}, "netAttachDefName": "erp-db/llt1"}
        """;

    /// <summary>The policies of two nodes.</summary>
    /// <param name="card">The mtu of a network card of the second node; all else has 9000.</param>
    public static string Given(int card = 9000) => Policy("worker-1", 9000) + "---\n" + Policy("worker-2", card);

    private static string Policy(string node, int card) => $$$"""
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: llt-{{{node}}}, labels: {infoscale.internal/role: llt}}
        spec:
          nodeSelector: {kubernetes.io/hostname: {{{node}}}}
          desiredState:
            interfaces:
            - name: br-llt1
              type: ovs-bridge
              state: up
              bridge: {allow-extra-patch-ports: true, port: [{name: bond0}]}
            - name: bond0
              type: bond
              state: up
              mtu: 9000
              link-aggregation: {mode: active-backup, port: [ens3f0, ens3f1]}
            - {name: ens3f0, type: ethernet, state: up, mtu: {{{card}}}}
            - {name: ens3f1, type: ethernet, state: up, mtu: 9000}
            ovn:
              bridge-mappings: [{localnet: physnet-llt1, bridge: br-llt1, state: present}]

        """;
}
