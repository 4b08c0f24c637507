using Webhook.Resources;

namespace Webhook.Rules.Network;

/// <summary>One level that a frame passes on its way between a guest and the physical switch.</summary>
public sealed record Hop
{
    /// <summary>What it is.</summary>
    public required HopKind Kind { get; init; }

    /// <summary>Its name: of a network the object's, of an interface the node's, of a switch the word itself.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The index, in <see cref="NodePath.Hops"/>, of the hop that stands on this one; -1 where that is the network itself. Upper ones come first.
    /// </summary>
    public int Upper { get; init; } = -1;

    /// <summary>
    /// The MTU that the level is judged by, in bytes: what a policy declares, for that will be applied, else what the node has. Null where it is
    /// not known, or where the level has none of its own.
    /// </summary>
    public long? Mtu { get; init; }

    /// <summary>Where <see cref="Mtu"/> comes from, or why there is none.</summary>
    public MtuOrigin Origin { get; init; }

    /// <summary>The smallest MTU that a policy declares, in bytes, or null.</summary>
    public long? Declared { get; init; }

    /// <summary>The MTU that the NodeNetworkState reports, in bytes, or null.</summary>
    public long? Real { get; init; }

    /// <summary>The largest MTU that the device takes by its NodeNetworkState, in bytes, or null.</summary>
    public long? Largest { get; init; }

    /// <summary>Whether two policies of one node declare different MTUs; the order in which they are applied is not known, so the smaller counts.</summary>
    public bool IsConflicting { get; init; }

    /// <summary>The policies that declare the level, each once.</summary>
    public IReadOnlyList<NodeNetworkConfigurationPolicy> Policies { get; init; } = [];

    /// <summary>Whom <see cref="Mtu"/> was learned from, as <see cref="Source"/> lists them: policies, node states with their time, switch ports.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The rule behind a default, or what was not seen, as a clause; empty for the other origins.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether the level can be too small: an OVS bridge, a bridge mapping and the like have no MTU that frames meet.</summary>
    public bool Counts => Origin is not (MtuOrigin.None or MtuOrigin.Follows);

    /// <summary>Whether the level has an MTU and nobody knows it.</summary>
    public bool IsUnknown => Origin == MtuOrigin.Unknown;

    /// <summary>Where the MTU comes from, as a clause: <c>declared in policy llt-worker-1</c>.</summary>
    public string Source => Origin switch
    {
        MtuOrigin.Declared => $"declared in {(Sources.Count == 1 ? "policy" : "policies")} {Names.List(Sources)}{(IsConflicting ? ", which differ" : "")}",
        MtuOrigin.Definition => "set by the network",
        MtuOrigin.Guest => "set by network data",
        MtuOrigin.Real => $"real on {Names.List(Sources)}",
        MtuOrigin.Attested => $"attested by {(Sources.Count == 1 ? "policy" : "policies")} {Names.List(Sources)}",
        MtuOrigin.Lldp => $"announced by {Names.List(Sources)}",
        MtuOrigin.Setting => "set as mtu.clusterNetwork",
        MtuOrigin.None => Policies.Count == 0 ? "" : $"set up by {(Policies.Count == 1 ? "policy" : "policies")} {Names.List([.. Policies.Select(static policy => policy.Name)])}",
        _ => Reason,
    };

    /// <summary>The level as chains print it: <c>bond0 9000</c>, <c>br-llt1 (ovs)</c>, <c>switch ?</c>.</summary>
    public override string ToString() => Kind switch
    {
        HopKind.OvsBridge => $"{Name} (ovs)",
        HopKind.Mapping => $"mapping {Name}",
        _ => Mtu is long mtu ? $"{Name} {mtu}" : Counts ? $"{Name} ?" : Name,
    };

    /// <summary>Whether both look the same on two nodes, whoever says so there.</summary>
    internal bool IsLike(Hop other) =>
        Kind == other.Kind && Upper == other.Upper && Mtu == other.Mtu && Origin == other.Origin && Declared == other.Declared
        && Real == other.Real && Largest == other.Largest && IsConflicting == other.IsConflicting && Name == other.Name && Reason == other.Reason;

    /// <summary>The same hop, said by all of several that look the same.</summary>
    internal static Hop SaidByAll(IReadOnlyList<IReadOnlyList<Hop>> chains, int at)
    {
        Hop first = chains[0][at];
        if (chains.Count == 1 || (first.Policies.Count == 0 && first.Sources.Count == 0))
        {
            return first;
        }

        var policies = new List<NodeNetworkConfigurationPolicy>();
        var sources = new List<string>();
        var seen = new HashSet<object>();
        foreach (IReadOnlyList<Hop> chain in chains)
        {
            policies.AddRange(chain[at].Policies.Where(seen.Add));
            sources.AddRange(chain[at].Sources.Where(seen.Add));
        }

        return first with { Policies = policies, Sources = sources };
    }
}

/// <summary>What a hop is.</summary>
public enum HopKind
{
    /// <summary>The NIC inside the virtual machine.</summary>
    Guest,

    /// <summary>The NetworkAttachmentDefinition or (Cluster)UserDefinedNetwork, which makes the pod's NIC.</summary>
    Network,

    /// <summary>A physical network of OVN, which leads to an OVS bridge.</summary>
    Mapping,

    /// <summary>A bridge of Open vSwitch; it has no MTU.</summary>
    OvsBridge,

    /// <summary>A bridge of the kernel.</summary>
    LinuxBridge,

    /// <summary>A node's port of an OVS bridge that something else stands on.</summary>
    OvsInterface,

    /// <summary>A tagged network on a base interface.</summary>
    Vlan,

    /// <summary>Several links as one.</summary>
    Bond,

    /// <summary>A network card.</summary>
    Nic,

    /// <summary>Another interface, or one of which only the name is known.</summary>
    Interface,

    /// <summary>A virtual function, set up by a SriovNetworkNodePolicy.</summary>
    Device,

    /// <summary>The tunnels between the nodes, as the cluster's own network uses them.</summary>
    Overlay,

    /// <summary>The port of the physical switch.</summary>
    Switch,
}

/// <summary>Where the MTU of a hop comes from.</summary>
public enum MtuOrigin
{
    /// <summary>The level has no MTU that frames meet.</summary>
    None,

    /// <summary>It has what the level below has.</summary>
    Follows,

    /// <summary>A NodeNetworkConfigurationPolicy declares it.</summary>
    Declared,

    /// <summary>The network's own definition sets it.</summary>
    Definition,

    /// <summary>The network data of the guest sets it.</summary>
    Guest,

    /// <summary>The node has it, by its NodeNetworkState.</summary>
    Real,

    /// <summary>Kernel, plugin or OVN-Kubernetes give it where nothing is set.</summary>
    Default,

    /// <summary>The configuration says it (<see cref="RuleSettings.ClusterNetworkMtu"/>).</summary>
    Setting,

    /// <summary>The annotation <c>switch-mtu</c> says it.</summary>
    Attested,

    /// <summary>The neighbour announces it by LLDP: evidence, but a switch may announce less or more than it carries.</summary>
    Lldp,

    /// <summary>Nobody who was seen says it.</summary>
    Unknown,
}
