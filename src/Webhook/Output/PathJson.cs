using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Webhook.Resources;
using Webhook.Rules.Network;
using Webhook.Tracing;

namespace Webhook.Output;

/// <summary>Paths for programs. Its names are a contract: members are added, never renamed.</summary>
public static class PathJson
{
    private static readonly PathDocument Contract = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes the paths.</summary>
    public static void Write(IReadOnlyList<TracedPath> paths, TextWriter output)
    {
        var document = new Document(
            [.. paths.Select(Item)],
            new Summary(
                paths.Count,
                paths.Count(static path => path.HasWeak),
                paths.Count(static path => path.Break is not null),
                paths.Count(static path => path.IsProven)));
        output.Write(JsonSerializer.Serialize(document, Contract.Document));
        output.Write('\n');
    }

    private static Path Item(TracedPath path) => new(
        path.Machine is null ? null : Reference(path.Machine),
        path.Machine?.Cluster,
        path.Nic?.Name,
        path.Role?.Word(),
        path.Network is null ? null : Reference(path.Network.Network),
        [.. path.Upper.Select(static hop => LevelOf(hop, false))],
        path.Network is null ? null : Word(path.Network.Presence),
        path.Break,
        path.Unseen,
        path.Network?.MissingOn ?? [],
        [.. (path.Network?.Paths ?? []).Select(below => new Nodes(
            below.Nodes,
            below.Place,
            path.Sent(below),
            path.Weakest(below) is Hop weakest ? new Weak(weakest.Name, weakest.Mtu, weakest.Source) : null,
            below.IsComplete,
            below.Chain(path.Upper, path.Weakest(below) is Hop marked && below.Hops.Contains(marked) ? marked : null, int.MaxValue),
            [.. below.Hops.Select(hop => LevelOf(hop, path.IsWeak(below, hop)))]))],
        [.. path.Pings.Select(static ping => new Command(ping.Command, ping.Peer, ping.Payload, ping.Expected))]);

    private static Object Reference(KubernetesObject item) => new(item.Kind, item.Namespace, item.Name);

    private static Level LevelOf(Hop hop, bool isWeak) => new(
        Word(hop.Kind), hop.Name, hop.Upper, hop.Mtu, Word(hop.Origin), hop.Source, hop.Declared, hop.Real, hop.Largest, hop.IsConflicting, isWeak);

    // The names of the enumerations are words of the contract.
    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    internal sealed record Document(IReadOnlyList<Path> Paths, Summary Summary);

    internal sealed record Path(
        Object? Machine,
        string? Cluster,
        string? Nic,
        string? Role,
        Object? Network,
        IReadOnlyList<Level> Upper,
        string? Presence,
        string? Break,
        string? Unseen,
        IReadOnlyList<string> MissingOn,
        IReadOnlyList<Nodes> Nodes,
        IReadOnlyList<Command> Pings);

    internal sealed record Object(string Kind, string Namespace, string Name);

    internal sealed record Nodes(
        IReadOnlyList<string> Names, string Place, long? Sent, Weak? Weakest, bool Complete, string Chain, IReadOnlyList<Level> Hops);

    internal sealed record Weak(string Name, long? Mtu, string Source);

    internal sealed record Level(
        string Kind,
        string Name,
        int Upper,
        long? Mtu,
        string Origin,
        string Source,
        long? Declared,
        long? Real,
        long? Largest,
        bool Conflicting,
        bool Weak);

    internal sealed record Command(string Text, string Peer, long Payload, string Expected);

    internal sealed record Summary(int Paths, int Weak, int Broken, int Proven);
}

/// <summary>The serializer of the paths.</summary>
[JsonSerializable(typeof(PathJson.Document))]
internal sealed partial class PathDocument : JsonSerializerContext;
