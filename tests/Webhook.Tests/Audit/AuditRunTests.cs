using Webhook.Audit;
using Webhook.Checking;
using Webhook.Enforcement;
using Webhook.Resources.Manifests;
using Webhook.Rules;
using Webhook.Tests.Commands;

namespace Webhook.Tests.Audit;

public sealed class AuditRunTests
{
    private const string World =
        """
        apiVersion: v1
        kind: Node
        metadata: {name: worker-1, labels: {kubernetes.io/hostname: worker-1}}
        ---
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: llt-worker-1, labels: {infoscale.internal/role: llt}, annotations: {infoscale.internal/switch-mtu: "9216"}}
        spec:
          nodeSelector: {kubernetes.io/hostname: worker-1}
          desiredState:
            interfaces: [{name: ens3f0, type: ethernet, state: up, mtu: 9000, ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}}]
        status: {conditions: [{type: Available, status: "True"}]}
        ---
        apiVersion: nmstate.io/v1beta1
        kind: NodeNetworkState
        metadata: {name: worker-1}
        status:
          currentState:
            interfaces: [{name: ens3f0, type: ethernet, state: up, mtu: 1500, ipv4: {enabled: true, dhcp: false, address: [{ip: 172.30.1.21, prefix-length: 24}]}}]
        ---
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata:
          name: llt1
          namespace: erp-db
          labels: {infoscale.internal/role: llt}
          annotations: {infoscale.internal/exempt: nad-mtu-not-jumbo, infoscale.internal/exempt-reason: the switch is changed in May, infoscale.internal/exempt-until: "2026-06-01"}
        spec: {config: '{"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": 8990}'}
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: forgotten, namespace: erp-db}
        spec:
          runStrategy: Always
          template:
            spec:
              domain: {devices: {interfaces: [{name: llt1, bridge: {}}]}}
              networks: [{name: llt1, multus: {networkName: llt1}}]
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: renumbered, namespace: erp-db, labels: {infoscale.internal/cluster: erp}, annotations: {infoscale.internal/static-addresses: '{"llt1": ["172.30.1.11/24"]}'}}
        spec:
          runStrategy: Always
          template:
            spec:
              domain: {devices: {interfaces: [{name: llt1, bridge: {}}]}}
              networks: [{name: llt1, multus: {networkName: llt1}}]
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: renumbered, namespace: erp-db, ownerReferences: [{apiVersion: kubevirt.io/v1, kind: VirtualMachine, name: renumbered, uid: u-1, controller: true}]}
        status: {interfaces: [{name: llt1, infoSource: "domain, guest-agent", ipAddresses: [172.30.1.99]}]}
        """;

    [Fact]
    public void What_admission_never_sees_again_is_found()
    {
        int told = 0;
        IReadOnlyList<CheckedObject> results = new AuditRun(EnforcementSettings.Default, Run.Now).Judge(
            ClusterObjects.Given(ManifestReader.Read(World).Select(static manifest => manifest.Root)), (_, _) => told++, TestContext.Current.CancellationToken);
        string[] found = [.. results.SelectMany(static item => item.Findings.Select(one => $"{item.Name} {one.Finding.Rule}"))];
        Assert.Contains("llt-worker-1 nncp-not-applied", found);
        Assert.Contains("llt1 exemption-invalid", found);
        Assert.Contains("forgotten vm-unlabelled-on-role-network", found);
        Assert.Contains("renumbered vm-address-changed", found);
        Assert.Equal(results.Count, told);
    }
}
