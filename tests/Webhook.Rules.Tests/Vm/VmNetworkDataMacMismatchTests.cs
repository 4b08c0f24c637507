namespace Webhook.Rules.Tests.Vm;

public sealed class VmNetworkDataMacMismatchTests
{
    private const string Rule = "vm-network-data-mac-mismatch";

    [Theory]
    [InlineData(GuestMachine.Llt1 + ", " + GuestMachine.Llt2 + ", " + GuestMachine.San0, "")]
    [InlineData("a: {match: {macaddress: '02-50-00-0E-01-11'}, addresses: [172.30.1.11/24]}", "")]
    [InlineData("a: {match: {macaddress: '02:50:00:0e:09:99'}}", "Error a")]
    [InlineData("a: {match: {macaddress: nothing}}", "Error a")]
    [InlineData("a: {match: {macaddress: 12}}", "Error a")]
    [InlineData("llt1: {addresses: [172.30.1.11/24]}, " + GuestMachine.Llt2 + ", " + GuestMachine.San0, "Warning? llt1")]
    [InlineData("llt1: {dhcp4: true}, " + GuestMachine.Llt2 + ", " + GuestMachine.San0, "")]
    [InlineData("pod: {dhcp4: true}, " + GuestMachine.Llt1 + ", " + GuestMachine.Llt2 + ", " + GuestMachine.San0, "")]
    [InlineData("eth0: {dhcp4: true}, " + GuestMachine.Llt1 + ", " + GuestMachine.Llt2 + ", " + GuestMachine.San0, "")]
    [InlineData("eth0: {dhcp4: true}, eth1: {addresses: [172.30.1.11/24]}, " + GuestMachine.Llt2 + ", " + GuestMachine.San0, "Warning? eth0, Warning? eth1")]
    [InlineData("eth1: {dhcp4: true}", "")]
    [InlineData("eth1: {}", "")]
    [InlineData("all: {match: {name: '*'}, dhcp4: true}", "")]
    public void A_hardware_address_must_be_one_of_the_VM_and_a_name_proves_nothing(string ethernets, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(ethernets)));

    [Theory]
    [InlineData("macaddress: '02:50:00:0e:09:99'", "Error a")]
    [InlineData("name: eth1", "Warning? b")]
    public void A_bond_over_an_entry_is_matched_as_the_entry_is(string match, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.WithVolumes(GuestMachine.Volume(
            $"{{version: 2, ethernets: {{a: {{match: {{{match}}}}}}}, bonds: {{b: {{interfaces: [a], addresses: [172.30.1.11/24], dhcp4: false}}}}}}"))));

    [Fact]
    public void An_interface_without_hardware_address_is_named()
    {
        string interfaces = GuestMachine.Interfaces.Replace(", macAddress: '02:50:00:0e:01:11'", "", StringComparison.Ordinal);
        Finding finding = Assert.Single(Catalog.Findings(Rule, GuestMachine.With(interfaces: interfaces)));
        Assert.Contains("interface \"llt1\" has no macAddress", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_entry_of_an_unplugged_NIC_may_stay()
    {
        string interfaces = GuestMachine.Interfaces.Replace("name: llt2, ", "name: llt2, state: absent, ", StringComparison.Ordinal);
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With(interfaces: interfaces)));
    }

    [Fact]
    public void A_VM_without_role_NICs_is_not_judged() =>
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With("a: {match: {macaddress: '02:50:00:0e:09:99'}}", "llt1=none,llt2=none,san0=none")));
}
