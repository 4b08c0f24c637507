using System.Text.Json;
using Webhook.Resources.Json;

namespace Webhook.Resources.Tests;

public sealed class CniConfigurationTests
{
    [Theory]
    [InlineData("""{"type": "bridge", "mtu": 9000}""", "bridge", 9000L, "spec.config#/mtu")]
    [InlineData("""{"TYPE": "bridge", "Mtu": 9000}""", "bridge", 9000L, "spec.config#/Mtu")]
    [InlineData("""{"type": "bridge"}""", "bridge", null, "spec.config#/mtu")]
    [InlineData("""{"plugins": [{"type": "bridge", "mtu": 9000}, {"type": "sbr", "mtu": 1500}]}""", "bridge", 9000L, "spec.config#/plugins/0/mtu")]
    [InlineData("""{"plugins": [{"type": "bridge", "mtu": 9000}, {"type": "tuning", "mtu": 1500}]}""", "bridge", 1500L, "spec.config#/plugins/1/mtu")]
    [InlineData("""{"plugins": [{"type": "bridge", "mtu": 9000}, {"type": "tuning", "mtu": 0}]}""", "bridge", 9000L, "spec.config#/plugins/0/mtu")]
    [InlineData("""{"plugins": [{"type": "tuning", "mtu": 1500}, {"type": "bridge", "mtu": 9000}]}""", "bridge", 9000L, "spec.config#/plugins/1/mtu")]
    [InlineData(
        """{"plugins": [{"type": "sriov", "mtu": 9000}, {"type": "cnv-tuning", "mtu": 1, "args": {"cni": {"mtu": 8990}}}]}""",
        "sriov", 8990L, "spec.config#/plugins/1/args/cni/mtu")]
    [InlineData("""{"type": "sriov", "mtu": 9000}""", "sriov", null, "spec.config#/mtu")]
    [InlineData("""{"type": "bridge", "plugins": [{"type": "ptp"}], "mtu": 1}""", "bridge", 1L, "spec.config#/mtu")]
    [InlineData("""{"type": "", "plugins": [{"type": "ptp"}]}""", "ptp", null, "spec.config#/plugins/0/mtu")]
    [InlineData("""{"plugins": [7, {"type": "ptp"}]}""", "ptp", null, "spec.config#/plugins/1/mtu")]
    [InlineData("""{"plugins": [{"type": "tuning", "mtu": 9000}]}""", "tuning", 9000L, "spec.config#/plugins/0/mtu")]
    [InlineData("""{"plugins": []}""", null, null, "spec.config#/mtu")]
    [InlineData("""[]""", null, null, "spec.config#/mtu")]
    public void The_plugin_that_makes_the_link_and_the_field_that_decides_its_mtu_are_found(string json, string? type, long? mtu, string path)
    {
        CniConfiguration configuration = Read(json);
        Assert.Null(configuration.Error);
        Assert.Equal(type, configuration.Link?.Type.Text);
        Assert.Equal(mtu, configuration.Mtu.Integer);
        Assert.Equal(path, configuration.Mtu.Path.ToString());
    }

