using System.Globalization;
using Webhook.Commands;
using Webhook.Rules.Network;
using Webhook.Tracing;

namespace Webhook.Output;

/// <summary>Paths for people: one tree for all nodes where a path is alike, its weak hop marked by a word as well as by colour.</summary>
/// <param name="output">Takes the text.</param>
/// <param name="hasColour">Whether the output takes colours.</param>
/// <param name="width">The width to cut sources at, in characters; null leaves them whole.</param>
public sealed class PathText(TextWriter output, bool hasColour, int? width)
{
    private readonly Styles _styles = new(hasColour);

    /// <summary>Writes the paths and what they come to.</summary>
    public void Write(IReadOnlyList<TracedPath> paths)
    {
        foreach (TracedPath path in paths)
        {
            output.WriteLine(_styles.Bold(PlainText.OfLine(path.Title)));
            if (path.Network is null)
            {
                WriteRows([new Row("guest", path.Guest!, "")], null, path);
            }

            foreach (NodePath below in path.Network?.Paths ?? [])
            {
                output.WriteLine($"  {(below.Place.Length > 0 ? $"on {PlainText.OfLine(below.Place)}" : "on every node")}");
                WriteRows(Rows(path, below), below, path);
            }

            if (path.Network is { Paths.Count: 0 })
            {
                WriteRows([.. path.Upper.Select(static hop => new Row(hop.Name, hop, ""))], null, path);
            }

            if (path.Break is not null)
            {
                output.WriteLine($"  {_styles.Red("the path ends")}: {PlainText.OfLine(path.Break)}");
            }

            if (path.Unseen is not null)
            {
                output.WriteLine($"  {_styles.Yellow("not seen")}: {PlainText.OfLine(path.Unseen)}");
            }

            output.WriteLine();
        }

        WriteSum(paths);
    }

    /// <summary>Writes the commands that prove the paths, by the machine to run them in.</summary>
    public void WritePings(IReadOnlyList<TracedPath> paths)
    {
        foreach (TracedPath path in paths.Where(static path => path.Machine is not null))
        {
            output.WriteLine(_styles.Bold($"in {PlainText.OfLine(path.Title)}"));
            foreach (Ping ping in path.Pings)
            {
                output.WriteLine($"  {_styles.Cyan(PlainText.OfLine(ping.Command))}");
                output.WriteLine($"      to {PlainText.OfLine(ping.Peer)}; must show \"{ping.Expected}\" three times");
            }

            if (path.NoPing.Length > 0)
            {
                output.WriteLine($"  no command: {PlainText.OfLine(path.NoPing)}");
            }

            foreach (NodePath below in path.Network?.Paths ?? [])
            {
                if (path.Weakest(below) is Hop weakest)
                {
                    output.WriteLine($"  {_styles.Red("expect loss")}{On(below)}: {PlainText.OfLine(weakest.Name)} carries {Bytes(weakest.Mtu)} of {Bytes(path.Sent(below))} bytes");
                }
            }

            output.WriteLine();
        }

        output.WriteLine("\"message too long, mtu=N\": the guest's own NIC has N. 100% packet loss: a hop between drops what is too large; try -s 1472 (IPv6: 1452),");
        output.WriteLine("and if that comes back, raise -s until it does not. Repeat after each VM was migrated: the path belongs to the node.");
    }

    private void WriteRows(List<Row> rows, NodePath? below, TracedPath path)
    {
        int names = Math.Min(rows.Max(static row => row.Indent.Length + row.Name.Length), 48);
        foreach (Row row in rows)
        {
            string name = row.Indent + PlainText.OfLine(row.Name);
            string mtu = row.Hop.Mtu is long bytes ? Bytes(bytes) : row.Hop.Counts ? "?" : "-";
            bool isWeak = below is not null && path.IsWeak(below, row.Hop);
            string mark = !isWeak ? "" : ReferenceEquals(row.Hop, path.Weakest(below!)) ? "  <== weakest" : "  <== too small";
            string source = PlainText.OfLine(row.Hop.Source);
            int room = (width ?? int.MaxValue) - 4 - names - 2 - 6 - 2 - mark.Length;
            source = source.Length <= room ? source : room > 3 ? source[..(room - 3)] + "..." : "";
            string figure = mtu.PadLeft(6);
            output.WriteLine(
                $"    {name.PadRight(names)}  {(isWeak ? _styles.Red(figure) : row.Hop.IsUnknown ? _styles.Yellow(figure) : figure)}  {_styles.Dim(source)}{_styles.Red(mark)}".TrimEnd());
        }
    }

    private static List<Row> Rows(TracedPath path, NodePath below)
    {
        List<Row> rows = [.. path.Upper.Select(static hop => new Row(hop.Name, hop, ""))];
        Add(-1, "");
        return rows;

        // As long as a hop stands on one other the tree goes straight down; where it stands on several, each gets a branch.
        void Add(int upper, string indent)
        {
            int[] lower = [.. Enumerable.Range(0, below.Hops.Count).Where(at => below.Hops[at].Upper == upper)];
            for (int i = 0; i < lower.Length; i++)
            {
                Hop hop = below.Hops[lower[i]];
                string branch = lower.Length == 1 ? "" : i < lower.Length - 1 ? "├─ " : "└─ ";
                rows.Add(new Row(Label(hop), hop, indent + branch));
                Add(lower[i], indent + (lower.Length == 1 ? "" : i < lower.Length - 1 ? "│  " : "   "));
            }
        }
    }

    /// <summary>A hop's name with a word about what it is, where the name alone may mislead.</summary>
    internal static string Label(Hop hop) => hop.Kind switch
    {
        HopKind.OvsBridge => $"{hop.Name} (ovs)",
        HopKind.OvsInterface => $"{hop.Name} (ovs port)",
        HopKind.Mapping => $"mapping {hop.Name}",
        _ => hop.Name,
    };

    private void WriteSum(IReadOnlyList<TracedPath> paths)
    {
        int weak = paths.Count(static path => path.HasWeak), broken = paths.Count(static path => path.Break is not null);
        int proven = paths.Count(static path => path.IsProven);
        foreach (TracedPath path in paths)
        {
            foreach (NodePath below in path.Network?.Paths ?? [])
            {
                if (path.Weakest(below) is Hop weakest)
                {
                    string evidence = weakest.Origin == MtuOrigin.Lldp ? ", as LLDP says" : weakest.IsConflicting ? ", if the smaller of two policies counts" : "";
                    output.WriteLine(
                        $"{_styles.Red("weak")}: {PlainText.OfLine(path.Title)}: {PlainText.OfLine(weakest.Name)}{On(below)} carries {Bytes(weakest.Mtu)} of {Bytes(path.Sent(below))} bytes{evidence}");
                }
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{paths.Count} {(paths.Count == 1 ? "path" : "paths")}: {weak} with a weak hop, {broken} that {(broken == 1 ? "ends" : "end")} too early, {proven} proven; the others hold as far as they were seen"));
        if (paths.Any(static path => path.Machine is not null))
        {
            output.WriteLine($"What really passes, from inside the guests: {CommandLine.ProgramName} path --ping ...");
        }
    }

    private static string On(NodePath below) => below.Place.Length > 0 ? $" on {PlainText.OfLine(below.Place)}" : "";

    private static string Bytes(long? mtu) => mtu?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private sealed record Row(string Name, Hop Hop, string Indent);
}
