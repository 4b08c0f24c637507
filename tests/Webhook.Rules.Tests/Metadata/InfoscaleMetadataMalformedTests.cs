using System.Text.Json;
using Webhook.Resources;
using Webhook.Rules.Tests.Nad;

namespace Webhook.Rules.Tests.Metadata;

public sealed class InfoscaleMetadataMalformedTests
{
    private const string Rule = "infoscale-metadata-malformed";
    private const string Label = "metadata.labels[infoscale.internal/role]";
    private const string InterfaceRoles = "metadata.annotations[infoscale.internal/interface-roles]";
    private const string NicRoles = "metadata.annotations[infoscale.internal/nic-roles]";
    private const string Addresses = "metadata.annotations[infoscale.internal/static-addresses]";

    [Theory]
    [InlineData("llt", "")]
    [InlineData("llt-lowpri", "")]
    [InlineData("iscsi", "")]
    [InlineData("mixed", "Error " + Label)]
    [InlineData("LLT", "Error " + Label)]
    [InlineData("", "Error " + Label)]
    public void A_network_has_a_known_role(string role, string expected)
    {
        Assert.Equal(expected, Networks.Say(Rule, Networks.Attachment("""{"type": "bridge", "mtu": 9000}""", role)));
        Assert.Equal(expected, Networks.Say(Rule, Networks.Cluster("""{"topology": "Localnet", "localnet": {}}""", role)));
    }

    [Theory]
    [InlineData("mixed", "br-llt1=llt, br-san0 = iscsi", null, "")]
    [InlineData("llt", null, "9216", "")]
    [InlineData("llt", "br-llt1=llt", null, "")]
    [InlineData("llt", "br-llt1=iscsi", null, "Error " + InterfaceRoles)]
    [InlineData("mixed", "br-llt1=llt,br-llt1=iscsi", null, "Error " + InterfaceRoles)]
    [InlineData("mixed", "br-llt1=llt,br-llt1=llt", null, "")]
    [InlineData("mixed", "br-llt1", null, "Error " + InterfaceRoles)]
    [InlineData("mixed", "=llt", null, "Error " + InterfaceRoles)]
    [InlineData("mixed", "br-llt1=none", null, "Error " + InterfaceRoles)]
    [InlineData("mixed", "br-llt1=LLT,br-llt2=heartbeat", null, "Error " + InterfaceRoles + "; Error " + InterfaceRoles)]
    [InlineData("mixed", " , ", null, "Error " + InterfaceRoles)]
    [InlineData("mixed", "", null, "Error " + InterfaceRoles)]
    [InlineData("heartbeat", "br-llt1=llt", null, "Error " + Label)]
    [InlineData("llt", null, "9 KB", "Error metadata.annotations[infoscale.internal/switch-mtu]")]
    [InlineData("llt", null, "0", "Error metadata.annotations[infoscale.internal/switch-mtu]")]
    [InlineData("llt", null, "-9216", "Error metadata.annotations[infoscale.internal/switch-mtu]")]
    [InlineData("llt", null, "", "Error metadata.annotations[infoscale.internal/switch-mtu]")]
    public void A_policy_says_one_role_per_interface_and_a_number_for_the_switch(string role, string? roles, string? mtu, string expected)
    {
        string annotations = JsonSerializer.Serialize(new Dictionary<string, string?>
        {
            ["infoscale.internal/interface-roles"] = roles,
            ["infoscale.internal/switch-mtu"] = mtu,
        });
        Assert.Equal(expected, Networks.Say(Rule,
            $$$"""
            {"apiVersion": "nmstate.io/v1", "kind": "NodeNetworkConfigurationPolicy",
             "metadata": {"name": "a", "labels": {"infoscale.internal/role": "{{{role}}}"}, "annotations": {{{annotations}}}}, "spec": {}}
            """));
    }

