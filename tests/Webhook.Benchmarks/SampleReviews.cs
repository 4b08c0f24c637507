using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Webhook.Resources.Manifests;

namespace Webhook.Benchmarks;

/// <summary>
/// AdmissionReviews as an API server sends them. Each number gives another VM, with its own names, uids, MACs and addresses, so that no
/// cache of parsed documents can stand in for parsing.
/// </summary>
internal static class SampleReviews
{
    /// <summary>
    /// A virtual machine as a cache keeps it, as JSON with the words NUMBER, GENERATION, NAMESPACE, CLUSTER, MAC and HOST where machines differ.
    /// </summary>
    public static string StoredMachine()
    {
        const int Number = 54_321;
        JsonNode machine = JsonNode.Parse(Json(VirtualMachine(Number, generation: 8)))!;
        machine["metadata"]!.AsObject().Remove("managedFields");
        machine.AsObject().Remove("status");
        machine["spec"]!["template"]!["spec"]!["volumes"]![1]!["cloudInitNoCloud"]!.AsObject().Remove("userData");
        return machine.ToJsonString()
            .Replace("54321", "NUMBER", StringComparison.Ordinal)
            .Replace("d431", "d431NUMBER", StringComparison.Ordinal)
            .Replace("\"revision\":\"8\"", "\"revision\":\"GENERATION\"", StringComparison.Ordinal)
            .Replace("\"erp-db\"", "\"NAMESPACE\"", StringComparison.Ordinal)
            .Replace("\"erp\"", "\"CLUSTER\"", StringComparison.Ordinal)
            .Replace("d9:47", "MAC", StringComparison.Ordinal)
            .Replace("217.72", "HOST", StringComparison.Ordinal);
    }

    /// <summary>An UPDATE of a cluster member with two LLT and two iSCSI NICs, managed fields and status: about 12 KiB.</summary>
    public static byte[] VirtualMachineUpdate(int number)
    {
        string current = Json(VirtualMachine(number, generation: 8));
        string old = Json(VirtualMachine(number, generation: 7));
        return Encoding.UTF8.GetBytes(Review(number, "kubevirt.io", "v1", "VirtualMachine", "virtualmachines", "erp-db", "UPDATE", current, old));
    }

    /// <summary>The creation of a localnet NetworkAttachmentDefinition.</summary>
    public static byte[] NetworkAttachmentDefinitionCreate(int number) => Encoding.UTF8.GetBytes(Review(
        number, "k8s.cni.cncf.io", "v1", "NetworkAttachmentDefinition", "network-attachment-definitions", "erp-db", "CREATE",
        Json($$$"""
            apiVersion: k8s.cni.cncf.io/v1
            kind: NetworkAttachmentDefinition
            metadata: {name: llt{{{number}}}, namespace: erp-db, labels: {infoscale.internal/role: llt}}
            spec:
              config: |
                {"cniVersion": "0.3.1", "name": "llt{{{number}}}", "type": "ovn-k8s-cni-overlay", "topology": "localnet",
                 "physicalNetworkName": "physnet-llt1", "vlanID": 301, "mtu": 8990, "netAttachDefName": "erp-db/llt{{{number}}}"}
            """),
        "null"));

    /// <summary>The creation of one node's policy: a bond, a bridge and a VLAN with a static address.</summary>
    public static byte[] NodeNetworkConfigurationPolicyCreate(int number) => Encoding.UTF8.GetBytes(Review(
        number, "nmstate.io", "v1", "NodeNetworkConfigurationPolicy", "nodenetworkconfigurationpolicies", "", "CREATE",
        Json($$$"""
            apiVersion: nmstate.io/v1
            kind: NodeNetworkConfigurationPolicy
            metadata:
              name: llt-worker-{{{number}}}
              labels: {infoscale.internal/role: llt}
              annotations: {infoscale.internal/switch-mtu: "9216"}
            spec:
              nodeSelector: {kubernetes.io/hostname: worker-{{{number}}} }
              maxUnavailable: 1
              desiredState:
                interfaces:
                - {name: ens3f0, type: ethernet, state: up, mtu: 9000, ipv4: {enabled: false}, ipv6: {enabled: false}}
                - {name: ens4f0, type: ethernet, state: up, mtu: 9000, ipv4: {enabled: false}, ipv6: {enabled: false}}
                - name: bond1
                  type: bond
                  state: up
                  mtu: 9000
                  link-aggregation: {mode: active-backup, port: [ens3f0, ens4f0]}
                  ipv4: {enabled: false}
                  ipv6: {enabled: false}
                - name: br-llt1
                  type: linux-bridge
                  state: up
                  mtu: 9000
                  bridge: {options: {stp: {enabled: false}}, port: [{name: bond1}]}
                  ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.{{{number / 250}}}.{{{(number % 250) + 1}}}, prefix-length: 16}]}
                  ipv6: {enabled: false}
            """),
        "null"));

