using System.Text;

namespace Webhook.Rules.Network;

/// <summary>What lies below a network on some nodes where all of it is alike: from bridge or mapping down to the ports of the switch.</summary>
public sealed class NodePath
{
    private readonly IReadOnlyList<string> _places;

    internal NodePath(IReadOnlyList<string> places, bool areNodes, IReadOnlyList<Hop> hops)
    {
        _places = places;
        Nodes = areNodes ? places : [];
        Hops = hops;
        Weakest = Smallest(static hop => hop.Counts);
        WeakestProven = Smallest(static hop => hop.Counts && hop.Origin != MtuOrigin.Lldp && !hop.IsConflicting);
        foreach (Hop hop in hops)
        {
            IsComplete &= !hop.IsUnknown;
        }
    }

    /// <summary>The nodes, by name; empty where no Nodes were seen, or where the network is no matter of single nodes.</summary>
    public IReadOnlyList<string> Nodes { get; }

    /// <summary>The nodes as messages name them: <c>worker-1, worker-2 and 5 more</c>, or <c>nodes of policy llt</c>; empty for all alike.</summary>
    public string Place => _places.Count == 0 ? "" : Nodes.Count > 0 ? Names.List(Nodes) : $"nodes of {(_places.Count == 1 ? "policy" : "policies")} {Names.List(_places)}";

    /// <summary>The hops, each behind the one that stands on it.</summary>
    public IReadOnlyList<Hop> Hops { get; }

    /// <summary>
    /// The hop with the smallest known MTU, or null where none is known. Of hops with one MTU that stand on each other it is the lowest, since
    /// no level can be raised before those below it; else the first.
    /// </summary>
    public Hop? Weakest { get; }

    /// <summary>The same among the hops whose MTU is certain: neither announced by LLDP nor declared differently by two policies.</summary>
    public Hop? WeakestProven { get; }

    /// <summary>Whether the MTU of every hop that has one is known.</summary>
    public bool IsComplete { get; } = true;

    /// <summary>The hops whose MTU is not known.</summary>
    public IEnumerable<Hop> Unknown => Hops.Where(static hop => hop.IsUnknown);

    /// <summary>The hops that two policies of a node declare differently.</summary>
    public IEnumerable<Hop> Conflicts => Hops.Where(static hop => hop.IsConflicting);

    /// <summary>
    /// One line through a hop, as messages print it: <c>NAD llt1 8990 &lt;- br-llt1 (ovs) &lt;- bond0 9000 &lt;- ens3f0 1500 (weakest) &lt;- switch ? on
    /// worker-2</c>. What stands far from the hop is cut first; the hop and its neighbours always stay.
    /// </summary>
    /// <param name="upper">What stands above: the network, and the guest before it if there is one.</param>
    /// <param name="through">A hop of <see cref="Hops"/>, marked as the weakest; null follows the first links and marks none.</param>
    /// <param name="room">The most characters.</param>
    public string Chain(IReadOnlyList<Hop> upper, Hop? through, int room)
    {
        var words = new List<string>(Hops.Count + upper.Count);
        int marked = -1;
        foreach (Hop hop in upper)
        {
            words.Add(hop.ToString());
        }

        foreach (Hop hop in Line(through))
        {
            if (ReferenceEquals(hop, through))
            {
                marked = words.Count;
                words.Add($"{hop} (weakest)");
            }
            else if (hop.Kind != HopKind.Mapping)
            {
                words.Add(hop.ToString());
            }
        }

        string end = Place.Length > 0 ? $" on {Place}" : "";
        return Cut(words, Math.Max(marked, 0), room - end.Length) + end;
    }

    /// <summary>The hops from the network down to a switch by way of one hop, or by the first links.</summary>
    public IReadOnlyList<Hop> Line(Hop? through)
    {
        var line = new List<Hop>();
        int at = through is null ? -1 : IndexOf(through);
        for (int up = at; up >= 0; up = Hops[up].Upper)
        {
            line.Insert(0, Hops[up]);
        }

        for (int down = at + 1; down < Hops.Count; down++)
        {
            if (Hops[down].Upper == at)
            {
                line.Add(Hops[down]);
                at = down;
            }
        }

        return line;
    }

    private static string Cut(List<string> words, int marked, int room)
    {
        int first = 0, last = words.Count - 1;
        string text = Join(words, first, last);
        while (text.Length > room && (first < marked - 1 || last > marked + 1))
        {
            if (last - marked >= marked - first)
            {
                last--;
            }
            else
            {
                first++;
            }

            text = Join(words, first, last);
        }

        return text;
    }

    private static string Join(List<string> words, int first, int last)
    {
        var text = new StringBuilder(first > 0 ? "... <- " : "");
        text.AppendJoin(" <- ", words.GetRange(first, last - first + 1));
        return text.Append(last < words.Count - 1 ? " <- ..." : "").ToString();
    }

    private Hop? Smallest(Func<Hop, bool> counts)
    {
        int smallest = -1;
        for (int at = 0; at < Hops.Count; at++)
        {
            if (counts(Hops[at]) && Hops[at].Mtu is long mtu
                && (smallest < 0 || mtu < Hops[smallest].Mtu || (mtu == Hops[smallest].Mtu && StandsOn(smallest, at))))
            {
                smallest = at;
            }
        }

        return smallest < 0 ? null : Hops[smallest];
    }

    private bool StandsOn(int upper, int lower)
    {
        while (lower > upper)
        {
            lower = Hops[lower].Upper;
        }

        return lower == upper;
    }

    private int IndexOf(Hop hop)
    {
        for (int at = 0; at < Hops.Count; at++)
        {
            if (ReferenceEquals(Hops[at], hop))
            {
                return at;
            }
        }

        return -1;
    }
}
