namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpMaxUnavailableUnboundedTests
{
    private const string Rule = "nncp-max-unavailable-unbounded";
    private const string Card = "{name: e, type: ethernet, mtu: 9000}";

    [Theory]
    [InlineData("", "Warning? spec.maxUnavailable")]
    [InlineData("nodeSelector: {a: b}", "Warning? spec.maxUnavailable")]
    [InlineData("nodeSelector: {kubernetes.io/hostname: worker-1}", "")]
    [InlineData("maxUnavailable: 1", "")]
    [InlineData("maxUnavailable: '1'", "")]
    [InlineData("maxUnavailable: 0", "")]
    [InlineData("maxUnavailable: 2", "Warning? spec.maxUnavailable")]
    [InlineData("maxUnavailable: 10%", "Warning? spec.maxUnavailable")]
    [InlineData("maxUnavailable: null", "Warning? spec.maxUnavailable")]
    [InlineData("maxUnavailable: [1]", "Warning? spec.maxUnavailable")]
    public void More_than_one_node_at_a_time(string spec, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of(Card, spec: spec)));

    [Theory]
    [InlineData("worker-1", "")]
    [InlineData("worker-1 worker-2", "Warning spec.maxUnavailable")]
    public void With_Nodes_their_number_decides(string nodes, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Policies.Of(Card, spec: ""), Policies.Workers(nodes.Split(' '))));

    [Fact]
    public void A_policy_that_touches_no_InfoScale_interface_may_do_as_it_likes() =>
        Assert.Equal("", Policies.Say(Rule, Policies.Of("{name: e, type: ethernet, state: absent}", spec: "")));
}
