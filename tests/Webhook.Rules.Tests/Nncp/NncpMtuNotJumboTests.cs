using Webhook.Resources;

namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpMtuNotJumboTests
{
    private const string Rule = "nncp-mtu-not-jumbo";

    [Theory]
    [InlineData("ethernet", "mtu: 9000", "")]
    [InlineData("ethernet", "mtu: 9216", "")]
    [InlineData("ethernet", "mtu: 8999", "Error [0].mtu")]
    [InlineData("ethernet", "mtu: 8990", "Error [0].mtu")]
    [InlineData("ethernet", "mtu: '9000'", "")]
    [InlineData("ethernet", "mtu: '1500'", "Error [0].mtu")]
    [InlineData("ethernet", "mtu: '0x2328'", "")]
    [InlineData("ethernet", "mtu: null", "Error [0].mtu")]
    [InlineData("ethernet", "state: up", "Error [0].mtu")]
    [InlineData("bond", "state: up", "Error [0].mtu")]
    [InlineData("vlan", "state: up", "Error [0].mtu")]
    [InlineData("linux-bridge", "state: up", "Error [0].mtu")]
    [InlineData("ovs-interface", "state: up", "")]
    [InlineData("ovs-interface", "mtu: 1500", "Error [0].mtu")]
    [InlineData("mac-vlan", "state: up", "")]
    [InlineData("mac-vlan", "mtu: 1500", "Error [0].mtu")]
    [InlineData("ovs-bridge", "mtu: 1500", "")]
    [InlineData("ovs-bridge", "state: up", "")]
    [InlineData("loopback", "mtu: 1500", "")]
    [InlineData("ethernet", "mtu: '{{ capture.a.interfaces.0.mtu }}'", "Warning? [0].mtu")]
    [InlineData("ethernet", "mtu: jumbo", "")]
    [InlineData("ethernet", "mtu: [9000]", "")]
    [InlineData("ethernet", "state: absent", "")]
    [InlineData("ethernet", "state: ignore, mtu: 1500", "")]
    [InlineData("ethernet", "state: down, mtu: 1500", "")]
    [InlineData("unknown", "state: up", "Warning? [0].mtu")]
    [InlineData("unknown", "mtu: 1500", "Error [0].mtu")]
    public void An_LLT_interface(string type, string keys, string expected)
    {
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of($"{{name: a, type: {type}, {keys}}}")));
        Assert.Equal(
            expected.Replace("Error", "Warning", StringComparison.Ordinal),
            Policies.Say(Rule, Policies.Of($"{{name: a, type: {type}, {keys}}}", "llt-lowpri", version: "v1alpha1")));
    }

    [Theory]
    [InlineData("1500", "1500", "Warning [0].mtu")]
    [InlineData("null", "null", "Warning [0].mtu")]
    [InlineData("null", "1500", "Warning [0].mtu")]
    [InlineData("9000", "9000", "")]
    [InlineData("4000", "4000", "")]
    [InlineData("9000", "9216", "")]
    [InlineData("9000", "1500", "Error [1].mtu")]
    [InlineData("9000", "null", "Error [1].mtu")]
    [InlineData("1500", "9000", "Error [0].mtu")]
    [InlineData("null", "1501", "Error [0].mtu")]
    [InlineData("'{{ capture.a }}'", "1500", "Warning? [0].mtu; Warning [1].mtu")]
    public void ISCSI_has_jumbo_frames_at_all_levels_or_at_none(string vlan, string card, string expected) => Assert.Equal(
        expected,
        Policies.Say(Rule, Policies.Of(
            $"{{name: v, type: vlan, mtu: {vlan}, vlan: {{base-iface: e}}}}\n{{name: e, type: ethernet, mtu: {card}}}", "iscsi")));

    [Theory]
    [InlineData("{name: br, type: ovs-bridge, bridge: {port: [{name: e}, {name: f}]}}\n{name: e, type: ethernet}\n{name: f, type: ethernet}", "Warning [1].mtu")]
    [InlineData("{name: b, type: bond, link-aggregation: {port: [e, f]}}\n{name: e, type: ethernet}\n{name: f, type: ethernet}", "Warning [0].mtu")]
    [InlineData("{name: a, type: linux-bridge, mtu: 1500}\n{name: b, type: linux-bridge, mtu: 1500}", "Warning [0].mtu; Warning [1].mtu")]
    [InlineData("{name: v, type: vlan, mtu: 1500, vlan: {base-iface: e}}\n{name: w, type: vlan, mtu: 9000, vlan: {base-iface: e}}\n{name: e, type: ethernet, mtu: 9000}", "Error [0].mtu")]
    public void ISCSI_without_jumbo_frames_is_one_warning_for_a_chain(string items, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of(items, "iscsi")));

    [Theory]
    [InlineData("v=iscsi", "1500", "9000", "Warning [0].mtu")]
    [InlineData("v=iscsi", "9000", "1500", "Error [1].mtu")]
    [InlineData("v=iscsi,e=llt", "1500", "9000", "Warning [0].mtu")]
    [InlineData("v=iscsi,e=llt", "9000", "1500", "Error [1].mtu")]
    public void An_uplink_that_iSCSI_shares_may_be_larger(string roles, string vlan, string card, string expected) => Assert.Equal(
        expected,
        Policies.Say(Rule, Policies.Of(
            $"{{name: v, type: vlan, mtu: {vlan}, vlan: {{base-iface: e}}}}\n{{name: e, type: ethernet, mtu: {card}}}", "mixed", $"~/interface-roles: '{roles}'")));

    [Theory]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: eth1}]}}", "llt", "Warning? [0].bridge.port[0].name")]
    [InlineData("{name: b, type: bond, mtu: 9000, link-aggregation: {ports: [eth1]}}", "llt", "Warning? [0].link-aggregation.ports[0]")]
    [InlineData("{name: b, type: bond, mtu: 9000, link-aggregation: {slaves: [eth1, eth2]}}", "llt", "Warning? [0].link-aggregation.slaves[0]; Warning? [0].link-aggregation.slaves[1]")]
    [InlineData("{name: br, type: ovs-bridge, bridge: {port: [{name: br}, {name: eth1}]}}", "llt", "Warning? [0].bridge.port[1].name")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: eth1}]}}", "iscsi", "Warning? [0].bridge.port[0].name")]
    [InlineData("{name: br, type: linux-bridge, mtu: 1500, bridge: {port: [{name: eth1}]}}", "iscsi", "Warning [0].mtu")]
    public void What_is_not_declared_here_cannot_be_seen(string item, string role, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of(item, role)));

    [Theory]
    [InlineData("9000", "llt", "")]
    [InlineData("1500", "llt", "Error [0].bridge.port[0].name")]
    [InlineData("1500", "llt-lowpri", "Warning [0].bridge.port[0].name")]
    [InlineData("null", "llt", "Warning? [0].bridge.port[0].name")]
    [InlineData("4000", "iscsi", "")]
    [InlineData("1500", "iscsi", "Error [0].bridge.port[0].name")]
    public void Another_policy_for_the_same_node_may_declare_it(string mtu, string role, string expected) => Assert.Equal(
        expected,
        Policies.Say(
            Rule,
            Policies.Of("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: eth1}]}}", role),
            Policies.Given(
                $$$"""
                apiVersion: nmstate.io/v1
                kind: NodeNetworkConfigurationPolicy
                metadata: {name: cards}
                spec: {desiredState: {interfaces: [{name: eth1, type: ethernet, mtu: {{{mtu}}}}]}}
                """)));

    [Fact]
    public void The_limit_is_the_configured_one_and_the_distance_from_it_is_told()
    {
        var context = new RuleContext { Now = Catalog.Now, Settings = new RuleSettings { NodeMtu = 8000 } };
        Assert.Equal("", Policies.Say(Rule, Policies.Of("{name: a, type: ethernet, mtu: 8000}"), context));
        Assert.Equal(1, Assert.Single(Catalog.Findings(Rule, Policies.Of("{name: a, type: ethernet, mtu: 7999}"), context)).Shortfall);
    }

    [Fact]
    public void A_finding_is_about_the_interface_wherever_it_stands_in_the_list()
    {
        Finding first = Assert.Single(Catalog.Findings(Rule, Policies.Of("{name: a, type: ethernet, mtu: 1500}\n{name: b, type: ethernet, mtu: 9000}")));
        Finding second = Assert.Single(Catalog.Findings(Rule, Policies.Of("{name: b, type: ethernet, mtu: 9000}\n{name: a, type: ethernet, mtu: 1500}")));
        Assert.Equal((first.Subject, first.Evidence), (second.Subject, second.Evidence));
    }

    [Fact]
    public void An_assumed_role_is_said_to_be_assumed() => Assert.Contains(
        "llt (assumed) interface \"a\"",
        Assert.Single(Catalog.Findings(
            Rule, Policies.Of("{name: a, type: ethernet}", role: null), new RuleContext { Now = Catalog.Now, AssumedRole = NetworkRole.Llt })).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: e}]}}", "{name: e, type: ethernet, mtu: 9000}", "")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: e}]}}", "{name: e, type: ethernet, mtu: 1500}", "Error [0].bridge.port[0].name")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000, bridge: {port: [{name: e}]}}", "{name: f, type: ethernet, mtu: 9000}", "Warning? [0].bridge.port[0].name")]
    [InlineData("{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e]}}", "{name: e, type: ethernet, mtu: 1500}", "Warning? [0].link-aggregation.port[0]")]
    [InlineData("{name: b, type: bond, mtu: 9000, link-aggregation: {port: [e]}}", "{name: b, type: bond, mtu: 9000}, {name: e, type: ethernet, mtu: 1500}",
        "Error [0].link-aggregation.port[0]")]
    public void A_port_that_no_policy_declares_is_looked_up_on_the_node(string items, string seen, string expected) => Assert.Equal(
        expected,
        Policies.Say("nncp-mtu-not-jumbo", Policies.Of(items), Policies.Given(
            "{apiVersion: nmstate.io/v1beta1, kind: NodeNetworkState, metadata: {name: worker-1}, status: {currentState: {interfaces: [" + seen + "]}}}")));

    [Theory]
    [InlineData("llt", "Error [0].mtu")]
    [InlineData("llt-lowpri", "Warning [0].mtu")]
    [InlineData("none", "")]
    public void In_a_mixed_policy_the_networks_on_an_interface_give_its_role(string role, string expected) => Assert.Equal(
        expected,
        Policies.Say("nncp-mtu-not-jumbo", Policies.Of("{name: br, type: linux-bridge, mtu: 1500}\n{name: x, type: ethernet, mtu: 1500}", "mixed"), Policies.Given(
            $"{{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {{name: a, namespace: b, labels: {{infoscale.internal/role: {role}}}}}, "
            + """spec: {config: '{"type": "bridge", "bridge": "br", "mtu": 9000}'}}""")));
}
