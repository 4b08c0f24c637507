namespace Webhook.Rules.Vm;

/// <summary>
/// The VM of the examples about networks: a cluster member with two LLT and two iSCSI links, right in everything but what the example shows.
/// </summary>
internal static class ExampleGuest
{
    /// <summary>The interfaces, as one flow list.</summary>
    public const string Interfaces =
        "[" + Llt1Interface + ", " + Llt2Interface + ", " + Iscsi1Interface + ", " + Iscsi2Interface + "]";

    /// <summary>The interface llt1.</summary>
    public const string Llt1Interface = """{name: llt1, bridge: {}, macAddress: "02:50:00:0e:01:11"}""";

    /// <summary>The interface llt2.</summary>
    public const string Llt2Interface = """{name: llt2, bridge: {}, macAddress: "02:50:00:0e:02:11"}""";

    /// <summary>The interface iscsi1.</summary>
    public const string Iscsi1Interface = """{name: iscsi1, bridge: {}, macAddress: "02:50:00:0e:03:11"}""";

    /// <summary>The interface iscsi2.</summary>
    public const string Iscsi2Interface = """{name: iscsi2, bridge: {}, macAddress: "02:50:00:0e:04:11"}""";

    /// <summary>What network data says about llt1.</summary>
    public const string Llt1 = """{match: {macaddress: "02:50:00:0e:01:11"}, mtu: 8990, addresses: [172.30.1.11/24]}""";

    /// <summary>What network data says about llt2.</summary>
    public const string Llt2 = """{match: {macaddress: "02:50:00:0e:02:11"}, mtu: 8990, addresses: [172.30.2.11/24]}""";

    /// <summary>What network data says about iscsi1.</summary>
    public const string Iscsi1 = """{match: {macaddress: "02:50:00:0e:03:11"}, mtu: 8990, addresses: [10.60.1.11/24]}""";

    /// <summary>What network data says about iscsi2.</summary>
    public const string Iscsi2 = """{match: {macaddress: "02:50:00:0e:04:11"}, mtu: 8990, addresses: [10.60.2.11/24]}""";

    /// <summary>The networks, as one flow list.</summary>
    public const string Networks =
        "[{name: llt1, multus: {networkName: llt1}}, {name: llt2, multus: {networkName: llt2}}, " +
        "{name: iscsi1, multus: {networkName: iscsi1}}, {name: iscsi2, multus: {networkName: iscsi2}}]";

    /// <summary>The definitions of those networks, labelled and jumbo.</summary>
    public static string Given { get; } = string.Join(
        "---\n", Definition("llt1", "llt"), Definition("llt2", "llt"), Definition("iscsi1", "iscsi"), Definition("iscsi2", "iscsi"));

    /// <summary>The definition of one network.</summary>
    public static string Definition(string name, string role, int mtu = 8990) =>
        $$$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata:
          name: {{{name}}}
          namespace: erp-db
          labels: {infoscale.internal/role: {{{role}}}}
        spec:
          config: '{"cniVersion": "0.3.1", "name": "{{{name}}}", "type": "bridge", "bridge": "br-{{{name}}}", "mtu": {{{mtu}}}}'

        """;

    /// <summary>The network data that configures the four links, with one of them in other words.</summary>
    public static string Data(string llt1 = Llt1, string llt2 = Llt2, string iscsi1 = Iscsi1, string iscsi2 = Iscsi2) =>
        $$$"""{version: 2, ethernets: {llt1: {{{llt1}}}, llt2: {{{llt2}}}, iscsi1: {{{iscsi1}}}, iscsi2: {{{iscsi2}}}}}""";

    /// <summary>The VM as YAML.</summary>
    /// <param name="data">Its network data, on one line.</param>
    /// <param name="interfaces">Its interfaces, as one flow list.</param>
    /// <param name="networks">Its networks, as one flow list.</param>
    /// <param name="annotations">Its annotations, as one flow map.</param>
    /// <param name="strategy">Its run strategy.</param>
    public static string With(
        string? data = null, string interfaces = Interfaces, string networks = Networks, string annotations = "{}", string strategy = "Always") =>
        WithVolumes(
            $$$"""[{name: cloudinit, cloudInitNoCloud: {networkData: '{{{data ?? Data()}}}'}}]""", interfaces, networks, annotations, strategy);

    /// <summary>The VM with other volumes, as one flow list.</summary>
    public static string WithVolumes(
        string volumes, string interfaces = Interfaces, string networks = Networks, string annotations = "{}", string strategy = "Always") =>
        $$$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: vcs-node1
          namespace: erp-db
          labels: {infoscale.internal/cluster: erp}
          annotations: {{{annotations}}}
        spec:
          runStrategy: {{{strategy}}}
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
                  interfaces: {{{interfaces}}}
              networks: {{{networks}}}
              volumes: {{{volumes}}}
        """;
}
