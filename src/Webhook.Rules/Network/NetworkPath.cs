using Webhook.Resources;

namespace Webhook.Rules.Network;

/// <summary>A network and everything below it, on every node that has it.</summary>
public sealed class NetworkPath
{
    private readonly NodePaths _below;

    internal NetworkPath(NetworkDefinition network, Hop hop, NodePaths below)
    {
        Network = network;
        Hop = hop;
        _below = below;
        foreach (NodePath path in below.Paths)
        {
            if (path.Weakest is Hop weakest && (WeakestPath is null || weakest.Mtu < WeakestPath.Weakest!.Mtu))
            {
                WeakestPath = path;
            }
        }
    }

    /// <summary>The network.</summary>
    public NetworkDefinition Network { get; }

    /// <summary>The network as a hop, with the MTU that it gives to guests.</summary>
    public Hop Hop { get; }

    /// <summary>What lies below, one entry for all nodes where it is alike.</summary>
    public IReadOnlyList<NodePath> Paths => _below.Paths;

    /// <summary>Whether what the network stands on is known to exist.</summary>
    public NetworkPresence Presence => _below.Presence;

    /// <summary>What was not seen, where <see cref="Presence"/> is not known; else null.</summary>
    public string? Unseen => _below.Unseen;

    /// <summary>
    /// The Nodes that lack the bridge, mapping or master, whether or not they can host a VM of the network; empty where Nodes were not seen, or
    /// where no node has it.
    /// </summary>
    public IReadOnlyList<string> MissingOn => _below.MissingOn;

    /// <summary>The path with the smallest known MTU below the network, or null.</summary>
    public NodePath? WeakestPath { get; }

    /// <summary>The hop with the smallest known MTU below the network, or null: see <see cref="NodePath.Weakest"/>.</summary>
    public Hop? Weakest => WeakestPath?.Weakest;

    /// <summary>The smallest known MTU below the network, in bytes, or null.</summary>
    public long? SmallestMtu => Weakest?.Mtu;

    /// <summary>Whether everything below is known, on every node.</summary>
    public bool IsComplete => Presence is NetworkPresence.Found or NetworkPresence.NotOnNodes && Paths.All(static path => path.IsComplete);

    /// <summary>What is not known below the network, as clauses: <c>mtu of ens3f0 on worker-1: no policy declares it...</c></summary>
    public IEnumerable<string> Unverified
    {
        get
        {
            if (Unseen is string unseen)
            {
                yield return unseen;
            }

            foreach (NodePath path in Paths)
            {
                foreach (Hop hop in path.Unknown)
                {
                    yield return $"mtu of {hop.Name}{(path.Place.Length > 0 ? $" on {path.Place}" : "")}: {hop.Reason}";
                }
            }
        }
    }

    /// <summary>The same network on some Nodes only, such as those that can host a machine.</summary>
    /// <param name="nodes">The Nodes; not seen leaves the path as it is.</param>
    public NetworkPath For(LookupAll<Node> nodes)
    {
        if (nodes.Unverified is not null)
        {
            return this;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Node node in nodes.Found)
        {
            names.Add(node.Name);
        }

        var paths = new List<NodePath>(Paths.Count);
        foreach (NodePath path in Paths)
        {
            if (path.Nodes.Count == 0)
            {
                paths.Add(path);
            }
            else if (path.Nodes.Where(names.Contains).ToList() is { Count: > 0 } kept)
            {
                paths.Add(kept.Count == path.Nodes.Count ? path : new NodePath(kept, areNodes: true, path.Hops));
            }
        }

        return new NetworkPath(Network, Hop, _below with { Paths = paths, MissingOn = [.. MissingOn.Where(names.Contains)] });
    }

    /// <summary>The path of that Node, or null where it has none or was not seen.</summary>
    public NodePath? On(string node)
    {
        foreach (NodePath path in Paths)
        {
            if (path.Nodes.Contains(node))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>The chain of a path through a hop of it, from the network down: see <see cref="NodePath.Chain"/>.</summary>
    /// <param name="path">One of <see cref="Paths"/>.</param>
    /// <param name="through">The hop to mark, or null.</param>
    /// <param name="room">The most characters.</param>
    /// <param name="guest">The guest's NIC, or null.</param>
    public string Chain(NodePath path, Hop? through, int room, Hop? guest = null) =>
        path.Chain(guest is null ? [Hop] : [guest, Hop], through, room);
}

/// <summary>Whether what a network stands on is known to exist.</summary>
public enum NetworkPresence
{
    /// <summary>At least one node has it, or a policy gives it to nodes that were not seen.</summary>
    Found,

    /// <summary>A policy declares it, but for none of the nodes that were seen.</summary>
    Unselected,

    /// <summary>No policy declares it, and no node that was looked at has it.</summary>
    Missing,

    /// <summary>Not known: see <see cref="NetworkPath.Unseen"/>.</summary>
    NotSeen,

    /// <summary>The network stands on nothing that a node declares: an overlay, a virtual function.</summary>
    NotOnNodes,
}

/// <summary>What lies below one target; shared by all networks that stand on it.</summary>
internal sealed record NodePaths(
    IReadOnlyList<NodePath> Paths, NetworkPresence Presence, string? Unseen, IReadOnlyList<string> MissingOn);
