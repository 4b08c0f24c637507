using System.Text;
using System.Text.Json.Nodes;
using Webhook.Resources.CloudInit;
using Webhook.Resources.Json;

namespace Webhook.Resources.Tests;

public sealed class CloudInitNetworkDataTests
{
    private const string Version2 =
        """
        network:
          version: 2
          ethernets:
            llt1:
              match: {macaddress: "02:50:00:0E:01:11"}
              set-name: llt1
              mtu: 8990
              dhcp4: no
              dhcp6: off
              addresses: [172.30.1.11/24, {"fd00::11/64": {lifetime: 0}}]
            any:
              match: {name: "e*"}
              dhcp4: yes
              dhcp6: "true"
              accept-ra: true
              gateway4: 10.0.0.1
              nameservers: {addresses: [10.0.0.2]}
            ra: {accept-ra: true, mtu: "1400"}
          bonds:
            bond0: {interfaces: [llt1, eth9], addresses: [10.1.0.1/16]}
          vlans:
            v30: {link: bond0, id: 30, routes: [{to: default, via: 10.1.0.9}]}
        """;

    private const string Version1 =
        """
        version: 1
        config:
        - type: physical
          name: eth0
          mac_address: '02:50:00:0e:01:11'
          mtu: 1500
          subnets:
          - {type: static, address: 172.30.1.11, netmask: 255.255.255.0, gateway: 172.30.1.1, mtu: 8990}
          - {type: static6, address: 'fd00::11/64', mtu: 1280}
          - {type: dhcp4}
          - {type: ipv6_dhcpv6-stateless}
          - {type: manual}
        - {type: bond, name: bond0, bond_interfaces: [eth1, eth2], params: {}, subnets: [{type: ipv6_slaac}]}
        - {type: vlan, name: eth0.30, vlan_link: eth0, vlan_id: 30, subnets: [{type: static, address: 10.0.0.1/24, routes: [{network: 0.0.0.0, netmask: 0.0.0.0, gateway: 10.0.0.9}]}]}
        - {type: nameserver, address: [10.0.0.2], interface: eth0.30}
        - {type: nameserver, address: [10.0.0.3]}
        - {type: route, destination: 0.0.0.0/0, gateway: 10.0.0.9}
        """;

    private const string OpenStack =
        """
        {"links": [
          {"id": "l1", "type": "phy", "ethernet_mac_address": "02:50:00:0e:01:11", "mtu": 8990},
          {"id": "l2", "type": "phy", "name": "llt2", "mtu": null},
          {"id": "b", "type": "bond", "bond_links": ["l1", "l2"]},
          {"id": "v", "type": "vlan", "vlan_link": "b", "vlan_id": 30, "vlan_mac_address": "02:50:00:0e:01:12"}],
         "networks": [
          {"id": "n1", "link": "l1", "type": "ipv4", "ip_address": "172.30.1.11", "netmask": "255.255.255.0", "services": [{"type": "dns", "address": "10.0.0.2"}]},
          {"id": "n2", "link": "l2", "type": "ipv4_dhcp"},
          {"id": "n3", "link": "b", "type": "ipv6_slaac"},
          {"id": "n4", "link": "v", "type": "ipv6_dhcpv6-stateful"},
          {"id": "n5", "link": "v", "type": "ipv6", "ip_address": "fd00::1/64", "routes": [{"network": "::", "netmask": "::", "gateway": "fd00::9"}]}],
         "services": [{"type": "dns", "address": "10.0.0.3"}]}
        """;

    [Fact]
    public void Version_2_is_read_with_the_booleans_of_yaml() =>
        AssertDevices(
            Read(Version2),
            "llt1 mac=\"02:50:00:0E:01:11\" new=llt1 mtu=8990 172.30.1.11/24 fd00::11/64",
            "any pattern=\"e*\" dhcp=dhcp4 dhcp=dhcp6 dhcp=accept-ra route dns",
            "ra mtu=1400 dhcp=accept-ra",
            "bond0 10.1.0.1/16 on=llt1 on=eth9",
            "v30 route on=bond0");

