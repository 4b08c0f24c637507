namespace Webhook.Rules.Tests.Vm;

public sealed class VmAddressChangedTests
{
    private const string Rule = "vm-address-changed";
    private const string Rest = ", " + GuestMachine.Llt2 + ", " + GuestMachine.San0;

    [Theory]
    [InlineData("[172.30.1.11/24]", "")]
    [InlineData("[172.30.1.11/24, 172.30.1.12/24]", "")]
    [InlineData("[172.30.1.12/24]", "Error llt1 172.30.1.11/24")]
    [InlineData("[172.30.1.11/25]", "Error llt1 172.30.1.11/24")]
    [InlineData("[]", "Error llt1 172.30.1.11/24")]
    public void A_changed_or_dropped_address_is_an_error_and_an_added_one_is_not(string addresses, string expected)
    {
        string changed = $"llt1: {{match: {{macaddress: '02:50:00:0e:01:11'}}, addresses: {addresses}}}{Rest}";
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(), GuestMachine.With(changed)));
        Assert.Equal(
            expected.Replace("Error", "Warning", StringComparison.Ordinal),
            GuestMachine.Judge(Rule, GuestMachine.With(strategy: "Halted"), GuestMachine.With(changed, strategy: "Always")));
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With(changed), (RuleContext?)null));
    }

    [Theory]
    [InlineData("{name: llt1, infoSource: 'domain, guest-agent', ipAddresses: [172.30.1.99, 'fe80::1']}", "Warning llt1 172.30.1.11/24 in the guest")]
    [InlineData("{name: llt1, infoSource: 'domain, guest-agent'}", "Warning llt1 172.30.1.11/24 in the guest")] // reports none
    [InlineData("{name: llt1, infoSource: 'domain, guest-agent', ipAddresses: [172.30.1.11/16, 172.30.1.99]}", "")] // the prefix is not the guest's
    [InlineData("{name: llt1, infoSource: domain, ipAddresses: [172.30.1.99]}", "")] // no agent
    [InlineData("{name: llt1, infoSource: 'domain, guest-agent'}, {infoSource: guest-agent, interfaceName: br0, ipAddresses: [172.30.1.11]}", "")] // moved on to a bridge
    [InlineData("{name: llt1, infoSource: 'domain, guest-agent'}, {name: llt2, infoSource: 'domain, guest-agent', ipAddresses: [172.30.1.11, 172.30.2.11]}", "Warning llt1 172.30.1.11/24 in the guest")]
    [InlineData("no list", "")]
    public void What_the_running_guest_reports_is_compared_with_what_is_declared(string reported, string expected)
    {
        string instance = $"{{apiVersion: kubevirt.io/v1, kind: VirtualMachineInstance, metadata: {{name: vcs-node1, namespace: erp-db}}, status: {{interfaces: [{reported}]}}}}";
        var audit = new RuleContext { Now = Catalog.Now, Cluster = ClusterObjects.Given([Catalog.Parse(instance).Root]) };
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(), audit));
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With(), audit with { AtAdmission = true }));
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With(), audit with { Operation = Operation.Update, Old = Catalog.Parse(GuestMachine.With()) }));
    }

    [Fact]
    public void Exchanged_addresses_are_changed_ones() =>
        Assert.Equal(
            "Error llt1 172.30.1.11/24, Error llt2 172.30.2.11/24",
            GuestMachine.Judge(Rule, GuestMachine.With(), GuestMachine.With(
                "llt1: {match: {macaddress: '02:50:00:0e:01:11'}, addresses: [172.30.2.11/24]}, llt2: {match: {macaddress: '02:50:00:0e:02:11'}, addresses: [172.30.1.11/24]}, " + GuestMachine.San0)));

    [Fact]
    public void Other_words_for_the_same_addresses_are_no_change() =>
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With(), GuestMachine.WithVolumes(GuestMachine.Volume(
            "{version: 1, config: [{type: physical, name: a, mac_address: '02:50:00:0e:01:11', subnets: [{type: static, address: 172.30.1.11, netmask: 255.255.255.0}]}, " +
            "{type: physical, name: b, mac_address: '02:50:00:0e:02:11', subnets: [{type: static, address: 172.30.2.11/24}]}, " +
            "{type: physical, name: c, mac_address: '02:50:00:0e:03:11', subnets: [{type: static, address: 10.60.1.11/24}]}]}"))));

    [Fact]
    public void A_text_that_moves_into_a_Secret_is_a_question_that_a_declaration_answers()
    {
        const string Volumes = "[{name: c, cloudInitNoCloud: {networkDataSecretRef: {name: s}}}]";
        Assert.Equal(
            "Warning? llt1 172.30.1.11/24, Warning? llt2 172.30.2.11/24, Warning? san0 10.60.1.11/24",
            GuestMachine.Judge(Rule, GuestMachine.With(), GuestMachine.WithVolumes(Volumes)));
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With(), GuestMachine.WithVolumes(
            Volumes, declared: """{"llt1": ["172.30.1.11/24"], "llt2": ["172.30.2.11/24"], "san0": ["10.60.1.11/24"]}""")));
    }

    [Fact]
    public void A_declared_address_may_not_change_either() =>
        Assert.Equal("Error llt1 172.30.1.11/24", GuestMachine.Judge(
            Rule,
            GuestMachine.With(null, declared: """{"llt1": ["172.30.1.11/24"]}"""),
            GuestMachine.With(null, declared: """{"llt1": ["172.30.1.12/24"]}""")));

    [Fact]
    public void A_NIC_that_is_removed_or_no_longer_matched_is_a_finding_of_another_rule()
    {
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With(), GuestMachine.With(interfaces: GuestMachine.Interfaces.Replace("name: llt1, ", "name: llt1, state: absent, ", StringComparison.Ordinal))));
        Assert.Equal("", GuestMachine.Judge(Rule, GuestMachine.With(), GuestMachine.With(interfaces: GuestMachine.Interfaces.Replace("01:11", "01:99", StringComparison.Ordinal))));
    }

    [Fact]
    public void An_entry_bound_by_name_is_a_question() =>
        Assert.Equal("Warning? eth1 172.30.1.11/24", GuestMachine.Judge(
            Rule, GuestMachine.With("eth1: {addresses: [172.30.1.11/24]}" + Rest), GuestMachine.With("eth1: {addresses: [172.30.1.12/24]}" + Rest)));

    [Fact]
    public void Addresses_of_NICs_without_role_are_free() =>
        Assert.Equal("", GuestMachine.Judge(
            Rule, GuestMachine.With(roles: "llt1=none,llt2=none,san0=none"), GuestMachine.With("", roles: "llt1=none,llt2=none,san0=none")));
}
