using Webhook.Resources.Json;

namespace Webhook.Resources.Nmstate;

/// <summary>What the device at the other end of a cable says about itself by LLDP (nmstate/nmstate rust/src/lib/lldp.rs).</summary>
/// <param name="System">The name of the switch, or null where it does not tell.</param>
/// <param name="Port">The port of the switch, or null where it does not tell.</param>
/// <param name="MaxFrameSize">The largest frame that the port takes, in bytes with header, tag and check sum, or null where it does not tell.</param>
public readonly record struct LldpNeighbor(string? System, string? Port, long? MaxFrameSize)
{
    /// <summary>What a frame holds beside the packet, in bytes: 14 of header, 4 of VLAN tag, 4 of check sum.</summary>
    public const int FrameOverhead = 22;

    /// <summary>The largest packet that the port takes, in bytes, or null where it does not tell.</summary>
    public long? Mtu => MaxFrameSize > FrameOverhead ? MaxFrameSize - FrameOverhead : null;

    /// <summary>Switch and port as a message names them.</summary>
    public override string ToString() => (System, Port) switch
    {
        (null, null) => "a switch",
        (null, _) => $"port {Port}",
        (_, null) => System,
        _ => $"{System} port {Port}",
    };

    /// <summary>The neighbours of an interface, as a NodeNetworkState lists them; one list of values for each.</summary>
    internal static IEnumerable<LldpNeighbor> Read(Field @interface)
    {
        foreach (Field neighbor in @interface["lldp"]["neighbors"].Items())
        {
            string? system = null, port = null;
            long? size = null;
            foreach (Field value in neighbor.Items())
            {
                system = value["system-name"].Text ?? system;
                port = value["port-id"].Text ?? port;
                size = NmstateScalar.Integer(value["ieee-802-3-max-frame-size"]) ?? size;
            }

            yield return new LldpNeighbor(system, port, size);
        }
    }
}
