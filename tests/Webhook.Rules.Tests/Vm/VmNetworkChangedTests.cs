using Webhook.Resources;

namespace Webhook.Rules.Tests.Vm;

public sealed class VmNetworkChangedTests
{
    private const string Rule = "vm-network-changed";

    [Theory]
    [InlineData("name: llt1, ", "name: llt1, state: down, ", "Error llt1 state")]
    [InlineData("name: llt1, ", "name: llt1, state: absent, ", "Error llt1 state")]
    [InlineData("name: llt1, ", "name: llt1, state: up, ", "")]
    [InlineData("name: llt1, ", "name: other, ", "Error llt1 removed")]
    [InlineData("01:11", "01:12", "Error llt1 macAddress")]
    [InlineData(", macAddress: '02:50:00:0e:01:11'", "", "Error llt1 macAddress")]
    [InlineData("02:50:00:0e:01:11", "02-50-00-0E-01-11", "")]
    [InlineData("name: llt1, bridge: {}", "name: llt1, sriov: {}", "Error llt1 binding")]
    [InlineData("name: llt1, bridge: {}", "name: llt1, model: virtio, bridge: {}", "")]
    [InlineData("name: pod, masquerade: {}", "name: pod, bridge: {}", "")]
    public void A_role_NIC_keeps_its_link_address_and_binding(string was, string now, string expected)
    {
        string changed = GuestMachine.Interfaces.Replace(was, now, StringComparison.Ordinal);
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(), GuestMachine.With(interfaces: changed)));
        Assert.Equal(
            expected.Replace("Error", "Warning", StringComparison.Ordinal),
            GuestMachine.Judge(Rule, GuestMachine.With(strategy: "Halted"), GuestMachine.With(interfaces: changed)));
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With(interfaces: changed), (RuleContext?)null));
    }

    [Theory]
    [InlineData("networkName: llt1", "networkName: erp-db/llt1", "")]
    [InlineData("networkName: llt1", "networkName: llt9", "Warning? llt1 network")]
    [InlineData("name: llt1, multus: {networkName: llt1}", "name: llt1, pod: {}", "Error llt1 network")]
    [InlineData("networkName: san0", "networkName: other/san0", "Warning? san0 network")]
    public void A_network_that_cannot_be_seen_leaves_open_whether_it_is_the_same(string was, string now, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(), GuestMachine.With(networks: GuestMachine.Networks.Replace(was, now, StringComparison.Ordinal))));

    [Theory]
    [InlineData("br-1", 8990, 7, "")]
    [InlineData("br-1", 9000, 7, "Error llt1 network")]
    [InlineData("br-1", 8990, 8, "Error llt1 network")]
    [InlineData("br-2", 8990, 7, "Error llt1 network")]
    public void A_network_with_the_same_bridge_VLAN_and_MTU_is_the_same(string bridge, int mtu, int vlan, string expected)
    {
        RuleContext context = GuestMachine.Update(GuestMachine.With()) with
        {
            Cluster = Catalog.Given(Network("llt1", "br-1", 8990, 7) + "---\n" + Network("llt9", bridge, mtu, vlan)),
        };
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(networks: GuestMachine.Networks.Replace("networkName: llt1", "networkName: llt9", StringComparison.Ordinal)), context));
    }

    [Theory]
    [InlineData("phys-1", 8990, "")]
    [InlineData("phys-2", 8990, "Error llt1 network")]
    [InlineData("phys-1", 9000, "Error llt1 network")]
    public void A_definition_and_a_cluster_scoped_network_are_one_network_as_well(string physical, int mtu, string expected)
    {
        RuleContext context = GuestMachine.Update(GuestMachine.With()) with
        {
            Cluster = new TwoNetworks(
                Localnet("llt1", "phys-1", 8990),
                $$$$$$"""
                apiVersion: k8s.ovn.org/v1
                kind: ClusterUserDefinedNetwork
                metadata: {name: llt9}
                spec: {network: {topology: Localnet, localnet: {physicalNetworkName: {{{{{{physical}}}}}}, mtu: {{{{{{mtu}}}}}}, vlan: {mode: Access, access: {id: 7}}}}}
                """),
        };
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(networks: GuestMachine.Networks.Replace("networkName: llt1", "networkName: llt9", StringComparison.Ordinal)), context));
    }

    [Fact]
    public void A_halted_VM_whose_instance_still_runs_is_running()
    {
        string changed = GuestMachine.With(strategy: "Halted", interfaces: GuestMachine.Interfaces.Replace("name: llt1, ", "name: llt1, state: down, ", StringComparison.Ordinal));
        RuleContext context = GuestMachine.Update(GuestMachine.With(strategy: "Halted")) with
        {
            Cluster = Catalog.Given("{apiVersion: kubevirt.io/v1, kind: VirtualMachineInstance, metadata: {name: vcs-node1, namespace: erp-db}, spec: {}}"),
        };
        Assert.Equal("Error llt1 state", GuestMachine.Judge(Rule, changed, context));
    }

    private static string Localnet(string name, string physical, int mtu) =>
        $$$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: {{{name}}}, namespace: erp-db, labels: {infoscale.internal/role: llt}}
        spec: {config: '{"name": "x", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "{{{physical}}}", "mtu": {{{mtu}}}, "vlanID": 7}'}
        """;

    private static string Network(string name, string bridge, int mtu, int vlan) =>
        $$$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: {{{name}}}, namespace: erp-db, labels: {infoscale.internal/role: llt}}
        spec: {config: '{"type": "bridge", "bridge": "{{{bridge}}}", "mtu": {{{mtu}}}, "vlan": {{{vlan}}}}'}

        """;

    /// <summary>A view in which every definition but the first is generated by one network, whatever its name.</summary>
    private sealed class TwoNetworks(string first, string generating) : ClusterView
    {
        public override Lookup<NetworkDefinition> Network(string @namespace, string name)
        {
            var network = (NetworkDefinition)Catalog.Parse(first);
            return Lookup<NetworkDefinition>.Of(network.Name == name ? network : (NetworkDefinition)Catalog.Parse(generating));
        }
    }
}