    [Theory]
    [InlineData("{\n  \"type\": \"bridge\",\n  \"mtu\": 9000,\n}", 4, 1, "a trailing comma before a closing bracket")]
    [InlineData("{\"type\": \"macvlan\", \"ipam\": {\"type\": \"dhcp\", }}", 1, 46, "a trailing comma before a closing bracket")]
    [InlineData("{\n\"type\": \"macvtap\"\n  \"mtu\": 1500}", 3, 3, "a comma is missing")]
    [InlineData("{\"ipam\": {\"ippools\" [\"a\"]}}", 1, 21, "a colon is missing")]
    [InlineData("{\"type\": \"x\",\n \"role\": primary\n}", 2, 10, "a value is expected")]
    [InlineData("{ “type”: \"x\"}", 1, 3, "a property name in double quotes is expected")]
    [InlineData("{\"name\": \"größer 🡒\", type}", 1, 23, "a property name in double quotes is expected")]
    [InlineData("{\"plugins\": [{\"type\": \"antrea\", {\"type\": \"x\"}]}", 1, 33, "a property name in double quotes is expected")]
    [InlineData("{\"type\": \"bridge\"}}", 1, 19, "more text follows the value")]
    [InlineData("{\"type\": \"bridge\"", 1, 18, "the text ends too early")]
    [InlineData("  ", 1, 3, "empty")]
    public void What_is_no_JSON_is_explained_with_line_and_column_in_characters(string text, int line, int column, string reason)
    {
        CniConfiguration configuration = Read(text);
        Assert.Equal(new DocumentError(reason, new Position(line, column)), configuration.Error);
        Assert.Empty(configuration.Plugins);
        Assert.False(configuration.IsOnNode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"config": ""}""")]
    [InlineData("""{"config": null}""")]
    public void Without_a_string_the_configuration_is_a_file_on_the_node(string spec)
    {
        CniConfiguration configuration = CniConfiguration.Read(Field.Parse(spec, FieldPath.Root.Property("spec"))["config"]);
        Assert.True(configuration.IsOnNode);
        Assert.Null(configuration.Error);
        Assert.Null(configuration.Link);
    }

    [Theory]
    [InlineData("""{"type": "cnv-bridge", "bridge": "br1"}""", LinkTechnology.LinuxBridge, MtuDefault.Kernel, "br1")]
    [InlineData("""{"type": "ovs", "bridge": "br1"}""", LinkTechnology.OvsBridge, MtuDefault.Kernel, "br1")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "n", "physicalnetworkname": "p"}""", LinkTechnology.Localnet, MtuDefault.Kernel, "p")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "localnet", "name": "n"}""", LinkTechnology.Localnet, MtuDefault.Kernel, "n")]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "layer3"}""", LinkTechnology.Overlay, MtuDefault.Kernel, null)]
    [InlineData("""{"type": "ovn-k8s-cni-overlay"}""", LinkTechnology.Overlay, MtuDefault.ClusterNetwork, null)]
    [InlineData("""{"type": "ovn-k8s-cni-overlay", "topology": "Localnet"}""", LinkTechnology.Unknown, MtuDefault.Unknown, null)]
    [InlineData("""{"type": "macvlan", "master": "ens1"}""", LinkTechnology.Macvlan, MtuDefault.Parent, "ens1")]
    [InlineData("""{"type": "ipvlan", "master": "ens1"}""", LinkTechnology.Ipvlan, MtuDefault.Parent, "ens1")]
    [InlineData("""{"type": "vlan", "master": "ens1"}""", LinkTechnology.Vlan, MtuDefault.Parent, "ens1")]
    [InlineData("""{"type": "macvtap"}""", LinkTechnology.Macvtap, MtuDefault.Parent, null)]
    [InlineData("""{"type": "tap", "bridge": "br1"}""", LinkTechnology.Tap, MtuDefault.Kernel, "br1")]
    [InlineData("""{"type": "ptp"}""", LinkTechnology.PointToPoint, MtuDefault.Kernel, null)]
    [InlineData("""{"type": "ib-sriov"}""", LinkTechnology.SrIov, MtuDefault.Device, null)]
    [InlineData("""{"type": "host-device", "device": "ens2"}""", LinkTechnology.HostDevice, MtuDefault.Device, "ens2")]
    [InlineData("""{"type": "flannel", "delegate": {"mtu": 9000}}""", LinkTechnology.Unknown, MtuDefault.Unknown, null)]
    public void A_type_is_known_by_what_it_makes_and_stands_on(string json, LinkTechnology technology, MtuDefault mtu, string? parent)
    {
        CniPlugin plugin = Read(json).Link!;
        Assert.Equal(technology, plugin.Technology);
        Assert.Equal(mtu, plugin.MtuDefault);
        Assert.Equal(parent, plugin.Parent.Text);
    }

    private static CniConfiguration Read(string text) =>
        CniConfiguration.Read(Field.Parse($"\"{JsonEncodedText.Encode(text)}\"", FieldPath.Root.Property("spec").Property("config")));
}
