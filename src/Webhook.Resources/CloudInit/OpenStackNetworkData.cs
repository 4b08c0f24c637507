using Webhook.Resources.Json;

namespace Webhook.Resources.CloudInit;

/// <summary>
/// OpenStack's <c>network_data.json</c>, which a config drive carries (canonical/cloud-init cloudinit/sources/helpers/openstack.py
/// <c>convert_net_json</c>).
/// </summary>
internal sealed class OpenStackNetworkData : NetworkDataReader
{
    public override void Read(Field document)
    {
        var byId = new Dictionary<string, GuestInterface>(StringComparer.Ordinal);
        foreach (Field link in MapsOf(document["links"]))
        {
            if (TextOf(link["id"]) is not { Length: > 0 } id)
            {
                Defect(link["id"], "a link needs an id");
                continue;
            }

            string type = link["type"].Text ?? "";
            GuestInterface device = Add(link, id, type is not ("bond" or "vlan"));
            byId[id] = device;
            device.NewName = link["name"].Text;
            ReadMtu(device, link["mtu"]);
            if (type == "bond")
            {
                ReadNames(device, link["bond_links"]);
            }
            else if (type == "vlan")
            {
                if (TextOf(link["vlan_link"]) is string under)
                {
                    device.StandOn(under);
                }
            }
            else
            {
                device.Mac = link["ethernet_mac_address"];
                if (device.Mac.IsMissing && device.NewName is null)
                {
                    Defect(device.Mac, "a link needs its hardware address or a name");
                }
            }
        }

        foreach (Field network in MapsOf(document["networks"]))
        {
            if (TextOf(network["link"]) is string link && byId.TryGetValue(link, out GuestInterface? device))
            {
                ReadNetwork(device, network);
            }
            else
            {
                Defect(network["link"], "must be the id of a link");
            }
        }
    }

    private void ReadNetwork(GuestInterface device, Field network)
    {
        Field type = network["type"];
        switch (type.Text)
        {
            case "ipv4" or "ipv6" or "static" or "static6":
                Field address = network["ip_address"];
                if (address.IsMissing)
                {
                    Defect(address, "a static network needs an address");
                    break;
                }

                ReadAddress(device, address, address.Text, TextOf(network["netmask"]));
                break;
            case string dynamic when dynamic.EndsWith("_dhcp", StringComparison.Ordinal)
                || dynamic.EndsWith("_slaac", StringComparison.Ordinal)
                || dynamic.Contains("_dhcpv6", StringComparison.Ordinal):
                device.AskFor(type);
                break;
        }

        ReadGateway(device, network["gateway"]);
        foreach (Field route in ListOf(network["routes"]))
        {
            if (device.DefaultRoute.IsMissing && IsDefaultDestination(route["network"])
                && TextOf(route["netmask"]) is null or "0.0.0.0" or "0" or "::")
            {
                device.DefaultRoute = route["network"];
            }
        }

        foreach (Field service in network["services"].Items())
        {
            if (service["type"].Is("dns") && device.NameServers.IsMissing)
            {
                device.NameServers = service["address"];
            }
        }
    }
}