    [Fact]
    public void Version_1_is_read_with_netmasks_and_the_mtu_of_subnets() =>
        AssertDevices(
            Read(Version1),
            "eth0 mac=\"02:50:00:0e:01:11\" mtu=8990 172.30.1.11/24 fd00::11/64 dhcp=dhcp4 dhcp=ipv6_dhcpv6-stateless route",
            "bond0 dhcp=ipv6_slaac on=eth1 on=eth2",
            "eth0.30 10.0.0.1/24 route dns on=eth0");

    [Fact]
    public void OpenStacks_format_is_read_from_a_config_drive() =>
        AssertDevices(
            Read(OpenStack, "cloudInitConfigDrive"),
            "l1 mac=\"02:50:00:0e:01:11\" mtu=8990 172.30.1.11/24 dns",
            "l2 new=llt2 dhcp=ipv4_dhcp",
            "b dhcp=ipv6_slaac on=l1 on=l2",
            "v fd00::1/64 dhcp=ipv6_dhcpv6-stateful route on=b");

    [Theory]
    [InlineData("version: 2\nethernets: {a: {dhcp4: true}}")]
    [InlineData("{\"version\": 2, \"ethernets\": {\"a\": {\"dhcp4\": true}}}")]
    [InlineData("{version: 2, ethernets: {a: {dhcp4: true}}}")]
    [InlineData("# text\nnetwork: {version: 2, ethernets: {a: {dhcp4: on}}}")]
    [InlineData("network: {\"version\": 2, \"ethernets\": {\"a\": {\"dhcp4\": \"yes\"}}}")]
    public void Json_and_yaml_with_or_without_wrapper_are_one(string text)
    {
        CloudInitNetworkData data = Read(text);
        AssertDevices(data, "a dhcp=dhcp4");
        AssertDevices(Read(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), key: "networkDataBase64"), "a dhcp=dhcp4");
        Assert.EndsWith("ethernets/a/dhcp4", data.Interfaces[0].DhcpAsks[0].Path.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("spec.template.spec.volumes[1].cloudInitNoCloud.networkData#/", data.Interfaces[0].DhcpAsks[0].Path.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dhcp4: n")]
    [InlineData("dhcp4: 'no'")]
    [InlineData("dhcp4: 0")]
    [InlineData("dhcp4: {}")]
    [InlineData("dhcp4: maybe")]
    [InlineData("accept-ra: true, addresses: [10.0.0.1/8]")]
    public void What_is_not_switched_on_asks_for_nothing(string entry) =>
        Assert.Empty(Read($"{{version: 2, ethernets: {{a: {{{entry}}}}}}}").Interfaces[0].DhcpAsks);

    [Theory]
    [InlineData("", NetworkDataState.Absent)]
    [InlineData("# nothing", NetworkDataState.Absent)]
    [InlineData("network: {config: disabled}", NetworkDataState.Disabled)]
    [InlineData("config: disabled", NetworkDataState.Disabled)]
    [InlineData("{version: 1, config: []}", NetworkDataState.Read)]
    [InlineData("version: 2", NetworkDataState.Read)]
    public void What_there_is_to_read_is_told_apart(string text, NetworkDataState state) => Assert.Equal(state, Read(text).State);

    [Fact]
    public void A_secret_or_a_text_beyond_the_bound_is_not_read()
    {
        Assert.Equal(NetworkDataState.Secret, Machine(new JsonObject { ["networkDataSecretRef"] = new JsonObject { ["name"] = "s" } }, "cloudInitNoCloud").NetworkData.State);
        Assert.Equal(NetworkDataState.TooLong, Read("#" + new string('x', CloudInitNetworkData.MaxLength)).State);
        Assert.Equal(NetworkDataState.TooLong, Read(new string('A', CloudInitNetworkData.MaxLength * 3), key: "networkDataBase64").State);
        Assert.Equal(NetworkDataState.Absent, Machine([], "cloudInitNoCloud").NetworkData.State);
    }

    [Theory]
    [InlineData("version: 3", "#/version")]
    [InlineData("version: '2'", "#/version")]
    [InlineData("ethernets: {}", "#/version")]
    [InlineData("[1]", "")]
    [InlineData("just words", "")]
    [InlineData("a: [", "")]
    [InlineData("a: *b", "")]
    [InlineData("{version: 1}", "#/config")]
    [InlineData("{version: 1, config: [{type: wlan, name: a}]}", "#/config/0/type")]
    [InlineData("{version: 1, config: [{type: physical}]}", "#/config/0/name")]
    [InlineData("{version: 1, config: [{type: physical, name: a, subnets: [{type: static}]}]}", "#/config/0/subnets/0/address")]
    [InlineData("{version: 1, config: [{type: physical, name: a, subnets: [{type: static, address: 1.2.3.4, netmask: 255.0.255.0}]}]}", "#/config/0/subnets/0/address")]
    [InlineData("{version: 2, ethernets: [a]}", "#/ethernets")]
    [InlineData("{version: 2, ethernets: {a: }}", "#/ethernets/a")]
    [InlineData("{version: 2, ethernets: {a: {addresses: 10.0.0.1/24}}}", "#/ethernets/a/addresses")]
    [InlineData("{version: 2, ethernets: {a: {addresses: [10.0.0.256/24]}}}", "#/ethernets/a/addresses/0")]
    [InlineData("{version: 2, ethernets: {a: {addresses: [10.0.0.1/33]}}}", "#/ethernets/a/addresses/0")]
    [InlineData("{version: 2, ethernets: {a: {addresses: ['${ADDRESS}']}}}", "#/ethernets/a/addresses/0")]
    [InlineData("{version: 2, ethernets: {a: {gateway4: none}}}", "#/ethernets/a/gateway4")]
    [InlineData("{version: 2, ethernets: {a: {mtu: jumbo}}}", "#/ethernets/a/mtu")]
    [InlineData("{version: 2, ethernets: {a: {match: {macaddress: 52:54:00:12:34:56}}}}", "#/ethernets/a/match/macaddress")]
    [InlineData("version: 2\nethernets:\n  a:\n    match:\n      macaddress: 52:54:00:12:34:56\n", "#/ethernets/a/match/macaddress")]
    public void What_cloud_init_cannot_use_is_a_defect_with_its_place(string text, string path)
    {
        CloudInitNetworkData data = Read(text);
        Assert.Equal(NetworkDataState.Malformed, data.State);
        NetworkDataDefect defect = Assert.Single(data.Defects);
        Assert.Equal("spec.template.spec.volumes[1].cloudInitNoCloud.networkData" + path, defect.At.Path.ToString());
        Assert.Empty(data.Interfaces);
    }

    [Theory]
    [InlineData("'52:54:00:12:34:56'")]
    [InlineData("\"52:54:00:12:34:56\"")]
    [InlineData("52:54:00:1a:34:56")]
    [InlineData("02:54:00:12:34:56")]
    [InlineData("52:54:00:12:34:66")]
    public void A_hardware_address_that_stays_text_is_none(string mac) =>
        Assert.Equal(NetworkDataState.Read, Read($"version: 2\nethernets:\n  a:\n    match: {{macaddress: {mac}}}").State);

    [Theory]
    [InlineData("{\"version\": 2, \"ethernets\": {}}")]
    [InlineData("version: 2\nethernets: {}")]
    [InlineData("{\"links\": [], }")]
    [InlineData("{\"links\": [{\"id\": \"a\", \"type\": \"phy\"}]}")]
    [InlineData("{\"links\": [{\"type\": \"phy\", \"name\": \"a\"}]}")]
    [InlineData("{\"networks\": [{\"link\": \"a\", \"type\": \"ipv4_dhcp\"}]}")]
    [InlineData("{}")]
    public void A_config_drive_takes_only_OpenStacks_format(string text) =>
        Assert.Equal(NetworkDataState.Malformed, Read(text, "cloudInitConfigDrive").State);

    [Theory]
    [InlineData("!!!")]
    [InlineData("gIA=")]
    public void Base64_that_holds_no_text_is_malformed(string text) =>
        Assert.Equal(NetworkDataState.Malformed, Read(text, key: "networkDataBase64").State);

    [Fact]
    public void Aliases_and_nesting_cost_no_more_than_a_bound()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++)
        {
            bomb.Append('a').Append(i).Append(": &a").Append(i).Append(" [");
            for (int j = 0; j < 10; j++)
            {
                bomb.Append("*a").Append(i - 1).Append(',');
            }

            bomb.Append("]\n");
        }

        Assert.Equal(NetworkDataState.Malformed, Read(bomb + "version: 2").State);
        Assert.Equal(NetworkDataState.Malformed, Read(new string('[', 5000)).State);
        Assert.Equal(NetworkDataState.Malformed, Read("{\"version\": 2, \"ethernets\": " + new string('[', 5000) + new string(']', 5000) + "}").State);
    }

