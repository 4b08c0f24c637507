using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Tracing;

/// <summary>One NIC of a machine, or one network, with everything below it.</summary>
public sealed record TracedPath
{
    /// <summary>The machine, or null where the path begins at a network.</summary>
    public VirtualMachine? Machine { get; init; }

    /// <summary>The machine's interface, or null where the path begins at a network.</summary>
    public VirtualMachineNic? Nic { get; init; }

    /// <summary>What the network carries, or null where nobody says so.</summary>
    public NetworkRole? Role { get; init; }

    /// <summary>The guest's hop; null where the path begins at a network.</summary>
    public Hop? Guest { get; init; }

    /// <summary>The network and what lies below, on the nodes that can host the machine; null where the network was not found.</summary>
    public NetworkPath? Network { get; init; }

    /// <summary>Where the path ends too early, as a clause; null where it does not.</summary>
    public string? Break { get; init; }

    /// <summary>What was not seen at all, as a clause; null where the path could be followed.</summary>
    public string? Unseen { get; init; }

    /// <summary>The commands that prove the path from inside the guest.</summary>
    public IReadOnlyList<Ping> Pings { get; init; } = [];

    /// <summary>Why there are none, as a clause; empty where there are.</summary>
    public string NoPing { get; init; } = "";

    /// <summary>What is traced, in one line: <c>VM erp-db/vcs-node1, NIC llt1 (llt)</c>.</summary>
    public string Title
    {
        get
        {
            string role = Role is NetworkRole known ? $" ({known.Word()})" : "";
            if (Machine is null)
            {
                NetworkDefinition network = Network!.Network;
                return $"{network.Kind} {Place(network)}{role}";
            }

            return $"VM {Place(Machine)}, NIC {Nic!.Name}{role}";
        }
    }

    /// <summary>The hops above the node: guest and network.</summary>
    public IReadOnlyList<Hop> Upper => Guest is null ? [Network!.Hop] : Network is null ? [Guest] : [Guest, Network.Hop];

    /// <summary>The weak hops of a path, the network itself included: they carry less than what is sent.</summary>
    public IEnumerable<Hop> Weak(NodePath path) => Upper.Concat(path.Hops).Where(hop => IsWeak(path, hop));

    /// <summary>Whether a hop carries less than what is sent.</summary>
    public bool IsWeak(NodePath path, Hop hop) => hop.Kind != HopKind.Guest && hop.Counts && hop.Mtu < Sent(path);

    /// <summary>The weakest of them, or null.</summary>
    public Hop? Weakest(NodePath path)
    {
        Hop? weakest = Network is { Hop: Hop network } && IsWeak(path, network) ? network : null;
        return path.Weakest is Hop below && IsWeak(path, below) && (weakest is null || below.Mtu < weakest.Mtu) ? below : weakest;
    }

    /// <summary>The largest packet that is sent into a path, in bytes, or null where that is not known: the guest's MTU, else the network's.</summary>
    public long? Sent(NodePath path)
    {
        if (Guest?.Mtu is long guest)
        {
            return guest;
        }

        if (Network?.Hop.Mtu is long network)
        {
            return network;
        }

        // A network that takes the MTU of what it stands on sends no more than that.
        return Network?.Hop.Origin == MtuOrigin.Follows && path.Hops is [Hop first, ..] ? first.Mtu : null;
    }

    /// <summary>Whether everything is known and nothing is weak.</summary>
    public bool IsProven => Break is null && Unseen is null && Network is { IsComplete: true, Hop.IsUnknown: false } && Guest?.IsUnknown != true && !HasWeak;

    /// <summary>Whether a hop is known to carry less than what is sent.</summary>
    public bool HasWeak => Network?.Paths.Any(path => Weakest(path) is not null) == true;

    /// <summary>Namespace and name of an object.</summary>
    internal static string Place(KubernetesObject item) => item.Namespace.Length > 0 ? $"{item.Namespace}/{item.Name}" : item.Name;
}

/// <summary>A command that proves a path from inside a guest.</summary>
/// <param name="Command">The command.</param>
/// <param name="Peer">Which machine it reaches.</param>
/// <param name="Payload">How many bytes it sends behind its headers.</param>
/// <param name="Expected">What it shows where the path carries them.</param>
public sealed record Ping(string Command, string Peer, long Payload, string Expected);
