using Webhook.Rules.Tests.Vm;

namespace Webhook.Rules.Tests.Network;

/// <summary>Two NICs that share a path below their networks.</summary>
public sealed class SharedPathTests
{
    [Theory]
    [InlineData("br-1", 1, "br-2", 2, "e1", "e2", "")]
    [InlineData("br-1", 1, "br-1", 1, "e1", "e2", "Warning llt2")]
    [InlineData("br-1", 1, "br-1", 2, "e1", "e2", "Warning llt2")]
    [InlineData("br-1", 1, "br-2", 2, "e1", "e1", "Warning llt2")]
    [InlineData("br-1", 1, "br-9", 2, "e1", "e1", "")]
    public void Two_LLT_links_share_a_bridge_and_VLAN_or_a_card_under_it(string first, int vlan1, string second, int vlan2, string nic1, string nic2, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(
            "vm-llt-links-share-path", GuestMachine.With(null, "llt1=llt,llt2=llt,san0=none"), Given(first, vlan1, second, vlan2, nic1, nic2)));

    [Theory]
    [InlineData("br-1", 1, "Warning llt1")]
    [InlineData("br-1", 2, "")]
    [InlineData("br-2", 1, "")]
    public void LLT_and_iSCSI_share_a_network_where_bridge_and_VLAN_are_one(string second, int vlan, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(
            "vm-roles-share-network", GuestMachine.With(null, "llt1=llt,llt2=iscsi,san0=none"), Given("br-1", 1, second, vlan, "e1", "e1")));

    [Fact]
    public void Two_iSCSI_NICs_over_one_card_are_one_path() =>
        Assert.Equal("Warning llt2", GuestMachine.Judge(
            "vm-single-iscsi-path", GuestMachine.With(null, "llt1=iscsi,llt2=iscsi,san0=none"), Given("br-1", 1, "br-2", 2, "e1", "e1")));

    [Fact]
    public void A_virtual_function_is_one_whatever_the_binding() =>
        Assert.Equal("Warning llt", GuestMachine.Judge("vm-sriov-llt-only", GuestMachine.With(null, "llt1=llt,llt2=none,san0=none"), new RuleContext
        {
            Now = Catalog.Now,
            Cluster = Catalog.Given("{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db}, spec: {config: '{\"type\": \"sriov\"}'}}"),
        }));

    private static RuleContext Given(string first, int vlan1, string second, int vlan2, string nic1, string nic2) => new()
    {
        Now = Catalog.Now,
        Cluster = Catalog.Given(
            Network("llt1", first, vlan1) + Network("llt2", second, vlan2) +
            "{apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: p}, spec: {desiredState: {interfaces: [" +
            $"{{name: {nic1}, type: ethernet}}, {(nic1 == nic2 ? "" : $"{{name: {nic2}, type: ethernet}}, ")}" +
            $"{{name: v1, type: vlan, vlan: {{base-iface: {nic1}, id: 1}}}}, {{name: v2, type: vlan, vlan: {{base-iface: {nic2}, id: 2}}}}, " +
            "{name: br-1, type: linux-bridge, bridge: {port: [{name: v1}]}}, {name: br-2, type: linux-bridge, bridge: {port: [{name: v2}]}}]}}}"),
    };

    private static string Network(string name, string bridge, int vlan) =>
        $"{{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {{name: {name}, namespace: erp-db}}, spec: {{config: '{{\"type\": \"bridge\", \"bridge\": \"{bridge}\", \"vlan\": {vlan}}}'}}}}\n---\n";
}
