namespace Webhook.Rules.Tests.Nad;

public sealed class NadOvsHeadroomMissingTests
{
    private const string Rule = "nad-ovs-headroom-missing";

    [Theory]
    [InlineData("localnet", 8990, "")]
    [InlineData("localnet", 8991, "Warning spec.config#/mtu")]
    [InlineData("localnet", 9000, "Warning spec.config#/mtu")]
    [InlineData("localnet", 9001, "")]
    [InlineData("layer2", 9000, "")]
    public void Ten_bytes_are_left_between_the_network_and_the_smallest_level(string topology, int mtu, string expected) => Assert.Equal(
        expected,
        Networks.Say(
            Rule, Networks.Attachment($$"""{"type": "ovn-k8s-cni-overlay", "topology": "{{topology}}", "name": "net", "mtu": {{mtu}}}"""), Ovs));

    [Theory]
    [InlineData("""{"type": "ovs", "bridge": "br", "mtu": 9000}""", "Warning spec.config#/mtu")]
    [InlineData("""{"type": "bridge", "bridge": "br", "mtu": 9000}""", "")]
    public void Only_what_runs_on_Open_vSwitch_needs_them(string config, string expected) =>
        Assert.Equal(expected, Networks.Say(Rule, Networks.Attachment(config), Ovs));

    [Fact]
    public void How_many_is_a_setting() => Assert.Equal(
        "", Networks.Say(
            Rule, Networks.Attachment("""{"type": "ovs", "bridge": "br", "mtu": 9000}"""), Ovs with { Settings = new RuleSettings { OvsOverhead = 0 } }));

    private static RuleContext Ovs => Below.Policy(
        "{name: br, type: ovs-bridge, bridge: {port: [{name: e}]}}\n{name: e, type: ethernet, mtu: 9000}", "{localnet: net, bridge: br}");
}
