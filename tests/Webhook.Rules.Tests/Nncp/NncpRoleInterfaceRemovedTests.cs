namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpRoleInterfaceRemovedTests
{
    private const string Rule = "nncp-role-interface-removed";
    private const string Bridge = "{name: br, type: linux-bridge, bridge: {port: [{name: e}, {name: f}]}}";

    [Theory]
    [InlineData(Bridge, Bridge, "")]
    [InlineData(Bridge, "{name: br, type: linux-bridge, state: absent}", "Error [0].state")]
    [InlineData(Bridge, "{name: br, type: linux-bridge, state: down}", "Error [0].state")]
    [InlineData(Bridge, "{name: br, state: absent}", "Error [0].state")]
    [InlineData(Bridge, "{name: br, type: linux-bridge, state: ignore}", "")]
    [InlineData("{name: br, type: linux-bridge, state: absent}", "{name: br, type: linux-bridge, state: absent}", "")]
    [InlineData("{name: br, type: linux-bridge, state: down}", Bridge, "")]
    [InlineData(Bridge, "{name: br, type: linux-bridge, bridge: {port: [{name: f}, {name: e}, {name: g}]}}", "")]
    [InlineData(Bridge, "{name: br, type: linux-bridge, bridge: {port: [{name: e}]}}", "Error [0].bridge.port")]
    [InlineData(Bridge, "{name: br, type: linux-bridge, bridge: {ports: [{name: g}]}}", "Error [0].bridge.ports")]
    [InlineData(Bridge, "{name: br, type: linux-bridge, bridge: {port: []}}", "Error [0].bridge.port")]
    [InlineData(Bridge, "{name: br, type: linux-bridge}", "Warning [0].bridge.port")]
    [InlineData(Bridge, "{name: br, type: linux-bridge, bridge: {port: '{{ capture.a }}'}}", "Warning [0].bridge.port")]
    [InlineData(Bridge, "{name: other, type: linux-bridge}", "Warning interfaces")]
    [InlineData(Bridge, "{name: '{{ capture.a }}', type: linux-bridge}", "")]
    [InlineData(Bridge, Bridge + "\n{name: e, type: ethernet, state: down}", "Error [1].state")]
    [InlineData(Bridge + "\n{name: e, type: ethernet}", Bridge + "\n{name: e, type: ethernet, state: absent}", "Error [1].state")]
    [InlineData(Bridge + "\n{name: e, type: ethernet}", Bridge, "Warning interfaces")]
    [InlineData("{name: br, type: linux-bridge, bridge: {port: [{name: b}]}}\n{name: b, type: bond, link-aggregation: {port: [e, f]}}",
        "{name: br, type: linux-bridge, bridge: {port: [{name: b}]}}\n{name: b, type: bond, link-aggregation: {port: [e]}}", "Error [1].link-aggregation.port")]
    [InlineData("{name: br, type: linux-bridge, bridge: {port: [{name: v}]}}\n{name: v, type: vlan, vlan: {base-iface: e, id: 3}}",
        "{name: br, type: linux-bridge, bridge: {port: [{name: v}]}}\n{name: v, type: vlan, vlan: {base-iface: f, id: 3}}", "Error [1].vlan.base-iface")]
    [InlineData("{name: br, type: linux-bridge}\n{name: e, type: ethernet, controller: br}", "{name: br, type: linux-bridge}\n{name: e, type: ethernet, controller: ''}",
        "Error [1].controller")]
    [InlineData("{name: x, type: linux-bridge}", "{name: x, type: linux-bridge, state: absent}", "")]
    public void Interfaces_and_ports_of_a_chain_in_use_stay(string old, string now, string expected)
    {
        Assert.Equal(expected, Changes.Say(Rule, Policies.Of(old), Policies.Of(now)));
        Assert.Equal("", Changes.Say(Rule, Policies.Of(old), Policies.Of(now), Changes.Unused));
    }

    [Theory]
    [InlineData("ovn: {bridge-mappings: [{localnet: net, bridge: ovs}]}", "")]
    [InlineData("ovn: {bridge-mappings: [{localnet: net, bridge: ovs2}]}", "Error ovn.bridge-mappings[0]")]
    [InlineData("ovn: {bridge-mappings: [{localnet: net, bridge: ovs, state: absent}]}", "Error ovn.bridge-mappings[0].state")]
    [InlineData("ovn: {bridge-mappings: [{localnet: other, bridge: ovs}]}", "Warning ovn.bridge-mappings")]
    [InlineData("", "Warning ovn.bridge-mappings")]
    [InlineData("ovs-db: {external_ids: {ovn-bridge-mappings: 'net:ovs'}}", "")]
    public void A_bridge_mapping_in_use_stays(string now, string expected) => Assert.Equal(
        expected,
        Changes.Say(
            Rule, Policies.Of("{name: ovs, type: ovs-bridge}", state: "ovn: {bridge-mappings: [{localnet: net, bridge: ovs}]}"),
            Policies.Of("{name: ovs, type: ovs-bridge}", state: now)));

    [Theory]
    [InlineData("net:ovs,other:ovs", "")]
    [InlineData("net:ovs2", "Error ovs-db.external_ids.ovn-bridge-mappings")]
    [InlineData("other:ovs", "Error ovs-db.external_ids.ovn-bridge-mappings")]
    public void The_string_of_all_mappings_is_replaced_as_one(string now, string expected) => Assert.Equal(
        expected,
        Changes.Say(
            Rule, Policies.Of("{name: ovs, type: ovs-bridge}", state: "ovs-db: {external_ids: {ovn-bridge-mappings: 'net:ovs'}}"),
            Policies.Of("{name: ovs, type: ovs-bridge}", state: $"ovs-db: {{external_ids: {{ovn-bridge-mappings: '{now}'}}}}")));

    [Theory]
    [InlineData("{name: br, type: linux-bridge}", "Warning metadata.name")]
    [InlineData("{name: other, type: linux-bridge}", "")]
    public void Deleting_the_policy_leaves_the_nodes_as_they_are(string items, string expected)
    {
        var context = new RuleContext { Now = Catalog.Now, Operation = Operation.Delete, Cluster = Catalog.Given(Changes.Used) };
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of(items), context));
    }

    [Fact]
    public void Those_who_use_it_are_named()
    {
        Finding finding = Assert.Single(Catalog.Findings(
            Rule, Policies.Of("{name: br, type: linux-bridge, bridge: {port: [{name: e}]}}"), Changes.Update(Policies.Of(Bridge))));
        Assert.Contains("without \"f\": interface \"br\" loses what it stood on, and VM erp-db/vcs-node1 uses it", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_without_role_does_not_count_on_an_interface_without_role() => Assert.Equal(
        "",
        Changes.Say(
            Rule, Policies.Of(Bridge, "mixed", "~/interface-roles: 'x=llt'"), Policies.Of("{name: br, type: linux-bridge, state: absent}", "mixed", "~/interface-roles: 'x=llt'"),
            Changes.Used.Replace("labels: {infoscale.internal/role: llt}", "labels: {}", StringComparison.Ordinal)));

    // The bridge has its role by the annotation, or by the other network on it.
    [Theory]
    [InlineData("~/interface-roles: 'ovs=llt'", "labels: {}")]
    [InlineData("", "labels: {infoscale.internal/role: llt}")]
    public void A_network_without_role_counts_on_a_mapping_to_a_bridge_with_role(string annotations, string labels)
    {
        const string Plugin = "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt3, namespace: erp-db, ROLE}, spec: {config: '{\"type\": \"ovs\", \"bridge\": \"ovs\"}'}}";
        string given = Changes.Used.Replace("labels: {infoscale.internal/role: llt}", "labels: {}", StringComparison.Ordinal)
            + "\n---\n" + Plugin.Replace("ROLE", labels, StringComparison.Ordinal);
        string old = Policies.Of("{name: ovs, type: ovs-bridge}", "mixed", annotations, state: "ovn: {bridge-mappings: [{localnet: net, bridge: ovs}]}");
        string now = Policies.Of("{name: ovs, type: ovs-bridge}", "mixed", annotations, state: "ovn: {bridge-mappings: [{localnet: net, bridge: ovs2}]}");
        Assert.Equal("Error ovn.bridge-mappings[0]", Changes.Say(Rule, old, now, given));
        var deleting = new RuleContext { Now = Catalog.Now, Operation = Operation.Delete, Cluster = Catalog.Given(given) };
        Assert.Equal("Warning metadata.name", Policies.Say(Rule, old, deleting));
    }

    [Fact]
    public void Where_networks_were_not_seen_that_is_said() => Assert.Equal(
        "Warning? [0].state", Changes.Say(Rule, Policies.Of(Bridge), Policies.Of("{name: br, type: linux-bridge, state: absent}"), ""));
}
