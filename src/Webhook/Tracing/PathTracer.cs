using System.Globalization;
using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Rules;
using Webhook.Rules.Network;

namespace Webhook.Tracing;

/// <summary>Follows the NICs of machines and networks down to the switch, by the same model as the rules.</summary>
/// <param name="context">The cluster, the settings and the assumed role.</param>
public sealed class PathTracer(RuleContext context)
{
    // What ping sends around its payload: the headers of IPv4 and IPv6, 20 and 40 bytes, and 8 of ICMP.
    private const int HeadersOfIpv4 = 28;
    private const int HeadersOfIpv6 = 48;

    /// <summary>The paths of a machine, one for each interface on a secondary network or with a role.</summary>
    public IReadOnlyList<TracedPath> Trace(VirtualMachine machine)
    {
        RoleNics roles = RoleNics.Of(machine, context with { Old = null });
        LookupAll<Node> hosts = context.Cluster.NodeNetworks.HostNodes(machine);
        var paths = new List<TracedPath>();
        foreach (VirtualMachineNic nic in machine.Nics)
        {
            if (!nic.IsUnplugged && nic.IsMultus)
            {
                paths.Add(Trace(machine, nic, roles.Find(nic.Name)?.Role, hosts));
            }
        }

        return paths;
    }

    /// <summary>The path of a network.</summary>
    public TracedPath Trace(NetworkDefinition network) =>
        Follow(new TracedPath { Role = network.Role }, context.Cluster.NodeNetworks.Below(network, context));

    private TracedPath Trace(VirtualMachine machine, VirtualMachineNic nic, NetworkRole? role, LookupAll<Node> hosts)
    {
        var path = new TracedPath
        {
            Machine = machine, Nic = nic, Role = role, Guest = GuestHop.Of(machine, nic, null), NoPing = "its network was not found",
        };
        if (nic.Attachment(machine.Namespace) is not (string space, string name))
        {
            return path with { Break = "the NIC names no network" };
        }

        Lookup<NetworkDefinition> found = context.Cluster.Network(space, name);
        if (found.Found is not NetworkDefinition network)
        {
            string reference = space.Length > 0 ? $"{space}/{name}" : name;
            return found.IsAbsent
                ? path with { Break = $"there is no network {reference}" }
                : path with { Unseen = $"network {reference} was not seen: {found.Unverified}" };
        }

        NetworkPath below = context.Cluster.NodeNetworks.Below(network, context).For(hosts);
        path = Follow(path with { Guest = GuestHop.Of(machine, nic, below.Hop) }, below);
        return WithPings(path, machine, nic, (space, name));
    }

    private TracedPath Follow(TracedPath path, NetworkPath below)
    {
        string target = below.Network.Link?.Parent.ToString() ?? "";
        string near = context.Cluster.NodeNetworks.NearestTo(below.Network) is [string nearest, ..] ? $"; did you mean \"{nearest}\"?" : "";
        return path with
        {
            Network = below,
            Unseen = below.Unseen,
            Break = below.Presence switch
            {
                NetworkPresence.Missing => $"no policy makes {target}{(context.Cluster.Nodes().Found.Count > 0 ? ", and no node that was seen has it" : "")}{near}",
                NetworkPresence.Unselected => $"the policies that make {target} select no Node that was seen",
                NetworkPresence.Found when below.MissingOn.Count > 0 && path.Machine is not null =>
                    $"{Names.List(below.MissingOn)} can host the VM and {(below.MissingOn.Count == 1 ? "lacks" : "lack")} {target}",
                NetworkPresence.Found when below.Paths.Count == 0 => $"no node that can host the VM has {target}",
                _ => null,
            },
        };
    }

    private TracedPath WithPings(TracedPath path, VirtualMachine machine, VirtualMachineNic nic, (string Namespace, string Name) attachment)
    {
        if (path.Guest?.Mtu is not long mtu)
        {
            return path with { NoPing = "the MTU in the guest is not known" };
        }

        if (machine.Cluster is not string cluster)
        {
            return path with { NoPing = "the VM carries no cluster label, so its peers are not known" };
        }

        var pings = new List<Ping>();
        foreach (VirtualMachine peer in context.Cluster.MembersOf(machine.Namespace, cluster).Found)
        {
            foreach (VirtualMachineNic other in peer.IsSameObjectAs(machine) ? [] : peer.Nics)
            {
                if (other.IsUnplugged || other.Attachment(peer.Namespace) != attachment)
                {
                    continue;
                }

                foreach (GuestAddress address in SharedPath.AddressesOf(peer, other))
                {
                    if (!address.Value.Address.IsIPv6LinkLocal)
                    {
                        pings.Add(Command(machine, nic, peer, address.Value, mtu));
                    }
                }
            }
        }

        return path with { Pings = pings, NoPing = pings.Count > 0 ? "" : $"no other VM of cluster {cluster} is known to have an address on this network" };
    }

    private static Ping Command(VirtualMachine machine, VirtualMachineNic nic, VirtualMachine peer, InterfaceAddress address, long mtu)
    {
        bool isIpv6 = address.IsIPv6;
        long payload = mtu - (isIpv6 ? HeadersOfIpv6 : HeadersOfIpv4);
        string source = "";
        foreach (GuestAddress own in SharedPath.AddressesOf(machine, nic))
        {
            if (own.Value.IsIPv6 == isIpv6 && own.Value.SharesSubnetWith(address))
            {
                source = $" -I {own.Value.Address}";
                break;
            }
        }

        return new Ping(
            string.Create(CultureInfo.InvariantCulture, $"ping{(isIpv6 ? " -6" : "")} -M do -c 3{source} -s {payload} {address.Address}"),
            TracedPath.Place(peer),
            payload,
            string.Create(CultureInfo.InvariantCulture, $"{payload + 8} bytes from {address.Address}"));
    }
}
