using Webhook.Resources;

namespace Webhook.Rules.Tests.Vm;

public sealed class VmStaticAddressMissingTests
{
    private const string Rule = "vm-static-address-missing";

    [Theory]
    [InlineData(GuestMachine.Llt1 + ", " + GuestMachine.Llt2 + ", " + GuestMachine.San0, "")]
    [InlineData(GuestMachine.Llt1 + ", " + GuestMachine.San0, "Error llt2")]
    [InlineData(GuestMachine.Llt1 + ", " + GuestMachine.San0 + ", x: {match: {macaddress: '02:50:00:0e:02:11'}}", "Error llt2")]
    [InlineData(GuestMachine.Llt1 + ", " + GuestMachine.San0 + ", x: {match: {macaddress: '02:50:00:0e:02:11'}, dhcp4: true}", "")]
    [InlineData(GuestMachine.Llt1 + ", " + GuestMachine.San0 + ", x: {match: {macaddress: '02:50:00:0e:02:99'}, addresses: [172.30.2.11/24]}", "")]
    [InlineData(GuestMachine.Llt1 + ", " + GuestMachine.San0 + ", eth2: {addresses: [172.30.2.11/24]}", "")]
    [InlineData(GuestMachine.Llt1 + ", eth2: {addresses: [172.30.2.11/24]}", "Warning? llt2, Warning? san0")]
    [InlineData("eth0: {dhcp4: true}", "Error llt1, Error llt2, Error san0")]
    [InlineData("all: {match: {name: '*'}, mtu: 9000}", "Error llt1, Error llt2, Error san0")]
    [InlineData("", "Error llt1, Error llt2, Error san0")]
    public void Readable_network_data_must_give_each_role_NIC_an_address(string ethernets, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(ethernets)));

    [Theory]
    [InlineData("[]")]
    [InlineData("[{name: c, cloudInitNoCloud: {userData: '#cloud-config'}}]")]
    [InlineData("[{name: c, cloudInitNoCloud: {networkDataSecretRef: {name: s}}}]")]
    [InlineData("[{name: c, cloudInitNoCloud: {networkData: 'network: {config: disabled}'}}]")]
    [InlineData("[{name: c, sysprep: {secret: {name: s}}}]")]
    public void What_cannot_be_read_is_a_warning_until_the_addresses_are_declared(string volumes)
    {
        Assert.Equal("Warning? llt1, Warning? llt2, Warning? san0", GuestMachine.Judge(Rule, GuestMachine.WithVolumes(volumes)));
        Assert.Equal("Warning? san0", GuestMachine.Judge(Rule, GuestMachine.WithVolumes(volumes, declared: """{"llt1": ["172.30.1.11/24"], "llt2": ["172.30.2.11/24"], "san0": []}""")));
    }

    [Fact]
    public void A_declaration_stands_for_what_network_data_leaves_out() =>
        Assert.Equal("Error san0", GuestMachine.Judge(Rule, GuestMachine.With(GuestMachine.Llt1, declared: """{"llt2": ["172.30.2.11/24"]}""")));

    [Fact]
    public void A_declaration_that_cannot_be_read_is_a_finding_of_another_rule() =>
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With(null, declared: "llt1=172.30.1.11")));

    [Theory]
    [InlineData("llt1=llt-lowpri,llt2=none,san0=none", "Error llt1")]
    [InlineData("pod=llt,llt1=none,llt2=none,san0=none", "")]
    [InlineData("", "Error llt1, Error llt2, Error san0")]
    public void The_role_decides_which_NIC_needs_one(string roles, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With("", roles)));

    [Fact]
    public void An_address_on_a_VLAN_or_bond_counts_for_the_NICs_under_it() =>
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.WithVolumes(GuestMachine.Volume(
            "{version: 2, ethernets: {a: {match: {macaddress: '02:50:00:0e:01:11'}}, b: {match: {macaddress: '02:50:00:0e:02:11'}}, " + GuestMachine.San0 +
            "}, bonds: {c: {interfaces: [a, b]}}, vlans: {d: {id: 3, link: c, addresses: [172.30.1.11/24]}}}"))));

    [Fact]
    public void A_gap_in_network_data_is_no_old_finding_of_data_that_could_not_be_read()
    {
        Finding before = Catalog.Findings(Rule, GuestMachine.With(null))[0];
        Finding now = Catalog.Findings(Rule, GuestMachine.With(""))[0];
        Assert.Equal(before.Subject, now.Subject);
        Assert.NotEqual(before.Evidence, now.Evidence);
    }

    [Fact]
    public void The_role_that_is_assumed_is_said_to_be() =>
        Assert.Contains("role llt assumed", Catalog.Findings(Rule, GuestMachine.With("", ""), GuestMachine.Assuming(NetworkRole.Llt))[0].Message, StringComparison.Ordinal);
}
