using Webhook.Resources;

namespace Webhook.Rules.Tests.Vm;

public sealed class VmLltNetworkMissingTests
{
    private const string Rule = "vm-llt-network-missing";

    [Theory]
    [InlineData("llt1=llt,llt2=none,san0=none", "")]
    [InlineData("llt1=llt-lowpri,llt2=none,san0=iscsi", "Warning llt links")]
    [InlineData("llt1=none,llt2=none,san0=none", "Warning llt links")]
    [InlineData("llt1=none,llt2=none", "")]
    [InlineData("pod=llt,llt1=none,llt2=none,san0=none", "")]
    public void One_private_link_or_one_that_may_be_it_is_enough(string roles, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(roles: roles)));

    [Fact]
    public void A_member_without_any_NIC_has_none() =>
        Assert.Equal("Warning llt links", GuestMachine.Judge(Rule, GuestMachine.With(null, roles: "", interfaces: "[]", networks: "[]")));

    [Fact]
    public void A_VM_that_is_no_member_needs_none() =>
        Assert.Equal("", GuestMachine.Judge(
            Rule,
            GuestMachine.With(null, interfaces: "[]", networks: "[]").Replace("labels: {infoscale.internal/cluster: erp}", "labels: {}", StringComparison.Ordinal),
            GuestMachine.Assuming(NetworkRole.Iscsi)));
}
