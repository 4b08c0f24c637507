namespace Webhook.Rules.Tests.Vm;

/// <summary>vm-address-duplicate against other machines and nodes.</summary>
public sealed class AddressRivalTests
{
    private const string Rule = "vm-address-duplicate";

    private const string OwnVlan7 = """{"type": "bridge", "bridge": "br-1", "vlan": 7}""";

    private const string Untagged = """{"type": "bridge", "bridge": "br-1"}""";

    private const string Localnet = """{"name": "n1", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "phys-1"}""";

    // Without a name it has that of its object.
    private const string Overlay = """{"type": "ovn-k8s-cni-overlay", "topology": "layer2"}""";

    [Theory]
    [InlineData(OwnVlan7, """{"type": "cnv-bridge", "bridge": "br-1", "vlan": 7}""", "Error llt1")]
    [InlineData(OwnVlan7, """{"type": "bridge", "bridge": "br-1", "vlan": 8}""", "Warning llt1")]
    [InlineData(OwnVlan7, """{"type": "bridge", "bridge": "br-2", "vlan": 7}""", "Warning llt1")]
    [InlineData(Untagged, """{"type": "bridge", "bridge": "br-1", "vlan": 0}""", "Error llt1")]
    [InlineData(OwnVlan7, """{"type": "host-device", "device": "ens9"}""", "Warning? llt1")]
    [InlineData(Localnet, """{"name": "n2", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "phys-1"}""", "Error llt1")]
    [InlineData(Localnet, """{"name": "phys-1", "type": "ovn-k8s-cni-overlay", "topology": "localnet"}""", "Error llt1")]
    [InlineData(Localnet, """{"name": "n2", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "phys-2"}""", "Error llt1")]
    [InlineData(Localnet, """{"name": "n2", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "phys-3"}""", "Warning llt1")]
    [InlineData(Localnet, """{"type": "ovs", "bridge": "br-ovs"}""", "Error llt1")]
    [InlineData(Localnet, """{"type": "ovs", "bridge": "br-ovs", "vlan": 5}""", "Warning llt1")]
    [InlineData(Localnet, """{"name": "n2", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "unmapped"}""", "Warning? llt1")]
    [InlineData(Overlay, Overlay, "Error llt1")]
    [InlineData(Overlay, """{"name": "llt1", "type": "ovn-k8s-cni-overlay", "topology": "layer2"}""", "Error llt1")]
    [InlineData(Overlay, """{"name": "l2", "type": "ovn-k8s-cni-overlay", "topology": "layer2"}""", "Warning llt1")]
    public void One_layer_2_network_is_one_bridge_or_physical_network_and_VLAN(string own, string other, string expected) =>
        Assert.Equal(expected, Judge(Networks(own, other) + "---\n" + Mappings + "---\n" + Neighbour()));

    [Theory]
    [InlineData("runStrategy: Always", "runStrategy: Halted", "Warning llt1")]
    [InlineData("runStrategy: Always", "running: false", "Warning llt1")]
    [InlineData("runStrategy: Always", "runStrategy: Manual", "Error llt1")]
    [InlineData("runStrategy: Always", "runStrategy: WaitAsReceiver", "Error llt1")]
    [InlineData("metadata: {name: vcs-node2, namespace: other}", "metadata: {name: vcs-node2, namespace: other, labels: {infoscale.internal/cluster: erp}}", "Error llt1")]
    public void Two_that_do_not_run_together_are_a_warning(string was, string now, string expected) =>
        Assert.Equal(expected, Judge(Networks(Untagged, Untagged) + "---\n" + Neighbour().Replace(was, now, StringComparison.Ordinal)));

    [Fact]
    public void One_that_was_told_to_stop_and_still_runs_has_its_address() =>
        Assert.Equal("Error llt1", Judge(
            Networks(Untagged, Untagged) + "---\n" + Neighbour().Replace("runStrategy: Always", "runStrategy: Halted", StringComparison.Ordinal) +
            "---\n{apiVersion: kubevirt.io/v1, kind: VirtualMachineInstance, metadata: {name: vcs-node2, namespace: other}, spec: {domain: {devices: {}}}}"));

    [Theory]
    [InlineData("{name: vcs-node1, namespace: erp-db}", "VirtualMachine", "Always")]
    [InlineData("{name: vcs-node1, namespace: erp-db}", "VirtualMachineInstance", "Always")]
    [InlineData("{name: vcs-node1, namespace: other}", "VirtualMachine", "WaitAsReceiver")]
    [InlineData("{name: vcs-0, namespace: erp-db, ownerReferences: [{apiVersion: kubevirt.io/v1, kind: VirtualMachine, name: vcs-node1, controller: true}]}", "VirtualMachine", "Always")]
    public void Its_own_self_in_any_shape_is_no_duplicate(string metadata, string kind, string strategy)
    {
        string self = Neighbour()
            .Replace("{name: vcs-node2, namespace: other}", metadata, StringComparison.Ordinal)
            .Replace("runStrategy: Always", "runStrategy: " + strategy, StringComparison.Ordinal)
            .Replace("kind: VirtualMachine\n", $"kind: {kind}\n", StringComparison.Ordinal);
        if (kind == "VirtualMachineInstance")
        {
            self = $"{{apiVersion: kubevirt.io/v1, kind: VirtualMachineInstance, metadata: {metadata[..^1]}, annotations: {{infoscale.internal/static-addresses: '{{\"llt1\": [\"172.30.1.11/24\"]}}'}}}}, " +
                "spec: {domain: {devices: {interfaces: [{name: llt1, bridge: {}}]}}, networks: [{name: llt1, multus: {networkName: llt1}}]}}";
        }

        Assert.Equal("", Judge(Networks(Untagged, Untagged) + "---\n" + self));
    }

