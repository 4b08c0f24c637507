namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>The checkout that these tests were compiled from, and what lies beside it.</summary>
internal static class Checkout
{
    private static readonly string Root = Find();

    /// <summary>The real CustomResourceDefinitions beside the checkout, or null.</summary>
    public static string? RealDefinitions
    {
        get
        {
            string folder = Path.Combine(Root, "..", "shared", "crds");
            return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
        }
    }

    /// <summary>The real manifests of a kind beside the checkout, or null.</summary>
    /// <param name="kind">The short name of the kind, as the folder has it.</param>
    public static string? Corpus(string kind)
    {
        string folder = Path.Combine(Root, "..", "shared", "corpus", kind);
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }

    /// <summary>A file or folder of the checkout.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Webhook.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException($"no Webhook.sln above {AppContext.BaseDirectory}");
    }
}
