namespace Webhook.Rules.Tests.Vm;

public sealed class VmNetworkMissingTests
{
    private const string Rule = "vm-network-missing";

    private const string Networks =
        "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db}}\n---\n" +
        "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt2, namespace: erp-db}}\n---\n" +
        "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: san0, namespace: storage}}\n";

    [Theory]
    [InlineData("networkName: san0", "networkName: storage/san0", "")]
    [InlineData("networkName: san0", "networkName: san0", "Error san0")]
    [InlineData("networkName: san0", "networkName: erp-db/llt1", "")]
    [InlineData("networkName: san0", "networkName: storage/san0/x", "Error san0")]
    [InlineData("multus: {networkName: san0}", "pod: {}", "")]
    [InlineData("{name: san0, multus: {networkName: san0}}", "{name: san0, multus: {networkName: storage/llt1}}", "Error san0")]
    public void A_name_is_looked_up_in_its_namespace_and_else_in_the_VMs_own(string was, string now, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(networks: GuestMachine.Networks.Replace(was, now, StringComparison.Ordinal)), Given(Networks)));

    [Fact]
    public void The_message_names_the_whole_reference()
    {
        Finding finding = Assert.Single(Catalog.Findings(Rule, GuestMachine.With(), Given(Networks)));
        Assert.StartsWith("spec.template.spec.networks[3].multus.networkName: Not found: \"erp-db/san0\"", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unplugged_NIC_needs_no_network() =>
        Assert.Equal("", GuestMachine.Judge(
            Rule, GuestMachine.With(interfaces: GuestMachine.Interfaces.Replace("name: san0, ", "name: san0, state: absent, ", StringComparison.Ordinal)), Given(Networks)));

    [Fact]
    public void A_NIC_without_role_needs_its_network_too() =>
        Assert.Equal("Error san0", GuestMachine.Judge(Rule, GuestMachine.With(roles: "llt1=llt,llt2=llt,san0=none"), Given(Networks)));

    [Theory]
    [InlineData(GuestMachine.Roles, "Warning? san0")]
    [InlineData("llt1=llt,llt2=llt,san0=none", "")]
    public void While_networks_were_not_looked_up_only_a_storage_NIC_is_told_here(string roles, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(Rule, GuestMachine.With(roles: roles)));

    [Fact]
    public void A_network_that_a_ClusterUserDefinedNetwork_may_generate_is_not_missing() =>
        Assert.DoesNotContain("Error", GuestMachine.Judge(Rule, GuestMachine.With(), Given(
            Networks + "---\n{apiVersion: k8s.ovn.org/v1, kind: ClusterUserDefinedNetwork, metadata: {name: san0}, spec: {namespaceSelector: {}, network: {topology: Localnet, localnet: {role: Secondary, physicalNetworkName: san}}}}")), StringComparison.Ordinal);

    private static RuleContext Given(string objects) => new() { Now = Catalog.Now, Cluster = Catalog.Given(objects) };
}
