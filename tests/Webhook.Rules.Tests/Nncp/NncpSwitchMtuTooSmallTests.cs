namespace Webhook.Rules.Tests.Nncp;

public sealed class NncpSwitchMtuTooSmallTests
{
    private const string Rule = "nncp-switch-mtu-too-small";
    private const string Place = "metadata.annotations[infoscale.internal/switch-mtu]";

    [Theory]
    [InlineData("llt", "9000", "'9216'", "")]
    [InlineData("llt", "9000", "'9000'", "")]
    [InlineData("llt", "9000", "'8999'", "Error")]
    [InlineData("llt", "9000", "'1500'", "Error")]
    [InlineData("llt-lowpri", "9000", "'1500'", "Warning")]
    [InlineData("llt", "9000", null, "Warning?")]
    [InlineData("iscsi", "1500", null, "")]
    [InlineData("iscsi", "1501", null, "Warning?")]
    [InlineData("iscsi", "1500", "'1400'", "Error")]
    [InlineData("llt", "null", null, "")]
    [InlineData("llt", "null", "'1500'", "")]
    [InlineData("llt", "9000", "plenty", "")]
    [InlineData("llt", "9000", "'0'", "")]
    [InlineData("llt", "9000", "''", "")]
    public void The_attestation_is_compared_with_what_the_node_sends(string role, string mtu, string? attested, string expected) => Assert.Equal(
        expected.Length == 0 ? "" : $"{expected} {Place}",
        Policies.Say(Rule, Policies.Of($"{{name: e, type: ethernet, mtu: {mtu}}}", role, attested is null ? "" : $"~/switch-mtu: {attested}")));

    [Fact]
    public void The_warning_comes_once_for_a_policy_and_names_the_largest_interface()
    {
        Finding finding = Assert.Single(Catalog.Findings(Rule, Policies.Of("{name: e, type: ethernet, mtu: 9000}\n{name: f, type: ethernet, mtu: 9216}")));
        Assert.Contains("physical switch not verified: its ports must carry the 9216 bytes of llt interface \"f\"", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Interfaces_without_role_ask_nothing_of_the_switch() => Assert.Equal(
        "", Policies.Say(Rule, Policies.Of("{name: e, type: ethernet, mtu: 9000}", "mixed", "~/interface-roles: 'f=llt'")));
}
