namespace Webhook.Rules.Tests.Vm;

public sealed class VmSingleLltLinkTests
{
    [Theory]
    [InlineData("llt1=llt,llt2=llt,san0=none", "")]
    [InlineData("llt1=llt,llt2=none,san0=none", "Warning llt links")]
    [InlineData("llt1=llt,llt2=llt-lowpri,san0=iscsi", "Warning llt links")]
    [InlineData("pod=llt,llt1=llt,llt2=none,san0=none", "Warning llt links")]
    [InlineData("llt1=llt", "")]
    [InlineData("llt1=none,llt2=none,san0=iscsi", "")]
    public void Two_private_links_on_secondary_networks_are_the_least(string roles, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge("vm-single-llt-link", GuestMachine.With(roles: roles)));
}
