using FsCheck;
using FsCheck.Fluent;
using Webhook.Resources.Nmstate;

namespace Webhook.Resources.Tests.Nmstate;

public sealed class InterfaceRolesTests
{
    private const string VlanOnBond =
        """
        - {name: bond0, type: bond, link-aggregation: {port: [eth1, eth2]}}
        - {name: eth1, type: ethernet}
        - {name: bond0.301, type: vlan, vlan: {base-iface: bond0, id: 301}}
        - {name: br-llt1, type: linux-bridge, bridge: {port: [{name: bond0.301}]}}
        - {name: eth9, type: ethernet}
        """;

    private const string Ovs =
        """
        - {name: br-llt1, type: ovs-bridge, bridge: {port: [{name: b, link-aggregation: {port: [{name: eth1}, {name: eth2}]}}, {name: br-llt1}, {name: mgmt}]}}
        - {name: br-llt1, type: ovs-interface}
        - {name: mgmt, type: ovs-interface}
        - {name: eth1, type: ethernet}
        - {name: eth2, type: ethernet}
        """;

    [Fact]
    public void A_label_gives_the_role_to_every_interface() => Assert.Equal(
        "bond0=llt eth1=llt bond0.301=llt br-llt1=llt^ eth9=llt^", States.Say(States.Policy(VlanOnBond).RolesAs(null)));

    [Fact]
    public void A_named_bridge_gives_it_to_what_it_stands_on_and_the_base_of_its_VLAN_is_shared() => Assert.Equal(
        "bond0=llt+ eth1=llt+ bond0.301=llt br-llt1=llt^",
        States.Say(States.Policy(VlanOnBond, role: "mixed", interfaceRoles: "br-llt1 = llt").RolesAs(null)));

    [Fact]
    public void A_name_goes_before_the_label_and_none_takes_the_role_away() => Assert.Equal(
        "bond0=llt eth1=llt bond0.301=llt br-llt1=iscsi^",
        States.Say(States.Policy(VlanOnBond, interfaceRoles: "br-llt1=iscsi,eth9=none").RolesAs(null)));

    [Fact]
    public void An_OVS_bridge_gives_it_to_bonded_members_and_to_its_own_ports() => Assert.Equal(
        "br-llt1=llt^ br-llt1=llt mgmt=llt eth1=llt eth2=llt",
        States.Say(States.Policy(Ovs, role: "mixed", interfaceRoles: "br-llt1=llt").RolesAs(null)));

    [Fact]
    public void A_node_port_of_an_OVS_bridge_gives_it_to_the_uplinks_and_not_to_its_neighbours() => Assert.Equal(
        "mgmt=iscsi^ eth1=iscsi+ eth2=iscsi+",
        States.Say(States.Policy(Ovs, role: "mixed", interfaceRoles: "mgmt=iscsi").RolesAs(null)));

    [Fact]
    public void An_OVS_bridge_has_the_port_of_its_name_also_where_it_does_not_list_it() => Assert.Equal(
        "br=llt^ br=llt",
        States.Say(States.Policy("- {name: br, type: ovs-bridge}\n- {name: br, type: ovs-interface}", role: "mixed", interfaceRoles: "br=llt").RolesAs(null)));

    [Fact]
    public void A_port_may_name_its_controller() => Assert.Equal(
        "br=llt^ eth1=llt",
        States.Say(States.Policy(
            "- {name: br, type: linux-bridge}\n- {name: eth1, type: ethernet, controller: br}\n- {name: eth2, type: ethernet, controller: ''}",
            role: "mixed",
            interfaceRoles: "br=llt").RolesAs(null)));

    [Fact]
    public void Interfaces_that_go_or_rest_or_lead_nowhere_have_no_role() => Assert.Equal(
        "eth1=llt^",
        States.Say(States.Policy(
            """
            - {name: eth1, type: ethernet}
            - {name: eth2, type: ethernet, state: absent}
            - {name: eth3, type: ethernet, state: down}
            - {name: eth4, type: ethernet, state: ignore}
            - {name: lo, type: loopback}
            - {name: dummy0, type: dummy}
            - {name: vrf0, type: vrf, vrf: {port: [eth1]}}
            - {type: ethernet}
            - 7
            """).RolesAs(null)));

