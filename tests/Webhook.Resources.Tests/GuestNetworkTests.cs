using Webhook.Resources.CloudInit;
using Webhook.Resources.Manifests;

namespace Webhook.Resources.Tests;

public sealed class GuestNetworkTests
{
    [Theory]
    [InlineData("a: {match: {macaddress: '02:50:00:0E:01:11'}}", "llt1:MacAddress[a] llt2: pod: | ")]
    [InlineData("llt1: {match: {macaddress: '02:50:00:0e:09:99'}}", "llt1: llt2: pod: | llt1*1")]
    [InlineData("llt2: {}", "llt1: llt2:Name[llt2] pod: | ")]
    [InlineData("x: {match: {name: llt2}}", "llt1: llt2:Name[x] pod: | ")]
    [InlineData("eth1: {}, enp2s0: {}", "llt1: llt2: pod: | eth1*1 enp2s0*1")]
    [InlineData("all: {match: {name: 'e*'}}", "llt1:Glob[all] llt2:Glob[all] pod:Glob[all] | ")]
    [InlineData("a: {match: {macaddress: '02:50:00:0e:01:11'}}, all: {match: {name: '*'}}", "llt1:MacAddress[a] llt2:Glob[all] pod:Glob[all] | ")]
    [InlineData("some: {match: {name: 'en*'}}, old: {match: {name: 'eth*'}}", "llt1: llt2: pod: | some*1 old*1")]
    [InlineData("d: {match: {driver: virtio_net}}, e: {match: {}}", "llt1: llt2: pod: | d*1 e*1")]
    [InlineData("away: {match: {macaddress: '02:50:00:0e:01:13'}}", "llt1: llt2: pod: | away*1")]
    public void An_entry_belongs_to_a_nic_by_hardware_address_by_its_very_name_or_by_a_glob_that_takes_all(string ethernets, string expected) =>
        Assert.Equal(expected, Describe($"{{version: 2, ethernets: {{{ethernets}}}}}"));

    [Theory]
    [InlineData("bonds: {b: {interfaces: [a, llt2]}}", "llt1:MacAddress[a b] llt2:Name[b] pod: | ")]
    [InlineData("bonds: {b: {interfaces: [lnk0]}}, vlans: {v: {link: b, id: 3}}", "llt1:MacAddress[a b v] llt2: pod: | ")]
    [InlineData("bonds: {b: {interfaces: [eth1, eth2]}}", "llt1:MacAddress[a] llt2: pod: | b*2")]
    [InlineData("vlans: {v: {link: a, id: 3}}, bonds: {b: {interfaces: [pod]}}", "llt1:MacAddress[a v] llt2: pod:Name[b] | ")]
    [InlineData("bridges: {x: {interfaces: [y]}, y: {interfaces: [x]}}", "llt1:MacAddress[a] llt2: pod: | x*1 y*1")]
    public void Devices_above_count_for_the_nics_under_them(string above, string expected) =>
        Assert.Equal(expected, Describe($"{{version: 2, ethernets: {{a: {{match: {{macaddress: '02:50:00:0e:01:11'}}, set-name: lnk0}}}}, {above}}}"));

    [Fact]
    public void A_NIC_called_like_an_entry_about_another_one_is_not_under_its_VLAN() =>
        Assert.Equal("llt1:MacAddress[llt2 v] llt2: pod: | ", Describe(
            "{version: 2, ethernets: {llt2: {match: {macaddress: '02:50:00:0e:01:11'}}}, vlans: {v: {link: llt2, id: 3}}}"));

    [Fact]
    public void Declared_addresses_are_read_and_what_is_none_is_left_out()
    {
        VirtualMachine machine = Machine("version: 2", """{"llt1": ["172.30.1.11/24", "none", 7], "llt2": "172.30.2.11/24"}""");
        Assert.True(machine.StaticAddresses.IsReadable);
        GuestAddress address = Assert.Single(machine.StaticAddresses.Of("llt1"));
        Assert.Equal("metadata.annotations[infoscale.internal/static-addresses]#/llt1/0", address.Field.Path.ToString());
        Assert.Empty(machine.StaticAddresses.Of("llt2"));
        Assert.Empty(machine.StaticAddresses.Of("pod"));
        Assert.False(Machine("version: 2", "llt1=172.30.1.11/24").StaticAddresses.IsReadable);
    }

    private static string Describe(string networkData)
    {
        VirtualMachine machine = Machine(networkData, "{}");
        Assert.Empty(machine.NetworkData.Defects);
        GuestNetwork guest = machine.GuestNetwork;
        IEnumerable<string> nics = machine.Nics.Where(static nic => !nic.IsUnplugged).Select(nic => guest.Of(nic) is NicConfiguration found
            ? $"{nic.Name}:{found.Match}[{string.Join(' ', found.Entries.Select(static entry => entry.Name))}]"
            : $"{nic.Name}:");
        Assert.All(machine.Nics.Where(static nic => nic.IsUnplugged), nic => Assert.Null(guest.Of(nic)));
        return string.Join(' ', nics) + " | " + string.Join(' ', guest.Unmatched.Select(static entry => $"{entry.Interface.Name}*{entry.Reach}"));
    }

    private static VirtualMachine Machine(string networkData, string addresses) =>
        (VirtualMachine)ResourceKinds.View(Assert.Single(ManifestReader.Read(
            $$$"""
            apiVersion: kubevirt.io/v1
            kind: VirtualMachine
            metadata:
              annotations: {infoscale.internal/static-addresses: '{{{addresses}}}'}
            spec:
              template:
                spec:
                  domain:
                    devices:
                      interfaces:
                      - {name: llt1, bridge: {}, macAddress: "02:50:00:0e:01:11"}
                      - {name: llt2, bridge: {}, macAddress: "02:50:00:0e:01:12"}
                      - {name: pod, masquerade: {}}
                      - {name: away, bridge: {}, macAddress: "02:50:00:0e:01:13", state: absent}
                  networks: []
                  volumes:
                  - cloudInitNoCloud:
                      networkData: |
                        {{{networkData}}}
            """)).Root)!;
}
