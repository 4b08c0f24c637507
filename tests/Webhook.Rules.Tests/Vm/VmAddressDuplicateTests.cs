namespace Webhook.Rules.Tests.Vm;

public sealed class VmAddressDuplicateTests
{
    private const string Rule = "vm-address-duplicate";

    [Theory]
    [InlineData("172.30.2.11/24", "")]
    [InlineData("172.30.1.11/24", "Warning llt2")]
    [InlineData("172.30.1.11/25", "Warning llt2")]
    public void The_address_counts_whatever_its_prefix(string address, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(Entries(address))));

    [Fact]
    public void On_one_network_it_is_an_error() =>
        Assert.Equal("Error llt2", GuestMachine.Judge(Rule, GuestMachine.With(
            Entries("172.30.1.11/24"), networks: GuestMachine.Networks.Replace("networkName: llt2", "networkName: erp-db/llt1", StringComparison.Ordinal))));

    [Theory]
    [InlineData("""{"llt1": ["172.30.1.11/24"]}""", "")]
    [InlineData("""{"llt2": ["172.30.1.11/24"]}""", "Warning llt2")]
    [InlineData("""{"pod": ["172.30.1.11/24"]}""", "Warning llt1")]
    public void Declared_addresses_count_too_but_not_against_the_same_NIC(string declared, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(GuestMachine.Llt1, declared: declared)));

    [Theory]
    [InlineData("eth1: {addresses: [172.30.1.11/24]}, eth2: {addresses: [172.30.1.11/24]}", "Warning eth2")]
    [InlineData("a: {match: {macaddress: '02:50:00:0e:01:11'}, addresses: ['fe80::1/64']}, b: {match: {macaddress: '02:50:00:0e:02:11'}, addresses: ['fe80::1/64']}", "")]
    [InlineData("a: {match: {macaddress: '02:50:00:0e:01:11'}, addresses: [172.30.1.11/24, 172.30.1.11/24]}", "")]
    public void Names_count_and_link_local_addresses_do_not(string ethernets, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(ethernets)));

    [Fact]
    public void A_bond_over_two_NICs_has_its_address_once() =>
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.WithVolumes(GuestMachine.Volume(
            "{version: 2, ethernets: {a: {match: {macaddress: '02:50:00:0e:01:11'}}, b: {match: {macaddress: '02:50:00:0e:02:11'}}}, " +
            "bonds: {c: {interfaces: [a, b], addresses: [172.30.1.11/24]}}}"))));

    [Fact]
    public void NICs_without_role_are_free() =>
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With(Entries("172.30.1.11/24"), "llt1=none,llt2=none,san0=iscsi")));

    private static string Entries(string second) => $"{GuestMachine.Llt1}, llt2: {{match: {{macaddress: '02:50:00:0e:02:11'}}, addresses: [{second}]}}";
}
