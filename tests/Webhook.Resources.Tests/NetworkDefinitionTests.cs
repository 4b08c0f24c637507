using System.Text.Json;
using Webhook.Resources.Json;

namespace Webhook.Resources.Tests;

public sealed class NetworkDefinitionTests
{
    [Theory]
    [InlineData("""{"type": "bridge", "ipam": {"type": "host-local"}}""", "Pool spec.config#/ipam/type")]
    [InlineData("""{"type": "bridge", "IPAM": {"TYPE": "dhcp"}}""", "Pool spec.config#/IPAM/TYPE")]
    [InlineData("""{"type": "bridge", "ipam": {}}""", "")]
    [InlineData("""{"type": "bridge", "ipam": {"type": ""}}""", "")]
    [InlineData("""{"type": "bridge", "ipam": {"type": "static"}}""", "FromPod spec.config#/ipam/type")]
    [InlineData("""{"type": "bridge", "ipam": {"type": "static", "addresses": [{"address": "10.0.0.1/24"}]}}""", "Fixed spec.config#/ipam/type")]
    [InlineData("""{"type": "bridge", "subnets": "10.0.0.0/24"}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "subnets": "10.0.0.0/24"}""", "Pool spec.config#/subnets by OVN")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "subnets": " "}""", "")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "subnets": "10.0.0.0/24", "allowPersistentIPs": true}""", "Persistent spec.config#/subnets by OVN")]
    [InlineData("""{"plugins": [{"type": "bridge"}, {"type": "tuning", "ipam": {"type": "dhcp"}}]}""", "")]
    [InlineData("""{"plugins": [{"type": "bridge"}, {"type": "other", "ipam": {"type": "dhcp"}}]}""", "Pool spec.config#/plugins/1/ipam/type")]
    public void An_attachment_says_who_gives_addresses(string config, string expected)
    {
        var attachment = new NetworkAttachmentDefinition(Field.Parse($$$"""{"spec": {"config": "{{{JsonEncodedText.Encode(config)}}}"}}"""));
        Assert.Equal(expected, Describe(attachment));
        Assert.Same(attachment.Configuration, attachment.Configuration);
        Assert.Same(attachment.AddressAssignments, attachment.AddressAssignments);
    }

    [Theory]
    [InlineData("""{"topology": "Layer3", "layer3": {"subnets": []}}""", "Pool spec.layer3.subnets by OVN", LinkTechnology.Overlay)]
    [InlineData("""{"topology": "Layer2", "layer2": {}}""", "Pool spec.layer2.ipam.mode by OVN", LinkTechnology.Overlay)]
    [InlineData("""{"topology": "Layer2", "layer2": {"ipam": {"mode": "Disabled"}}}""", "", LinkTechnology.Overlay)]
    [InlineData("""{"topology": "Layer2", "layer2": {"ipam": {"lifecycle": "Persistent"}}}""", "Persistent spec.layer2.ipam.lifecycle by OVN", LinkTechnology.Overlay)]
    [InlineData("""{"topology": "Localnet", "localnet": {}}""", "", null)]
    [InlineData("""{"topology": "Layer2", "layer3": {}}""", "", null)]
    [InlineData("""{"topology": 2}""", "", null)]
    public void A_namespaced_network_says_what_it_is_and_who_gives_addresses(string spec, string expected, LinkTechnology? technology)
    {
        var network = new UserDefinedNetwork(Field.Parse($$$"""{"kind": "UserDefinedNetwork", "spec": {{{spec}}}}"""));
        Assert.Equal(expected, Describe(network));
        Assert.Equal(technology, network.Link?.Technology);
    }

    [Theory]
    [InlineData("""{"name": "net", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "phys"}""", "spec.config#/physicalNetworkName phys")]
    [InlineData("""{"name": "net", "type": "ovn-k8s-cni-overlay", "topology": "localnet"}""", "spec.config#/name net")]
    [InlineData("""{"name": "net", "plugins": [{"name": "other", "type": "ovn-k8s-cni-overlay", "topology": "localnet"}]}""", "spec.config#/name net")]
    [InlineData("""{"name": "net", "plugins": [{"type": "bridge", "bridge": "br1"}]}""", "spec.config#/plugins/0/bridge br1")]
    [InlineData("""{"name": "net", "type": "ovn-k8s-cni-overlay", "topology": "layer2"}""", " ")]
    public void A_localnet_stands_on_the_physical_network_it_names_or_on_the_one_of_its_own_name(string config, string expected)
    {
        var attachment = new NetworkAttachmentDefinition(Field.Parse($$$"""{"spec": {"config": "{{{JsonEncodedText.Encode(config)}}}"}}"""));
        Field parent = attachment.Link!.Parent;
        Assert.Equal(expected, $"{(parent.IsPresent ? parent.Path : "")} {parent.Text}");
    }

    [Fact]
    public void A_localnet_of_the_cluster_stands_on_its_physical_network()
    {
        var network = new UserDefinedNetwork(Field.Parse(
            """
            {"kind": "ClusterUserDefinedNetwork", "spec": {"network": {
              "topology": "Localnet", "localnet": {"role": "Secondary", "physicalNetworkName": "physnet-llt1", "mtu": 8990}}}}
            """));
        Assert.Equal(LinkTechnology.Localnet, network.Link!.Technology);
        Assert.Equal("physnet-llt1", network.Link.Parent.Text);
        Assert.Equal("spec.network.localnet.mtu", network.Link.Mtu.Path.ToString());
        Assert.Equal(MtuDefault.ClusterNetworkAndHeader, network.Link.MtuDefault);
        Assert.False(network.IsPrimary);
    }

    private static string Describe(NetworkDefinition network) =>
        string.Join("; ", network.AddressAssignments.Select(static one => $"{one.Kind} {one.At.Path}{(one.ByOvn ? " by OVN" : "")}"));
}
