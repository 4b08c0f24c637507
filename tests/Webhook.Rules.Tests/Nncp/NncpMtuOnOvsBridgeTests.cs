namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpMtuOnOvsBridgeTests
{
    [Theory]
    [InlineData("{name: br, type: ovs-bridge, mtu: 9000}", "Warning [0].mtu")]
    [InlineData("{name: br, type: ovs-bridge, mtu: '{{ capture.a }}'}", "Warning [0].mtu")]
    [InlineData("{name: br, type: ovs-bridge}", "")]
    [InlineData("{name: br, type: ovs-bridge, mtu: null}", "")]
    [InlineData("{name: br, type: ovs-bridge, state: absent, mtu: 9000}", "")]
    [InlineData("{name: br, type: linux-bridge, mtu: 9000}", "")]
    [InlineData("{name: br, type: ovs-interface, mtu: 9000}", "")]
    public void An_mtu_on_an_OVS_bridge_is_ignored(string item, string expected) =>
        Assert.Equal(expected, Policies.Say("nncp-mtu-on-ovs-bridge", Policies.Of(item)));
}