    [Fact]
    public void An_assumed_role_spares_the_default_route_br_ex_and_what_they_stand_on()
    {
        InterfaceRoles roles = States.Policy(
            """
            - {name: bond0, type: bond, link-aggregation: {port: [eth1]}}
            - {name: eth1, type: ethernet}
            - {name: br-ex, type: ovs-bridge, bridge: {port: [{name: eth2}]}}
            - {name: eth2, type: ethernet}
            - {name: eth3, type: ethernet}
            - {name: bond0.7, type: vlan, vlan: {base-iface: bond0, id: 7}}
            """,
            role: null,
            rest: "{config: [{destination: 0.0.0.0/0, next-hop-interface: bond0}]}").RolesAs(NetworkRole.Llt);
        Assert.Equal("bond0=llt+ eth1=llt+ eth3=llt^ bond0.7=llt^", States.Say(roles));
        Assert.All(roles.Members, static member => Assert.EndsWith("(assumed)", member.RoleWord, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("llt")]
    [InlineData("mixed")]
    [InlineData("typo")]
    public void No_role_is_assumed_where_there_is_a_label(string label) =>
        Assert.DoesNotContain("iscsi", States.Say(States.Policy(VlanOnBond, role: label).RolesAs(NetworkRole.Iscsi)), StringComparison.Ordinal);

    [Theory]
    [InlineData("mixed", null, true)]
    [InlineData("mixed", "eth1=llt", false)]
    [InlineData("llt", null, false)]
    [InlineData(null, null, false)]
    public void Mixed_without_names_is_unknown(string? label, string? named, bool expected) =>
        Assert.Equal(expected, States.Policy(VlanOnBond, label, named).RolesAs(null).IsUnknown);

    [Fact]
    public void The_strictest_of_several_roles_counts()
    {
        RoleInterface bond = States.Policy(
            """
            - {name: bond0, type: bond}
            - {name: a, type: vlan, vlan: {base-iface: bond0}}
            - {name: b, type: vlan, vlan: {base-iface: bond0}}
            """,
            role: "mixed",
            interfaceRoles: "a=iscsi,b=llt").RolesAs(null).Members[0];
        Assert.Equal(NetworkRole.Llt, bond.Role);
        Assert.True(bond.Carries(NetworkRole.Iscsi) && !bond.Carries(NetworkRole.LltLowpri));
    }

    [Fact]
    public void What_is_not_declared_is_told_once_and_the_bridges_own_port_is_not()
    {
        InterfaceRoles roles = States.Policy(
            """
            - {name: br, type: ovs-bridge, bridge: {port: [{name: br}, {name: eth1}, {name: gone}, {name: ignored}]}}
            - {name: v, type: vlan, vlan: {base-iface: eth1}}
            - {name: gone, type: ethernet, state: absent}
            - {name: ignored, type: ethernet, state: ignore}
            """).RolesAs(null);
        Assert.Equal(["eth1 under br", "ignored under br"], roles.Undeclared.Select(static link => $"{link.Link.Name} under {link.Upper.Name}"));
    }

    [Fact]
    public void The_weakest_below_an_OVS_node_port_is_the_smallest_uplink()
    {
        InterfaceRoles roles = States.Policy(
            """
            - {name: br, type: ovs-bridge, bridge: {port: [{name: br}, {name: eth1}, {name: eth2}, {name: other}]}}
            - {name: br, type: ovs-interface, mtu: 9000}
            - {name: other, type: ovs-interface, mtu: 1400}
            - {name: eth1, type: ethernet, mtu: 9000}
            - {name: eth2, type: ethernet, mtu: 1500}
            """).RolesAs(null);
        Assert.Equal("eth2", roles.Members[1].WeakestBelow?.Name);
    }

    [Fact]
    public void Roles_are_read_once_for_each_assumption()
    {
        NodeNetworkConfigurationPolicy policy = States.Policy(VlanOnBond, role: null);
        Assert.Same(policy.RolesAs(NetworkRole.Llt), policy.RolesAs(NetworkRole.Llt));
        Assert.Empty(policy.RolesAs(null).Members);
    }

    /// <summary>Whatever stands on whatever, in circles too: reading ends, and everything below an interface with a role has that role.</summary>
    [Fact]
    public void Any_graph_is_read_and_the_role_reaches_everything_below()
    {
        Gen<string> name = Gen.Elements("a", "b", "c", "d", "br-ex");
        Gen<string> entry =
            from self in name
            from first in name
            from second in name
            from shape in Gen.Elements(
                "type: ethernet",
                "type: vlan, vlan: {base-iface: FIRST}",
                "type: bond, link-aggregation: {port: [FIRST, SECOND]}",
                "type: linux-bridge, bridge: {port: [{name: FIRST}, {name: SECOND}]}",
                "type: ovs-bridge, bridge: {port: [{name: FIRST}, {name: SECOND}]}",
                "type: ovs-interface",
                "type: ethernet, controller: FIRST",
                "type: ethernet, state: absent")
            select $"- {{name: {self}, {shape.Replace("FIRST", first, StringComparison.Ordinal).Replace("SECOND", second, StringComparison.Ordinal)}}}";
        Prop.ForAll(Gen.NonEmptyListOf(entry).ToArbitrary(), static entries =>
        {
            InterfaceRoles roles = States.Policy(string.Join('\n', entries), role: "mixed", interfaceRoles: "a=llt,c=iscsi").RolesAs(null);
            Assert.All(roles.Members, member =>
            {
                Assert.All(member.Lower, lower => Assert.True(!member.Carries(NetworkRole.Llt) || lower.Carries(NetworkRole.Llt)));
                Assert.All(member.Lower, static lower => Assert.False(lower.IsTop));
                Assert.All(member.Lower, lower => Assert.Contains(member, lower.Upper));
                Assert.Subset(roles.Below(start => ReferenceEquals(start, member)).ToHashSet(), member.Lower.ToHashSet());
                Assert.Subset(roles.Above(start => ReferenceEquals(start, member)).ToHashSet(), member.Upper.ToHashSet());
            });
        }).QuickCheckThrowOnFailure();
    }
}
