namespace Webhook.Tests.Commands;

/// <summary>An object in a world, and what is found there.</summary>
/// <param name="Name">What is wrong, in a few words.</param>
/// <param name="World">The other objects.</param>
/// <param name="Object">The object under review.</param>
/// <param name="Findings">What is among the findings, as <c>rule severity</c>.</param>
public sealed record WorldCase(string Name, string World, string Object, params IReadOnlyList<string> Findings)
{
    /// <summary>The same object as it was before, or null where it is new.</summary>
    public string? Old { get; init; }

    /// <summary>What the findings say, in parts.</summary>
    public IReadOnlyList<string> Says { get; init; } = [];
}

/// <summary>The joins that no single object shows.</summary>
public static class WorldCases
{
    public static TheoryData<string> Names => [.. All.Select(static one => one.Name)];

    public static IReadOnlyList<WorldCase> All { get; } =
    [
        new("a bond member of 1500 on one node only", TwoNodes(9000, 1500), Network("llt1", "physnet-llt1", 9000), "nad-mtu-exceeds-node error") { Says = ["worker-2", "1500"] },
        new("a mapping with a typo", TwoNodes(9000, 9000), Network("llt1", "physnet-ltl1", 8990), "nad-node-network-missing error") { Says = ["physnet-llt1"] },
        new("an address that another VM of the network has", Network("llt1", "physnet-llt1", 8990) + "\n---\n" + Machine("vcs-node1", "172.30.1.11"),
            Machine("vcs-node2", "172.30.1.11"), "vm-address-duplicate error") { Says = ["vcs-node1"] },
        new("another address for a running VM", Network("llt1", "physnet-llt1", 8990), Machine("vcs-node1", "172.30.1.12"), "vm-address-changed error")
        {
            Old = Machine("vcs-node1", "172.30.1.11"),
        },
        new("another segment for a running VM", Network("llt1", "physnet-llt1", 8990) + "\n---\n" + Network("llt2", "physnet-llt2", 8990),
            Machine("vcs-node1", "172.30.1.11", network: "llt2"), "vm-network-changed error")
        {
            Old = Machine("vcs-node1", "172.30.1.11"),
        },
        new("a clone of a member, with its addresses", Network("llt1", "physnet-llt1", 8990) + "\n---\n" + Machine("vcs-node1", "172.30.1.11"),
            Copy("clone.kubevirt.io/v1beta1", "VirtualMachineClone", "source: {apiGroup: kubevirt.io, kind: VirtualMachine, name: vcs-node1}"),
            "vm-clone-duplicates-addresses warning") { Says = ["172.30.1.11/24", "erp-db/vcs-node1"] },
        new("a snapshot restored under a new name", Network("llt1", "physnet-llt1", 8990) + "\n---\n" + Machine("vcs-node1", "172.30.1.11") + "\n---\n" +
            Copy("snapshot.kubevirt.io/v1beta1", "VirtualMachineSnapshot", "source: {apiGroup: kubevirt.io, kind: VirtualMachine, name: vcs-node1}"),
            Copy("snapshot.kubevirt.io/v1beta1", "VirtualMachineRestore", "target: {apiGroup: kubevirt.io, kind: VirtualMachine, name: vcs-node9}\n  virtualMachineSnapshotName: copy"),
            "vm-clone-duplicates-addresses warning") { Says = ["172.30.1.11/24", "erp-db/vcs-node1"] },
        new("a disk whose default class is RBD", Class("ocs-rbd", "openshift-storage.rbd.csi.ceph.com"),
            Machine("vcs-node1", "172.30.1.11", disk: true), "vm-storage-not-iscsi error") { Says = ["ocs-rbd"] },
    ];

    private static string Copy(string apiVersion, string kind, string spec) =>
        $$"""
        apiVersion: {{apiVersion}}
        kind: {{kind}}
        metadata: {name: copy, namespace: erp-db}
        spec:
          {{spec}}
        """;

    private static string TwoNodes(int first, int second) => Node("worker-1", first) + "\n---\n" + Node("worker-2", second);

    private static string Node(string name, int mtu) =>
        $$"""
        {apiVersion: v1, kind: Node, metadata: {name: {{name}}, labels: {kubernetes.io/hostname: {{name}} } } }
        ---
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: llt-{{name}} }
        spec:
          nodeSelector: {kubernetes.io/hostname: {{name}} }
          desiredState:
            interfaces:
            - {name: ens3f0, type: ethernet, mtu: {{mtu}} }
            - {name: bond1, type: bond, mtu: 9000, link-aggregation: {mode: active-backup, port: [ens3f0]} }
            - {name: br-llt1, type: ovs-bridge, bridge: {port: [{name: bond1}]} }
            ovn: {bridge-mappings: [{localnet: physnet-llt1, bridge: br-llt1}]}
        """;

    private static string Network(string name, string localnet, int mtu) =>
        $$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: {{name}}, namespace: erp-db, labels: {infoscale.internal/role: llt} }
        spec:
          config: '{"cniVersion": "0.3.1", "name": "{{name}}", "type": "ovn-k8s-cni-overlay", "topology": "localnet",
            "physicalNetworkName": "{{localnet}}", "netAttachDefName": "erp-db/{{name}}", "mtu": {{mtu}} }'
        """;

    private static string Machine(string name, string address, string network = "llt1", bool disk = false) =>
        $$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: {{name}}, namespace: erp-db, labels: {infoscale.internal/cluster: erp} }
        spec:
          runStrategy: Always
          dataVolumeTemplates: [{{(disk ? $"{{metadata: {{name: {name}-data}}, spec: {{storage: {{resources: {{requests: {{storage: 1Gi}}}}}}}}}}" : "")}}]
          template:
            metadata: {labels: {infoscale.internal/cluster: erp} }
            spec:
              domain: {devices: {interfaces: [{name: llt1, bridge: {}, macAddress: "02:50:00:0e:01:11"}]} }
              networks: [{name: llt1, multus: {networkName: {{network}} } }]
              volumes:
              - name: cloudinit
                cloudInitNoCloud:
                  networkData: '{version: 2, ethernets: {llt1: {match: {macaddress: "02:50:00:0e:01:11"}, mtu: 8990, addresses: [{{address}}/24]} } }'
              {{(disk ? $"- {{name: data, dataVolume: {{name: {name}-data}}}}" : "")}}
        """;

    private static string Class(string name, string provisioner) =>
        $$"""
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: {{name}}, annotations: {storageclass.kubernetes.io/is-default-class: "true"} }
        provisioner: {{provisioner}}
        """;
}
