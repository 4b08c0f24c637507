namespace Webhook.Resources.Nmstate;

/// <summary>
/// Which interfaces of a policy carry InfoScale networks. The label gives the role to every interface, <c>interface-roles</c> to those it
/// names; from there it flows down to everything they stand on: from a VLAN to its base, from a bridge to its ports, from a bond to its
/// members.
/// </summary>
public sealed class InterfaceRoles
{
    private InterfaceRoles(IReadOnlyList<RoleInterface> members, IReadOnlyList<UndeclaredLink> undeclared, bool isUnknown)
    {
        Members = members;
        Undeclared = undeclared;
        IsUnknown = isUnknown;
    }

    /// <summary>The interfaces with a role that shall be up, in document order.</summary>
    public IReadOnlyList<RoleInterface> Members { get; }

    /// <summary>What they stand on and the policy does not declare, each name once, in document order of the upper ones.</summary>
    public IReadOnlyList<UndeclaredLink> Undeclared { get; }

    /// <summary>Whether the policy is labelled <c>mixed</c> and says of no interface what it carries.</summary>
    public bool IsUnknown { get; }

    /// <summary>The member that is that entry, or null.</summary>
    public RoleInterface? Of(NodeInterface @interface)
    {
        foreach (RoleInterface member in Members)
        {
            if (ReferenceEquals(member.Interface, @interface))
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>The members of which the question is true, and all that stand on one of them.</summary>
    public IReadOnlySet<RoleInterface> Above(Func<RoleInterface, bool> question) => Reach(question, static member => member.Upper);

    /// <summary>The members of which the question is true, and all that they stand on.</summary>
    public IReadOnlySet<RoleInterface> Below(Func<RoleInterface, bool> question) => Reach(question, static member => member.Lower);

    /// <summary>Reads the roles of a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="assumed">
    /// The role that interfaces of an unlabelled policy are taken to have, or null. It is not given to br-ex, to the interfaces of a default
    /// route, and to what those stand on.
    /// </param>
    /// <param name="standing">
    /// The roles of the networks that stand on an interface, asked where neither label nor annotation say what it carries; or null.
    /// </param>
    internal static InterfaceRoles Read(
        NodeNetworkConfigurationPolicy policy, NetworkRole? assumed, Func<NodeInterface, IEnumerable<NetworkRole>>? standing)
    {
        bool labelled = policy.OptInLabel.IsPresent;
        NetworkRole? uniform = labelled ? policy.Role : assumed;
        IReadOnlyDictionary<string, InfoScaleMetadata.RoleEntry> named = policy.NamedInterfaceRoles;
        bool isUnknown = policy.IsMixed && named.Count == 0;
        if (uniform is null && named.Count == 0 && standing is null)
        {
            return new InterfaceRoles([], [], isUnknown);
        }

        var graph = new InterfaceGraph(policy.State);
        bool[] machine = graph.Below(graph.IsMachine);
        var bits = new int[graph.Count];
        var direct = new bool[graph.Count];
        var assumedOnly = new bool[graph.Count];
        bool stands = false;
        for (int at = 0; at < graph.Count; at++)
        {
            NodeInterface entry = graph[at];
            NetworkRole? role = null;
            foreach (NetworkRole carried in uniform is not null && labelled || named.ContainsKey(entry.Name) ? [] : standing?.Invoke(entry) ?? [])
            {
                bits[at] |= 1 << (int)carried;
                direct[at] = stands = true;
            }

            if (direct[at])
            {
                continue;
            }

            if (named.TryGetValue(entry.Name, out InfoScaleMetadata.RoleEntry given))
            {
                role = given.Role;
            }
            else if (uniform is not null && CanCarry(entry.Type) && (labelled || !machine[at]))
            {
                role = uniform;
                assumedOnly[at] = !labelled;
            }

            if (role is NetworkRole known)
            {
                direct[at] = true;
                bits[at] = 1 << (int)known;
            }
        }

        int[] own = graph.Flow(bits, acrossBases: false);
        int[] all = graph.Flow(own, acrossBases: true);
        bool[] foreign = graph.Below(at => all[at] == 0 && CanCarry(graph[at].Type) && graph[at].Type != NodeInterfaceType.OvsBridge);
        var members = new List<RoleInterface>();
        var byIndex = new RoleInterface?[graph.Count];
        for (int at = 0; at < graph.Count; at++)
        {
            if (all[at] != 0)
            {
                members.Add(byIndex[at] = new RoleInterface(graph[at], Strictest(all[at]))
                {
                    RoleBits = all[at],
                    IsAssumed = assumedOnly[at] || (!labelled && !direct[at] && !stands),
                    IsShared = machine[at] || own[at] == 0 || foreign[at],
                });
            }
        }

        List<UndeclaredLink> undeclared = Connect(graph, byIndex);
        ConnectOvsPorts(graph, byIndex);
        return new InterfaceRoles(members, undeclared, isUnknown && !stands);
    }

    private static List<UndeclaredLink> Connect(InterfaceGraph graph, RoleInterface?[] byIndex)
    {
        var undeclared = new List<UndeclaredLink>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int at = 0; at < graph.Count; at++)
        {
            if (byIndex[at] is not RoleInterface member)
            {
                continue;
            }

            foreach (int lower in graph.Lower(at))
            {
                if (byIndex[lower] is RoleInterface below)
                {
                    member.StandsOn(below);
                }
            }

            foreach (LowerLink link in graph.Undeclared(at))
            {
                if (seen.Add(link.Name))
                {
                    undeclared.Add(new UndeclaredLink(member, link));
                }
            }
        }

        return undeclared;
    }

    // The node's own ports of an OVS bridge stand on its uplinks; both hang below the bridge, which may have no role itself.
    private static void ConnectOvsPorts(InterfaceGraph graph, RoleInterface?[] byIndex)
    {
        foreach ((IEnumerable<int> ports, IEnumerable<int> uplinks) in graph.OvsBridges())
        {
            RoleInterface? weakest = null;
            foreach (int uplink in uplinks)
            {
                weakest = byIndex[uplink] is RoleInterface candidate ? RoleInterface.Weaker(weakest, candidate) : weakest;
            }

            bool carriesRole = false;
            foreach (int port in ports)
            {
                if (byIndex[port] is RoleInterface member)
                {
                    member.WeakestBelow = weakest;
                    carriesRole = true;
                }
            }

            foreach (int uplink in carriesRole ? uplinks : [])
            {
                if (byIndex[uplink] is RoleInterface below)
                {
                    below.IsTop = false;
                }
            }
        }
    }

    // Each member is visited once, whatever stands on whatever.
    private HashSet<RoleInterface> Reach(Func<RoleInterface, bool> question, Func<RoleInterface, IReadOnlyList<RoleInterface>> next)
    {
        var reached = new HashSet<RoleInterface>();
        var work = new Stack<RoleInterface>();
        foreach (RoleInterface member in Members)
        {
            if (question(member) && reached.Add(member))
            {
                work.Push(member);
            }
        }

        while (work.TryPop(out RoleInterface? at))
        {
            foreach (RoleInterface member in next(at))
            {
                if (reached.Add(member))
                {
                    work.Push(member);
                }
            }
        }

        return reached;
    }

    private static bool CanCarry(NodeInterfaceType type) => type is not (NodeInterfaceType.NodeInternal or NodeInterfaceType.Vrf);

    private static NetworkRole Strictest(int bits) =>
        (bits & 1 << (int)NetworkRole.Llt) != 0 ? NetworkRole.Llt
        : (bits & 1 << (int)NetworkRole.Iscsi) != 0 ? NetworkRole.Iscsi
        : NetworkRole.LltLowpri;
}
