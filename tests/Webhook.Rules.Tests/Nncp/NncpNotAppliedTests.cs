namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpNotAppliedTests
{
    private const string Rule = "nncp-not-applied";
    private const string Entry = "{name: e, type: ethernet, mtu: 9000, ipv4: {enabled: true, dhcp: false, address: [{ip: 10.0.0.1, prefix-length: 24}]}}";
    private const string Available = "{type: Available, status: 'True'}";

    [Theory]
    [InlineData("{name: e, mtu: 9000, ipv4: {enabled: true, address: [{ip: 10.0.0.1, prefix-length: 24}]}}", "")]
    [InlineData("{name: e, mtu: 9000, ipv4: {enabled: true, address: [{ip: 10.0.0.2, prefix-length: 24}, {ip: 10.0.0.1, prefix-length: 24}]}}", "")]
    [InlineData("{name: e, mtu: 1500, ipv4: {enabled: true, address: [{ip: 10.0.0.1, prefix-length: 24}]}}", "Warning [0].mtu")]
    [InlineData("{name: e, mtu: 9216, ipv4: {enabled: true, address: [{ip: 10.0.0.1, prefix-length: 24}]}}", "Warning [0].mtu")]
    [InlineData("{name: e, mtu: 9000, ipv4: {enabled: false}}", "Warning [0].ipv4.address[0].ip")]
    [InlineData("{name: f, mtu: 9000}", "Warning [0].name")]
    public void An_applied_policy_is_compared_with_the_node(string seen, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Subject(Available), Policies.Given(State(seen))));

    [Theory]
    [InlineData("", "")]
    [InlineData("{type: Available, status: 'False', reason: FailedToConfigure}", "Warning status.conditions[0].status")]
    [InlineData("{type: Available, status: 'Unknown'}, {type: Progressing, status: 'True'}", "")]
    [InlineData("{type: Available, status: 'Unknown'}, {type: Degraded, status: 'True', reason: FailedToConfigure}", "Warning status.conditions[0].status")]
    public void A_policy_that_is_not_Available_is_told(string conditions, string expected) =>
        Assert.Equal(expected, Policies.Say(Rule, Subject(conditions), Policies.Given(State("{name: e, mtu: 1500}"))));

    [Fact]
    public void It_is_left_out_while_the_API_server_waits() => Assert.Equal(
        "", Policies.Say(Rule, Subject(Available), Policies.Given(State("{name: e, mtu: 1500}")) with { AtAdmission = true }));

    private static string Subject(string conditions) => Policies.Of(Entry) + $"\nstatus: {{conditions: [{conditions}]}}\n";

    private static string State(string seen) =>
        "{apiVersion: nmstate.io/v1beta1, kind: NodeNetworkState, metadata: {name: worker-1}, status: {currentState: {interfaces: [" + seen + "]}}}";
}
