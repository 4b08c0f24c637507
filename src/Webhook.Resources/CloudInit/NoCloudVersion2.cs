using Webhook.Resources.Json;

namespace Webhook.Resources.CloudInit;

/// <summary>
/// Network data version 2, the subset of netplan that carries addresses (canonical/cloud-init doc/rtd/reference/network-config-format-v2.rst,
/// canonical/netplan doc/netplan-yaml.md). Sections of devices that no NIC is under, such as tunnels and wifis, are not read.
/// </summary>
internal sealed class NoCloudVersion2 : NetworkDataReader
{
    public override void Read(Field document)
    {
        ReadSection(document["ethernets"], isPhysical: true);
        ReadSection(document["bonds"], isPhysical: false);
        ReadSection(document["bridges"], isPhysical: false);
        ReadSection(document["vlans"], isPhysical: false);
    }

    private void ReadSection(Field section, bool isPhysical)
    {
        if (section.IsPresent && !section.IsMap)
        {
            Defect(section, "must be a map of devices");
            return;
        }

        foreach (Field entry in section.Members())
        {
            if (!entry.IsMap)
            {
                Defect(entry, "must be a map");
                continue;
            }

            GuestInterface device = Add(entry, entry.Name!, isPhysical);
            if (isPhysical)
            {
                ReadMatch(device, entry);
            }
            else
            {
                ReadNames(device, entry["interfaces"]);
                if (TextOf(entry["link"]) is string link)
                {
                    device.StandOn(link);
                }
            }

            ReadAddresses(device, entry);
            ReadMtu(device, entry["mtu"]);
            ReadRoutes(device, entry);
        }
    }

    private static void ReadMatch(GuestInterface device, Field entry)
    {
        Field match = entry["match"];
        device.Mac = match["macaddress"];
        device.NamePattern = match["name"];
        device.IsMatchedOtherwise = match.IsMap && device.Mac.IsMissing && device.NamePattern.IsMissing;
        device.NewName = entry["set-name"].Text;
    }

    private void ReadAddresses(GuestInterface device, Field entry)
    {
        foreach (Field item in ListOf(entry["addresses"]))
        {
            // netplan also takes a map of one address to its options.
            Field address = item.IsMap && item.Count == 1 ? item.Members().First() : item;
            ReadAddress(device, address, item.IsMap ? address.Name : item.Text);
        }

        foreach (string key in (ReadOnlySpan<string>)["dhcp4", "dhcp6"])
        {
            if (IsOn(entry[key]))
            {
                device.AskFor(entry[key]);
            }
        }

        if (device.Addresses.Count == 0 && IsOn(entry["accept-ra"]))
        {
            device.AskFor(entry["accept-ra"]);
        }
    }

    private void ReadRoutes(GuestInterface device, Field entry)
    {
        ReadGateway(device, entry["gateway4"]);
        ReadGateway(device, entry["gateway6"]);
        foreach (Field route in ListOf(entry["routes"]))
        {
            if (device.DefaultRoute.IsMissing && IsDefaultDestination(route["to"]))
            {
                device.DefaultRoute = route["to"];
            }
        }

        Field servers = entry["nameservers"]["addresses"];
        if (HasNameServers(servers))
        {
            device.NameServers = servers;
        }
    }
}
