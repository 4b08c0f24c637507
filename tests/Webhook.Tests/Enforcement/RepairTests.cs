using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Tests.Enforcement;

/// <summary>An update that mends one thing passes, whatever else is wrong; one that makes a thing worse does not.</summary>
public sealed class RepairTests
{
    private const string Given =
        """
        {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}},
         spec: {config: '{"type": "bridge", "bridge": "br", "mtu": 1500}'}}
        ---
        {apiVersion: kubevirt.io/v1, kind: VirtualMachine, metadata: {name: vcs-node1, namespace: erp-db, labels: {infoscale.internal/cluster: erp}},
         spec: {template: {spec: {domain: {devices: {interfaces: [{name: a}]}}, networks: [{name: a, multus: {networkName: llt1}}]}}}}
        ---
        {apiVersion: nmstate.io/v1beta1, kind: NodeNetworkState, metadata: {name: worker-1}, status: {currentState: {interfaces: [
          {name: br, type: linux-bridge, mtu: 1500}, {name: e, type: ethernet, mtu: 1500, max-mtu: 4000}]}}}
        """;

    private const string Broken = "mtu: 1500, ipv4: {enabled: true, dhcp: true}, bridge: {port: [{name: e}]}";

    [Theory]
    [InlineData("mtu: 4000, ipv4: {enabled: true, dhcp: true}, bridge: {port: [{name: e}]}", "")]
    [InlineData("mtu: 1500, ipv4: {enabled: true, dhcp: false, address: [{ip: 10.0.0.1, prefix-length: 24}]}, bridge: {port: [{name: e}]}", "")]
    [InlineData("mtu: 1500, ipv4: {enabled: true, dhcp: true}, bridge: {port: [{name: e}, {name: f}]}", "")]
    [InlineData("mtu: 1400, ipv4: {enabled: true, dhcp: true}, bridge: {port: [{name: e}]}", "nncp-mtu-lowered-in-use, nncp-mtu-not-jumbo")]
    [InlineData("mtu: 1500, ipv4: {enabled: true, dhcp: true}, bridge: {port: []}", "nncp-role-interface-removed")]
    public void Of_a_node_network(string now, string errors) => Assert.Equal(errors, Errors(Policy(Broken), Policy(now)));

    [Theory]
    [InlineData(1400, 1500, "")]
    [InlineData(1500, 8990, "nad-mtu-exceeds-node")]
    [InlineData(1500, 1400, "nad-changed-in-use, nad-mtu-not-jumbo")]
    [InlineData(9000, 8990, "nad-changed-in-use")]
    public void Of_a_network(int old, int now, string errors) => Assert.Equal(errors, Errors(Network(old), Network(now), Policy(Broken.Replace("1500", "1600", StringComparison.Ordinal))));

    private static string Errors(string old, string now, string more = "")
    {
        var context = new RuleContext
        {
            Now = DateTimeOffset.UnixEpoch,
            Operation = Operation.Update,
            Old = View(old),
            AtAdmission = true,
            Cluster = ClusterObjects.Given(ManifestReader.Read(more.Length == 0 ? Given : Given + "\n---\n" + more).Select(static manifest => manifest.Root)),
        };
        Judgement judgement = Judge.Evaluate(View(now), context, EnforcementSettings.Default);
        Assert.Empty(judgement.Failures);
        return string.Join(
            ", ", judgement.Findings.Where(static finding => finding.Severity == Severity.Error).Select(static finding => finding.Rule).Distinct().Order(StringComparer.Ordinal));
    }

    private static KubernetesObject View(string yaml) => ResourceKinds.View(Assert.Single(ManifestReader.Read(yaml)).Root)!;

    private static string Policy(string bridge) =>
        $$$"""
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: llt-worker-1, labels: {infoscale.internal/role: llt}, annotations: {infoscale.internal/switch-mtu: "9216"}}
        spec:
          nodeSelector: {kubernetes.io/hostname: worker-1}
          maxUnavailable: 1
          desiredState: {interfaces: [{name: br, type: linux-bridge, {{{bridge}}}}]}
        """;

    private static string Network(int mtu) =>
        $$$"""
        {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}},
         spec: {config: '{"type": "bridge", "bridge": "br", "mtu": {{{mtu}}}}'}}
        """;
}
