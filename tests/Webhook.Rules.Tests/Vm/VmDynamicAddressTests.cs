using Webhook.Resources;

namespace Webhook.Rules.Tests.Vm;

public sealed class VmDynamicAddressTests
{
    private const string Mac1 = "match: {macaddress: '02:50:00:0e:01:11'}";

    [Theory]
    [InlineData("x: {" + Mac1 + ", dhcp4: true, addresses: [172.30.1.11/24]}", "Error llt1 dhcp4")]
    [InlineData("x: {" + Mac1 + ", dhcp4: yes, dhcp6: on}", "Error llt1 dhcp4, Error llt1 dhcp6")]
    [InlineData("x: {" + Mac1 + ", accept-ra: true}", "Error llt1 accept-ra")]
    [InlineData("x: {" + Mac1 + ", accept-ra: true, addresses: [172.30.1.11/24]}", "")]
    [InlineData("x: {" + Mac1 + ", dhcp4: no, dhcp6: false}", "")]
    [InlineData("llt1: {dhcp4: true}", "Error llt1 dhcp4")]
    [InlineData("pod: {dhcp4: true}, " + GuestMachine.Llt1 + ", " + GuestMachine.Llt2 + ", " + GuestMachine.San0, "")]
    [InlineData("eth0: {dhcp4: true}, " + GuestMachine.Llt1 + ", " + GuestMachine.Llt2 + ", " + GuestMachine.San0, "")]
    [InlineData("all: {match: {name: 'e*'}, dhcp4: true}, " + GuestMachine.Llt1, "Error llt2 dhcp4, Error san0 dhcp4")]
    [InlineData("all: {match: {name: '*'}, dhcp4: true}, " + GuestMachine.Llt1 + ", " + GuestMachine.Llt2 + ", " + GuestMachine.San0, "")]
    [InlineData("all: {match: {name: 'en*'}, dhcp4: true}, " + GuestMachine.Llt1 + ", " + GuestMachine.Llt2, "Warning? all dhcp4")]
    [InlineData("eth0: {dhcp4: true}, eth1: {addresses: [172.30.1.11/24]}, eth2: {addresses: [172.30.2.11/24]}, eth3: {addresses: [10.60.1.11/24]}", "")]
    [InlineData("eth0: {dhcp4: true}, eth1: {dhcp4: true}, eth2: {addresses: [172.30.2.11/24]}, eth3: {addresses: [10.60.1.11/24]}", "Warning? eth0 dhcp4, Warning? eth1 dhcp4")]
    [InlineData("eth1: {dhcp4: true}", "Warning? eth1 dhcp4")]
    [InlineData("x: {match: {macaddress: '02:50:00:0e:09:99'}, dhcp4: true}", "")]
    public void DHCP_is_an_error_on_a_role_NIC_and_a_question_where_only_a_name_says_which(string ethernets, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge("vm-dynamic-address", GuestMachine.With(ethernets)));

    [Theory]
    [InlineData("bonds: {b: {interfaces: [x], dhcp4: true}}", "Error llt1 dhcp4")]
    [InlineData("vlans: {v: {link: x, id: 3, dhcp6: true}}", "Error llt1 dhcp6")]
    [InlineData("vlans: {v: {link: x, id: 3, addresses: [10.0.0.1/8]}}", "")]
    public void A_bond_or_VLAN_counts_for_the_NIC_under_it(string above, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(
            "vm-dynamic-address",
            GuestMachine.WithVolumes(GuestMachine.Volume($"{{version: 2, ethernets: {{x: {{{Mac1}}}}}, {above}}}"), roles: "llt1=llt,llt2=none,san0=none")));

    [Theory]
    [InlineData("{version: 1, config: [{type: physical, name: a, mac_address: '02:50:00:0e:01:11', subnets: [{type: dhcp}]}]}", "cloudInitNoCloud")]
    [InlineData("{version: 1, config: [{type: physical, name: a, mac_address: '02:50:00:0e:01:11', subnets: [{type: static, address: 10.0.0.1/8}, {type: ipv6_slaac}]}]}", "cloudInitNoCloud")]
    [InlineData("{'links': [{'id': 'a', 'type': 'phy', 'ethernet_mac_address': '02:50:00:0E:01:11'}], 'networks': [{'link': 'a', 'type': 'ipv4_dhcp'}]}", "cloudInitConfigDrive")]
    public void Every_format_is_judged(string data, string carrier)
    {
        Finding finding = Assert.Single(Catalog.Findings(
            "vm-dynamic-address",
            GuestMachine.WithVolumes(GuestMachine.Volume(carrier == "cloudInitConfigDrive" ? data.Replace('\'', '"') : data, carrier))));
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Contains("llt NIC \"llt1\"", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_NIC_whose_network_is_not_seen_counts_until_nic_roles_takes_it_out()
    {
        string ethernets = "x: {" + Mac1 + ", dhcp4: true}";
        Finding finding = Assert.Single(Catalog.Findings("vm-dynamic-address", GuestMachine.With(ethernets, roles: "")));
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Contains("llt1=none", finding.Remedy, StringComparison.Ordinal);
        Assert.Equal("", GuestMachine.Judge("vm-dynamic-address", GuestMachine.With(ethernets, roles: "llt1=none")));
        Assert.Equal("Error llt1 dhcp4", GuestMachine.Judge("vm-dynamic-address", GuestMachine.With(ethernets, roles: ""), GuestMachine.Assuming(NetworkRole.Iscsi)));
    }

    [Fact]
    public void A_glob_is_named()
    {
        Finding finding = Catalog.Findings("vm-dynamic-address", GuestMachine.With("all: {match: {name: 'e*'}, dhcp4: true}"))[0];
        Assert.Contains("glob \"e*\"", finding.Message, StringComparison.Ordinal);
        Assert.Contains("llt NIC \"llt1\"", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pod=llt-lowpri,llt1=none,llt2=none,san0=none")]
    [InlineData("pod=llt,llt1=none,llt2=none,san0=none")]
    public void DHCP_on_the_pod_network_is_no_finding_of_this_rule(string roles) =>
        Assert.Equal("", GuestMachine.Judge("vm-dynamic-address", GuestMachine.With("pod: {dhcp4: true}", roles)));
}
