namespace Webhook.Rules.Tests.Vm;

public sealed class VmLltLinksSharePathTests
{
    private const string Rule = "vm-llt-links-share-path";

    [Theory]
    [InlineData("172.30.2.11/24", "")]
    [InlineData("172.30.1.12/24", "Warning llt2")]
    [InlineData("172.30.2.11/16", "Warning llt2")]
    [InlineData("172.30.1.12", "")]
    public void Overlapping_subnets_are_one_path(string address, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With($"{GuestMachine.Llt1}, x: {{match: {{macaddress: '02:50:00:0e:02:11'}}, addresses: [{address}]}}")));

    [Theory]
    [InlineData("llt1=llt,llt2=llt,san0=iscsi", "Warning llt2")]
    [InlineData("llt1=llt,llt2=iscsi,san0=iscsi", "")]
    [InlineData("llt1=llt,llt2=llt-lowpri,san0=iscsi", "")]
    public void One_network_is_one_path_for_private_links(string roles, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(
            roles: roles, networks: GuestMachine.Networks.Replace("networkName: llt2", "networkName: llt1", StringComparison.Ordinal))));
}