    /// <summary>A machine like those under review as an API server lists it, in another namespace and cluster.</summary>
    public static byte[] StoredMachine(int number, string @namespace, string cluster) => Encoding.UTF8.GetBytes(
        Json(VirtualMachine(number, generation: 7)).Replace("\"erp-db\"", $"\"{@namespace}\"", StringComparison.Ordinal)
            .Replace("\"infoscale.internal/cluster\":\"erp\"", $"\"infoscale.internal/cluster\":\"{cluster}\"", StringComparison.Ordinal));

    /// <summary>The policy of one node as an API server lists it.</summary>
    public static byte[] Policy(int number)
    {
        using JsonDocument review = JsonDocument.Parse(NodeNetworkConfigurationPolicyCreate(number));
        string policy = review.RootElement.GetProperty("request").GetProperty("object").GetRawText();
        return Encoding.UTF8.GetBytes(policy.Replace("\"metadata\":{", $"\"metadata\":{{\"uid\":\"nncp-{number}\",\"resourceVersion\":\"1\",", StringComparison.Ordinal));
    }

    private static string Review(
        int number, string group, string version, string kind, string resource, string @namespace, string operation, string current, string old) =>
        $$"""
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"705ab4f5-6393-11e8-b7cc-{{number:x12}}","kind":{"group":"{{group}}",
        "version":"{{version}}","kind":"{{kind}}"},"resource":{"group":"{{group}}","version":"{{version}}","resource":"{{resource}}"},
        "requestKind":{"group":"{{group}}","version":"{{version}}","kind":"{{kind}}"},"requestResource":{"group":"{{group}}","version":"{{version}}",
        "resource":"{{resource}}"},"name":"object-{{number}}","namespace":"{{@namespace}}","operation":"{{operation}}","userInfo":{"username":"system:admin",
        "groups":["system:masters","system:authenticated"]},"object":{{current}},"oldObject":{{old}},"dryRun":false,
        "options":{"kind":"{{operation[..1]}}{{operation[1..].ToLowerInvariant()}}Options","apiVersion":"meta.k8s.io/v1","fieldManager":"kubectl-client-side-apply"} } }
        """.Replace("\n", "", StringComparison.Ordinal);

    private static string Json(string yaml) => ManifestReader.Read(yaml).Single().Root.Json;