    [Theory]
    [InlineData("llt1=llt,san0=iscsi", "")]
    [InlineData("llt1=none", "")]
    [InlineData("llt1=llt,llt2=llt", "Error " + NicRoles)]
    [InlineData("llt1=llt,llt1=none", "Error " + NicRoles)]
    [InlineData("llt1=lllt", "Error " + NicRoles)]
    [InlineData("llt9=lllt", "Error " + NicRoles + "; Error " + NicRoles)]
    [InlineData("llt1", "Error " + NicRoles)]
    [InlineData("=llt", "Error " + NicRoles)]
    public void Nic_roles_name_interfaces_of_the_VM(string roles, string expected) =>
        Assert.Equal(expected, Networks.Say(Rule, Machine("infoscale.internal/nic-roles", JsonSerializer.Serialize(roles))));

    [Theory]
    [InlineData("""{"llt1": ["172.30.1.11/24"], "san0": ["10.60.1.11/24", "fd00::11/64"]}""", "")]
    [InlineData("""{"llt1": ["172.30.1.11"]}""", "")]
    [InlineData("{}", "")]
    [InlineData("""{"llt2": ["172.30.1.11/24"]}""", "Error " + Addresses + "#/llt2")]
    [InlineData("""{"llt1": ["172.30.1.300/24"]}""", "Error " + Addresses + "#/llt1/0")]
    [InlineData("""{"llt1": ["172.30.1.11/24", "172.30.1.12/33", 7]}""", "Error " + Addresses + "#/llt1/1; Error " + Addresses + "#/llt1/2")]
    [InlineData("""{"llt1": "172.30.1.11/24"}""", "Error " + Addresses + "#/llt1")]
    [InlineData("""{"llt1": []}""", "Error " + Addresses + "#/llt1")]
    [InlineData("""["172.30.1.11/24"]""", "Error " + Addresses + "#")]
    [InlineData("llt1=172.30.1.11/24", "Error " + Addresses)]
    [InlineData("", "Error " + Addresses)]
    public void Static_addresses_are_a_map_from_interface_to_addresses(string json, string expected) =>
        Assert.Equal(expected, Networks.Say(Rule, Machine("infoscale.internal/static-addresses", JsonSerializer.Serialize(json))));

    [Theory]
    [InlineData("infoscale.internal/nic-roles", NicRoles)]
    [InlineData("infoscale.internal/static-addresses", Addresses)]
    public void An_annotation_that_is_no_string_is_malformed(string key, string path) =>
        Assert.Equal("Error " + path, Networks.Say(Rule, Machine(key, "[1]")));

    [Theory]
    [InlineData("llt1=iscsi", "Warning " + NicRoles)]
    [InlineData("llt1=none", "Warning " + NicRoles)]
    [InlineData("llt1=llt", "")]
    public void A_role_that_differs_from_the_label_of_the_network_is_a_warning_for_the_label_counts(string roles, string expected)
    {
        var context = new RuleContext { Now = Catalog.Now, Cluster = new Attachments("llt") };
        Assert.Equal(expected, Networks.Say(Rule, Machine("infoscale.internal/nic-roles", JsonSerializer.Serialize(roles)), context));
    }

    [Fact]
    public void What_is_not_opted_in_is_not_judged() =>
        Assert.Empty(Networks.Say(Rule, Machine("infoscale.internal/nic-roles", "\"nope\"")
            .Replace("infoscale.internal/cluster", "other", StringComparison.Ordinal)));

    private static string Machine(string key, string value) =>
        $$$$$"""
        {"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine",
         "metadata": {"name": "vcs-node1", "namespace": "erp-db", "labels": {"infoscale.internal/cluster": "erp"}, "annotations": {"{{{{{key}}}}}": {{{{{value}}}}}}},
         "spec": {"template": {"spec": {
           "domain": {"devices": {"interfaces": [{"name": "llt1", "bridge": {}}, {"name": "san0", "bridge": {}}]}},
           "networks": [{"name": "llt1", "multus": {"networkName": "llt1"}}, {"name": "san0", "multus": {"networkName": "san0"}}]}}}}
        """;

    private sealed class Attachments(string role) : ClusterView
    {
        public override Lookup<NetworkDefinition> Network(string @namespace, string name) =>
            (@namespace, name) == ("erp-db", "llt1")
                ? Lookup<NetworkDefinition>.Of((NetworkAttachmentDefinition)Catalog.Parse(Networks.Attachment("{}", role)))
                : Lookup<NetworkDefinition>.Absent();
    }
}
