namespace Webhook.Resources.Nmstate;

/// <summary>What stands on what among the interfaces of one state that shall be up. Names resolve as nmstate resolves them.</summary>
internal sealed class InterfaceGraph
{
    private readonly List<NodeInterface> _interfaces = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _notUp = new(StringComparer.Ordinal);
    private readonly NetworkState _state;
    private readonly List<LowerLink>[] _undeclared;

    // By index of the upper interface; after the interfaces stands one node for the uplinks of each OVS bridge.
    private readonly List<List<Edge>> _edges = [];
    private readonly HashSet<(int Upper, int Lower)> _connected = [];

    public InterfaceGraph(NetworkState state)
    {
        _state = state;
        foreach (NodeInterface entry in state.Interfaces)
        {
            if (entry.Name.Length == 0 || entry.Name == "lo")
            {
                continue;
            }

            if (!entry.IsUp)
            {
                if (entry.State != NodeInterfaceState.Ignored)
                {
                    _notUp.Add(entry.Name);
                }

                continue;
            }

            // An OVS bridge is no interface of the kernel: whoever names a port or base means the other interface of that name.
            if (entry.Type != NodeInterfaceType.OvsBridge)
            {
                _byName.TryAdd(entry.Name, _interfaces.Count);
            }

            _interfaces.Add(entry);
        }

        _undeclared = new List<LowerLink>[Count];
        for (int at = 0; at < Count; at++)
        {
            _edges.Add([]);
            _undeclared[at] = [];
        }

        Connect();
    }

    private readonly record struct Edge(int Lower, bool IsBase);

    public int Count => _interfaces.Count;

    public NodeInterface this[int index] => _interfaces[index];

    public bool IsMachine(int index) =>
        _interfaces[index].Name == NetworkState.MachineBridge || _state.DefaultRouteInterfaces.Contains(_interfaces[index].Name);

    /// <summary>The interfaces that one stands on, as the policy writes it.</summary>
    public IEnumerable<int> Lower(int index)
    {
        foreach (Edge edge in _edges[index])
        {
            if (edge.Lower < Count)
            {
                yield return edge.Lower;
            }
        }
    }

    /// <summary>The OVS bridges: the interfaces that are node ports of each, and those by which frames leave it.</summary>
    public IEnumerable<(IEnumerable<int> Own, IEnumerable<int> Uplinks)> OvsBridges()
    {
        for (int at = 0; at < Count; at++)
        {
            if (this[at].Type == NodeInterfaceType.OvsBridge)
            {
                yield return (Lower(at).Where(IsOvsInterface), Lower(at).Where(port => !IsOvsInterface(port)));
            }
        }
    }

    /// <summary>The links of one that lead to no declared interface.</summary>
    public IReadOnlyList<LowerLink> Undeclared(int index) => _undeclared[index];

    /// <summary>The interfaces for which the question is true, and everything they stand on.</summary>
    public bool[] Below(Func<int, bool> starts)
    {
        var bits = new int[Count];
        for (int at = 0; at < Count; at++)
        {
            bits[at] = starts(at) ? 1 : 0;
        }

        return Array.ConvertAll(Flow(bits, acrossBases: true), static bit => bit != 0);
    }

    /// <summary>Lets bits flow down the edges, over those to a base only if asked.</summary>
    public int[] Flow(int[] bits, bool acrossBases)
    {
        var flowed = new int[_edges.Count];
        bits.AsSpan(0, Count).CopyTo(flowed);
        var work = new Stack<int>();
        for (int at = 0; at < Count; at++)
        {
            if (flowed[at] != 0)
            {
                work.Push(at);
            }
        }

        while (work.TryPop(out int at))
        {
            foreach (Edge edge in _edges[at])
            {
                if ((acrossBases || !edge.IsBase) && (flowed[edge.Lower] | flowed[at]) != flowed[edge.Lower])
                {
                    flowed[edge.Lower] |= flowed[at];
                    work.Push(edge.Lower);
                }
            }
        }

        return flowed;
    }

    private void Connect()
    {
        var bridges = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int at = 0; at < Count; at++)
        {
            NodeInterface entry = this[at];
            foreach (LowerLink link in entry.Lower)
            {
                if (_byName.TryGetValue(link.Name, out int lower))
                {
                    Connect(at, lower, link.IsBase);
                }
                else if (!_notUp.Contains(link.Name) && !IsOwnPort(entry, link))
                {
                    _undeclared[at].Add(link);
                }
            }

            if (entry.Type == NodeInterfaceType.OvsBridge)
            {
                bridges.TryAdd(entry.Name, at);
            }
        }

        for (int at = 0; at < Count; at++)
        {
            NodeInterface entry = this[at];
            if (entry.Controller is { Length: > 0 } controller && Controller(bridges, controller) is int upper)
            {
                Connect(upper, at, isBase: false);
            }

            if (entry.Type == NodeInterfaceType.OvsInterface && bridges.TryGetValue(entry.Name, out int bridge))
            {
                Connect(bridge, at, isBase: false);
            }
        }

        // What the node's own port of an OVS bridge carries leaves by the bridge's uplinks, but not by its other ports of that kind.
        foreach (int bridge in bridges.Values)
        {
            int uplinks = _edges.Count;
            _edges.Add(_edges[bridge].FindAll(port => !IsOvsInterface(port.Lower)));
            foreach (Edge port in _edges[bridge])
            {
                if (IsOvsInterface(port.Lower))
                {
                    _edges[port.Lower].Add(new Edge(uplinks, IsBase: false));
                }
            }
        }
    }

    private bool IsOvsInterface(int index) => this[index].Type == NodeInterfaceType.OvsInterface;

    private void Connect(int upper, int lower, bool isBase)
    {
        if (upper != lower && _connected.Add((upper, lower)))
        {
            _edges[upper].Add(new Edge(lower, isBase));
        }
    }

    // nmstate makes the port that bears the bridge's name as an OVS interface by itself.
    private static bool IsOwnPort(NodeInterface entry, LowerLink link) =>
        entry.Type == NodeInterfaceType.OvsBridge && link.Name == entry.Name;

    private int? Controller(Dictionary<string, int> bridges, string name) =>
        bridges.TryGetValue(name, out int bridge) ? bridge : _byName.TryGetValue(name, out int other) ? other : null;
}