    [Theory]
    [InlineData("e*", "eth0", true)]
    [InlineData("*", "", true)]
    [InlineData("en?[0-9]s*", "enp1s0", true)]
    [InlineData("e[!t]*", "eth0", false)]
    [InlineData("eth[", "eth[", true)]
    [InlineData("*a*b", "xaxxb", true)]
    [InlineData("*a*b", "xaxxbc", false)]
    [InlineData("eth0", "eth1", false)]
    public void Globs_match_as_fnmatch_does(string pattern, string name, bool matches) =>
        Assert.Equal(matches, Glob.Matches(pattern, name));

    private static void AssertDevices(CloudInitNetworkData data, params string[] expected)
    {
        Assert.Empty(data.Defects);
        Assert.Equal(NetworkDataState.Read, data.State);
        Assert.Equal(expected, data.Interfaces.Select(Describe));
    }

    private static string Describe(GuestInterface device)
    {
        List<string> words = [device.Name];
        words.AddRange(device.Mac.IsPresent ? [$"mac={device.Mac}"] : []);
        words.AddRange(device.NamePattern.IsPresent ? [$"pattern={device.NamePattern}"] : []);
        words.AddRange(device.NewName is null ? [] : [$"new={device.NewName}"]);
        words.AddRange(device.Mtu is null ? [] : [$"mtu={device.Mtu}"]);
        words.AddRange(device.Addresses.Select(static address => address.Value.ToString()));
        words.AddRange(device.DhcpAsks.Select(static ask => $"dhcp={ask.Text ?? ask.Path.Name}").Select(static ask => ask == "dhcp=true" ? "dhcp=dhcp6" : ask == "dhcp=yes" ? "dhcp=dhcp4" : ask));
        words.AddRange(device.DefaultRoute.IsPresent ? ["route"] : []);
        words.AddRange(device.NameServers.IsPresent ? ["dns"] : []);
        words.AddRange(device.Under.Select(static under => $"on={under}"));
        return string.Join(' ', words);
    }

    private static CloudInitNetworkData Read(string text, string carrier = "cloudInitNoCloud", string key = "networkData") =>
        Machine(new JsonObject { [key] = text }, carrier).NetworkData;

    private static VirtualMachine Machine(JsonObject cloudInit, string carrier)
    {
        var machine = new JsonObject
        {
            ["apiVersion"] = "kubevirt.io/v1",
            ["kind"] = "VirtualMachine",
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["spec"] = new JsonObject { ["volumes"] = new JsonArray(new JsonObject { ["name"] = "root" }, new JsonObject { [carrier] = cloudInit }) },
                },
            },
        };
        string json;
        try
        {
            json = machine.ToJsonString();
        }
        catch (ArgumentException)
        {
            // An unpaired surrogate cannot be in a request: it is no UTF-8.
            cloudInit.Clear();
            json = machine.ToJsonString();
        }

        return new VirtualMachine(Field.Parse(json));
    }
}
