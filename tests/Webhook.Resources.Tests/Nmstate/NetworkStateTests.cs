using Webhook.Resources.Nmstate;

namespace Webhook.Resources.Tests.Nmstate;

public sealed class NetworkStateTests
{
    [Fact]
    public void Mappings_are_read_from_OVN_and_from_the_OVS_database()
    {
        var state = new NetworkState(States.Value(
            """
            {ovn: {bridge-mappings: [{localnet: llt, bridge: br-llt1}, {localnet: old, state: absent}, {bridge: br-x}, 7]},
              ovs-db: {external_ids: {ovn-bridge-mappings: 'physnet:br-ex, iscsi:br-iscsi1,broken'}}}
            """));
        Assert.Equal(
            ["llt:br-llt1", "old: absent", "physnet:br-ex", "iscsi:br-iscsi1"],
            state.BridgeMappings().Select(static mapping => $"{mapping.Localnet}:{mapping.Bridge}{(mapping.IsAbsent ? " absent" : "")}"));
    }

    [Fact]
    public void Default_routes_of_both_families_name_their_interface_unless_they_are_removed()
    {
        var state = new NetworkState(States.Value(
            """
            {routes: {config: [{destination: 0.0.0.0/0, next-hop-interface: bond0}, {destination: '::/0', next-hop-interface: eth6},
              {destination: 0.0.0.0/0, next-hop-interface: gone, state: absent}, {destination: 10.0.0.0/8, next-hop-interface: eth1}, {}]}}
            """));
        Assert.Equal(["bond0", "eth6"], state.DefaultRouteInterfaces.Order());
    }

    [Theory]
    [InlineData("[{name: eth0}]", false)]
    [InlineData("[{name: eth0}, '{{ capture.a.interfaces.0 }}']", true)]
    [InlineData("[{name: '{{ capture.a.interfaces.0.name }}'}]", true)]
    [InlineData("'{{ capture.a.interfaces }}'", true)]
    [InlineData("{}", false)]
    public void Names_may_come_from_templates(string interfaces, bool expected) =>
        Assert.Equal(expected, new NetworkState(States.Value($"{{interfaces: {interfaces}}}")).NamesAreTemplates);

    [Fact]
    public void A_name_means_the_interface_of_the_kernel_and_not_the_OVS_bridge()
    {
        var state = new NetworkState(States.Value(
            "{interfaces: [{name: br, type: ovs-bridge}, {name: br, type: ovs-interface, mtu: 9000}, {name: gone, state: absent}]}"));
        Assert.Equal(9000, state.Find("br")?.MtuValue);
        Assert.Null(state.Find("gone"));
    }
}
