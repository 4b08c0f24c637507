namespace Webhook.EndToEnd.Tests;

/// <summary>Small manifests with one thing to say.</summary>
internal static class Manifests
{
    /// <summary>A labelled network whose virtual machines would get 1500: denied.</summary>
    public static string NetworkWithoutMtu(string name, string @namespace = "default") => Network(name, @namespace, "");

    /// <summary>A labelled network that is fit for LLT.</summary>
    public static string GoodNetwork(string name, string @namespace = "default") => Network(name, @namespace, "\"mtu\": 8990, ");

    /// <summary>The same network without the label that opts in.</summary>
    public static string Unlabelled(string manifest) => manifest.Replace("labels: {infoscale.internal/role: llt}", "labels: {}", StringComparison.Ordinal);

    /// <summary>A labelled policy that asks for DHCP: denied.</summary>
    public static string PolicyWithDhcp(string name, string version = "v1") =>
        $$$"""
        apiVersion: nmstate.io/{{{version}}}
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: {{{name}}}, labels: {infoscale.internal/role: llt} }
        spec:
          nodeSelector: {kubernetes.io/hostname: worker-1}
          maxUnavailable: 1
          desiredState:
            interfaces:
            - {name: ens3f0, type: ethernet, state: up, mtu: 9000, ipv4: {enabled: true, dhcp: true}, ipv6: {enabled: false}}
        """;

    /// <summary>A labelled machine whose NIC on the network llt1 asks for DHCP: denied.</summary>
    public static string MachineWithDhcp(string name, string @namespace) =>
        $$$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: {{{name}}}, namespace: {{{@namespace}}}, labels: {infoscale.internal/cluster: erp} }
        spec:
          runStrategy: Always
          template:
            metadata: {labels: {infoscale.internal/cluster: erp}}
            spec:
              domain:
                devices:
                  disks: [{name: cloudinit, disk: {bus: virtio}}]
                  interfaces: [{name: llt1, bridge: {}, model: virtio, macAddress: "02:50:00:0e:01:21"}]
              networks: [{name: llt1, multus: {networkName: llt1}}]
              volumes:
              - name: cloudinit
                cloudInitNoCloud:
                  networkData: |
                    version: 2
                    ethernets: {llt1: {match: {macaddress: "02:50:00:0e:01:21"}, dhcp4: true} }
        """;

    private static string Network(string name, string @namespace, string mtu) =>
        $$$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: {{{name}}}, namespace: {{{@namespace}}}, labels: {infoscale.internal/role: llt} }
        spec:
          config: |
            {"cniVersion": "0.3.1", "name": "{{{name}}}", "type": "ovn-k8s-cni-overlay", "topology": "localnet", {{{mtu}}}
             "physicalNetworkName": "physnet-llt1", "netAttachDefName": "{{{@namespace}}}/{{{name}}}"}
        """;
}
