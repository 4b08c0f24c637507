namespace Webhook.Rules.Tests.Vm;

public sealed class VmRolesShareNetworkTests
{
    [Theory]
    [InlineData("llt1=llt,llt2=iscsi,san0=iscsi", "Warning llt1")]
    [InlineData("llt1=llt,llt2=llt,san0=iscsi", "")]
    [InlineData("llt1=llt-lowpri,llt2=iscsi,san0=iscsi", "")]
    [InlineData("", "")]
    public void LLT_and_iSCSI_on_one_network_are_told(string roles, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge("vm-roles-share-network", GuestMachine.With(
            roles: roles, networks: GuestMachine.Networks.Replace("networkName: llt2", "networkName: erp-db/llt1", StringComparison.Ordinal))));
}
