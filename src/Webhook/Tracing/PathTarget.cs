using Webhook.Resources;

namespace Webhook.Tracing;

/// <summary>A machine or network as the command line names it: <c>vm/NAMESPACE/NAME</c>, <c>cudn/NAME</c>.</summary>
/// <param name="word">The word.</param>
public sealed class PathTarget(string word)
{
    private readonly string[] _parts = word.Split('/');

    /// <summary>Whether a word of the command line names a target rather than a file: by its first part. A file of such a name is <c>./vm/...</c></summary>
    public static bool IsTarget(string word) => word.Split('/') is ["vm" or "nad" or "udn" or "cudn", { Length: > 0 }, ..] and { Length: <= 3 };

    /// <summary>Whether an object is meant. The namespace may be left out where the manifest leaves it out too.</summary>
    public bool Matches(KubernetesObject item) =>
        KindOf(item) == _parts[0] && item.Name == _parts[^1] && (_parts.Length == 3 ? item.Namespace == _parts[1] : item.Namespace.Length == 0);

    /// <summary>The word for an object.</summary>
    public static string WordOf(KubernetesObject item) => $"{KindOf(item)}/{TracedPath.Place(item)}";

    private static string KindOf(KubernetesObject item) => item switch
    {
        VirtualMachine => "vm",
        NetworkAttachmentDefinition => "nad",
        UserDefinedNetwork { IsClusterScoped: true } => "cudn",
        _ => "udn",
    };
}