    private static string VirtualMachine(int number, int generation)
    {
        string host = ((number % 250) + 1).ToString(CultureInfo.InvariantCulture);
        string net = (number / 250 % 250).ToString(CultureInfo.InvariantCulture);
        string mac = $"{number / 250 % 250:x2}:{number % 250:x2}";
        string fields = string.Join(", ", Enumerable.Range(0, 28).Select(i =>
            $"'k:{{\"name\":\"device-{i}\"}}': {{.: {{}}, f:name: {{}}, f:bridge: {{}}, f:macAddress: {{}}, f:model: {{}} }}"));
        return $$$"""
            apiVersion: kubevirt.io/v1
            kind: VirtualMachine
            metadata:
              name: vcs-node{{{number}}}
              namespace: erp-db
              uid: 0f6ae2a4-3f0c-4f5e-9d0e-{{{number:x12}}}
              resourceVersion: "{{{number + generation}}}"
              generation: {{{generation}}}
              creationTimestamp: "2026-03-01T08:00:00Z"
              labels: {infoscale.internal/cluster: erp, app: vcs}
              annotations: {kubevirt.io/latest-observed-api-version: v1, kubevirt.io/storage-observed-api-version: v1}
              managedFields:
              - {manager: kubectl-client-side-apply, operation: Update, apiVersion: kubevirt.io/v1, time: "2026-03-01T08:00:00Z", fieldsType: FieldsV1,
                 fieldsV1: {f:spec: {f:template: {f:spec: {f:domain: {f:devices: {f:interfaces: { {{{fields}}} } } } } } } } }
            spec:
              runStrategy: Always
              template:
                metadata:
                  labels: {infoscale.internal/cluster: erp, revision: "{{{generation}}}"}
                spec:
                  evictionStrategy: LiveMigrate
                  affinity:
                    podAntiAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                      - labelSelector: {matchLabels: {infoscale.internal/cluster: erp}}
                        topologyKey: kubernetes.io/hostname
                  domain:
                    cpu: {cores: 4}
                    memory: {guest: 16Gi}
                    resources: {requests: {cpu: "4", memory: 16Gi}}
                    devices:
                      disks:
                      - {name: rootdisk, disk: {bus: virtio}}
                      - {name: cloudinit, disk: {bus: virtio}}
                      interfaces:
                      - {name: pod, masquerade: {}}
                      - {name: llt1, bridge: {}, model: virtio, macAddress: "02:50:{{{mac}}}:01:11"}
                      - {name: llt2, bridge: {}, model: virtio, macAddress: "02:50:{{{mac}}}:02:11"}
                      - {name: iscsi1, bridge: {}, model: virtio, macAddress: "02:50:{{{mac}}}:03:11"}
                      - {name: iscsi2, bridge: {}, model: virtio, macAddress: "02:50:{{{mac}}}:04:11"}
                  networks:
                  - {name: pod, pod: {}}
                  - {name: llt1, multus: {networkName: llt1}}
                  - {name: llt2, multus: {networkName: llt2}}
                  - {name: iscsi1, multus: {networkName: iscsi1}}
                  - {name: iscsi2, multus: {networkName: iscsi2}}
                  volumes:
                  - {name: rootdisk, dataVolume: {name: vcs-node{{{number}}}-root}}
                  - name: cloudinit
                    cloudInitNoCloud:
                      userData: "#cloud-config\nusers: [default]\n"
                      networkData: |
                        version: 2
                        ethernets:
                          llt1:
                            match: {macaddress: "02:50:{{{mac}}}:01:11"}
                            set-name: llt1
                            mtu: 8990
                            dhcp4: false
                            dhcp6: false
                            addresses: [10.1.{{{net}}}.{{{host}}}/16]
                          llt2:
                            match: {macaddress: "02:50:{{{mac}}}:02:11"}
                            set-name: llt2
                            mtu: 8990
                            dhcp4: false
                            dhcp6: false
                            addresses: [10.2.{{{net}}}.{{{host}}}/16]
                          iscsi1:
                            match: {macaddress: "02:50:{{{mac}}}:03:11"}
                            set-name: iscsi1
                            mtu: 8990
                            dhcp4: false
                            dhcp6: false
                            addresses: [10.3.{{{net}}}.{{{host}}}/16]
                          iscsi2:
                            match: {macaddress: "02:50:{{{mac}}}:04:11"}
                            set-name: iscsi2
                            mtu: 8990
                            dhcp4: false
                            dhcp6: false
                            addresses: [10.4.{{{net}}}.{{{host}}}/16]
            status:
              created: true
              ready: true
              printableStatus: Running
              observedGeneration: {{{generation - 1}}}
              conditions:
              - {type: Ready, status: "True", lastProbeTime: null, lastTransitionTime: "2026-03-01T08:05:00Z"}
              - {type: LiveMigratable, status: "True", lastProbeTime: null, lastTransitionTime: null}
              volumeSnapshotStatuses:
              - {name: rootdisk, enabled: true}
              - {name: cloudinit, enabled: false, reason: "Snapshot is not supported for this volumeSource type [cloudinit]"}
            """;
    }
}
