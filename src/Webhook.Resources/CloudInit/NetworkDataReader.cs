using System.Globalization;
using Webhook.Resources.Json;

namespace Webhook.Resources.CloudInit;

/// <summary>
/// What the readers of the three formats share: where they collect devices and defects, and how loosely cloud-init and netplan take values.
/// </summary>
internal abstract class NetworkDataReader
{
    /// <summary>The most defects that are worth telling.</summary>
    private const int MaxDefects = 10;

    public List<GuestInterface> Interfaces { get; } = [];

    public List<NetworkDataDefect> Defects { get; } = [];

    public abstract void Read(Field document);

    /// <summary>Whether a value switches something on: YAML's words, the same words as text (netplan reads both), and 1.</summary>
    public static bool IsOn(Field field) => field.Boolean ?? (field.Integer == 1
        || field.Text?.ToUpperInvariant() is "TRUE" or "YES" or "ON" or "Y" or "1");

    public static bool IsDefaultDestination(Field destination) =>
        destination.Text is "default" or "0.0.0.0/0" or "::/0" or "0.0.0.0" or "::" or "0.0.0.0/0.0.0.0";

    /// <summary>Text as written; a number as its digits, which is how a prefix length or name may stand in YAML.</summary>
    protected static string? TextOf(Field field) =>
        field.Text ?? field.Integer?.ToString(CultureInfo.InvariantCulture);

    protected void Defect(Field at, string detail)
    {
        if (Defects.Count < MaxDefects)
        {
            Defects.Add(new NetworkDataDefect(at, detail));
        }
    }

    protected GuestInterface Add(Field entry, string name, bool isPhysical)
    {
        var device = new GuestInterface(entry, name, isPhysical);
        Interfaces.Add(device);
        return device;
    }

    protected void ReadAddress(GuestInterface device, Field field, string? text, string? netmask = null)
    {
        if (InterfaceAddress.Parse(text, netmask) is InterfaceAddress address)
        {
            device.Add(new GuestAddress(field, address));
        }
        else
        {
            Defect(field, "must be an IP address with a prefix length");
        }
    }

    protected void ReadMtu(GuestInterface device, Field mtu)
    {
        if (mtu.IsMissing)
        {
            return;
        }

        if (mtu.Integer is long number || long.TryParse(mtu.Text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            // netplan takes 0 for "not set".
            if (number > 0)
            {
                device.SetMtu(mtu, number);
            }

            return;
        }

        Defect(mtu, "must be a number of bytes");
    }

    /// <summary>A gateway that is no address breaks the document as an address does.</summary>
    protected void ReadGateway(GuestInterface device, Field gateway)
    {
        if (gateway.IsMissing || gateway.Text is "")
        {
            return;
        }

        if (InterfaceAddress.Parse(gateway.Text) is null)
        {
            Defect(gateway, "must be an IP address");
        }
        else if (device.DefaultRoute.IsMissing)
        {
            device.DefaultRoute = gateway;
        }
    }

    /// <summary>The items of a list; anything else but null is a defect.</summary>
    protected FieldItems ListOf(Field list)
    {
        if (list.IsPresent && !list.IsList)
        {
            Defect(list, "must be a list");
        }

        return list.Items();
    }

    /// <summary>The map items of a list; an item that is no map is a defect.</summary>
    protected IEnumerable<Field> MapsOf(Field list)
    {
        foreach (Field item in ListOf(list))
        {
            if (item.IsMap)
            {
                yield return item;
            }
            else
            {
                Defect(item, "must be a map");
            }
        }
    }

    protected void ReadNames(GuestInterface device, Field list)
    {
        foreach (Field item in ListOf(list))
        {
            if (TextOf(item) is string name)
            {
                device.StandOn(name);
            }
        }
    }

    protected static bool HasNameServers(Field servers) => servers.IsList ? servers.Count > 0 : servers.Text is { Length: > 0 };
}
