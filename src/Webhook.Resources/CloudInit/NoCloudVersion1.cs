using Webhook.Resources.Json;

namespace Webhook.Resources.CloudInit;

/// <summary>
/// Network data version 1 (canonical/cloud-init doc/rtd/reference/network-config-format-v1.rst, cloudinit/net/network_state.py).
/// </summary>
internal sealed class NoCloudVersion1 : NetworkDataReader
{
    public override void Read(Field document)
    {
        Field config = document["config"];
        if (!config.IsList)
        {
            Defect(config, "version 1 needs a list of devices here");
            return;
        }

        foreach (Field item in MapsOf(config))
        {
            switch (item["type"].Text)
            {
                case "physical" or "infiniband" or "loopback" or "bond" or "bridge" or "vlan":
                    ReadDevice(item);
                    break;
                case "nameserver" or "route":
                    break;
                default:
                    Defect(item["type"], "must be physical, bond, bridge, vlan, nameserver or route");
                    break;
            }
        }

        foreach (Field item in config.Items())
        {
            if (item["type"].Is("nameserver") && item["interface"].Text is string name
                && Interfaces.Find(device => device.Name == name) is GuestInterface device && HasNameServers(item["address"]))
            {
                device.NameServers = item["address"];
            }
        }
    }

    private void ReadDevice(Field item)
    {
        if (TextOf(item["name"]) is not { Length: > 0 } name)
        {
            Defect(item["name"], "a device of version 1 needs a name");
            return;
        }

        string type = item["type"].Text!;
        if (type == "loopback")
        {
            return;
        }

        GuestInterface device = Add(item, name, type is "physical" or "infiniband");
        if (device.IsPhysical)
        {
            device.Mac = item["mac_address"];
        }
        else if (type == "vlan")
        {
            if (TextOf(item["vlan_link"]) is string link)
            {
                device.StandOn(link);
            }
        }
        else
        {
            ReadNames(device, item[type == "bond" ? "bond_interfaces" : "bridge_interfaces"]);
        }

        ReadMtu(device, item["mtu"]);
        foreach (Field subnet in MapsOf(item["subnets"]))
        {
            ReadSubnet(device, subnet);
        }
    }

    private void ReadSubnet(GuestInterface device, Field subnet)
    {
        Field type = subnet["type"];
        switch (type.Text)
        {
            case "dhcp" or "dhcp4" or "dhcp6" or "ipv6_slaac":
            case string ipv6 when ipv6.StartsWith("ipv6_dhcpv6", StringComparison.Ordinal):
                device.AskFor(type);
                break;
            case "static" or "static4" or "static6":
                Field address = subnet["address"].IsPresent ? subnet["address"] : subnet["ip_address"];
                if (address.IsMissing)
                {
                    Defect(subnet["address"], "a static subnet needs an address");
                    break;
                }

                ReadAddress(device, address, address.Text, TextOf(subnet["prefix"]) ?? TextOf(subnet["netmask"]));
                break;
        }

        // The renderers let an IPv4 subnet's mtu win over the device's (cloudinit/net/netplan.py, eni.py); IPv6 has a setting of its own.
        if (subnet["mtu"].IsPresent && subnet["address"].Text?.Contains(':', StringComparison.Ordinal) != true)
        {
            ReadMtu(device, subnet["mtu"]);
        }

        ReadGateway(device, subnet["gateway"]);
        foreach (Field route in ListOf(subnet["routes"]))
        {
            Field to = route["destination"].IsPresent ? route["destination"] : route["network"];
            if (device.DefaultRoute.IsMissing && IsDefaultDestination(to) && TextOf(route["netmask"]) is null or "0.0.0.0" or "0" or "::")
            {
                device.DefaultRoute = to;
            }
        }

        if (HasNameServers(subnet["dns_nameservers"]))
        {
            device.NameServers = subnet["dns_nameservers"];
        }
    }
}