    [Theory]
    [InlineData("""{"type": "bridge", "bridge": "br-1"}""", "{name: br-1, type: linux-bridge, ADDRESS}", "Error llt1")]
    [InlineData("""{"type": "bridge", "bridge": "br-1"}""", "{name: br-1, type: linux-bridge, state: absent, ADDRESS}", "")]
    [InlineData("""{"type": "bridge", "bridge": "br-1"}""", "{name: br-2, type: linux-bridge, ADDRESS}", "Warning llt1")]
    [InlineData("""{"type": "bridge", "bridge": "br-1", "vlan": 7}""", "{name: br-1, type: linux-bridge, ADDRESS}", "Warning llt1")]
    [InlineData("""{"type": "bridge", "bridge": "br-1", "vlan": 7}""", "{name: br-1.7, type: vlan, vlan: {base-iface: br-1, id: 7}, ADDRESS}", "Error llt1")]
    [InlineData("""{"type": "bridge", "bridge": "br-1", "vlan": 7}""", "{name: ens3.7, type: vlan, vlan: {base-iface: ens3, id: 7}, ADDRESS}", "Warning? llt1")]
    [InlineData(Localnet, "{name: br-ovs, type: ovs-interface, ADDRESS}", "Error llt1")]
    [InlineData(Localnet, "{name: llt-node, type: ovs-interface, ADDRESS}, {name: br-ovs, type: ovs-bridge, bridge: {port: [{name: llt-node}]}}", "Error llt1")]
    [InlineData(Localnet, "{name: br-else, type: ovs-interface, ADDRESS}", "Warning llt1")]
    public void A_node_has_the_address_on_the_network_where_its_interface_is_the_bridge_or_a_port_of_it(string own, string interfaces, string expected) =>
        Assert.Equal(expected, Judge(
            Networks(own, Untagged) + "---\n" + Mappings + "---\n" +
            "{apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: worker-1}, spec: {desiredState: {interfaces: [" +
            interfaces.Replace("ADDRESS", "ipv4: {enabled: true, address: [{ip: 172.30.1.11, prefix-length: 16}]}", StringComparison.Ordinal) + "]}}}"));

    [Fact]
    public void The_message_names_the_other_and_the_evidence_is_the_address()
    {
        RuleContext context = Given(Networks(Untagged, Untagged) + "---\n" + Neighbour());
        Finding finding = Assert.Single(Catalog.Findings(Rule, Machine(), context));
        Assert.Equal("\"172.30.1.11/24\"", finding.Evidence);
        Assert.Contains("VirtualMachine other/vcs-node2 has it on the same network", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_NIC_without_role_is_nobodys_rival() =>
        Assert.Equal("", GuestMachine.Judge(Rule, Machine("llt1=none"), Given(Networks(Untagged, Untagged) + "---\n" + Neighbour())));

    private const string Mappings =
        "{apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: maps}, spec: {desiredState: {ovn: {bridge-mappings: [" +
        "{localnet: phys-1, bridge: br-ovs}, {localnet: phys-2, bridge: br-ovs}, {localnet: phys-3, bridge: br-3}]}}}}\n";

    private static string Judge(string objects) => GuestMachine.Judge(Rule, Machine(), Given(objects));

    private static RuleContext Given(string objects) => new() { Now = Catalog.Now, Cluster = Catalog.Given(objects) };

    private static string Networks(string own, string other) =>
        $"{{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {{name: llt1, namespace: erp-db}}, spec: {{config: '{own}'}}}}\n---\n" +
        $"{{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {{name: llt1, namespace: other}}, spec: {{config: '{other}'}}}}\n";

    private static string Machine(string roles = "llt1=llt,llt2=none,san0=none") =>
        GuestMachine.With("llt1: {match: {macaddress: '02:50:00:0e:01:11'}, addresses: [172.30.1.11/24]}", roles);

    private static string Neighbour() =>
        """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata: {name: vcs-node2, namespace: other}
        spec:
          runStrategy: Always
          template:
            spec:
              domain: {devices: {interfaces: [{name: eth7, bridge: {}, macAddress: '02:50:00:0e:09:09'}]}}
              networks: [{name: eth7, multus: {networkName: llt1}}]
              volumes:
              - name: cloudinit
                cloudInitNoCloud:
                  networkData: "{version: 2, ethernets: {a: {match: {macaddress: '02:50:00:0e:09:09'}, addresses: [172.30.1.11/16]}}}"

        """;
}
