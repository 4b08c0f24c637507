namespace Webhook.Rules.Tests;

/// <summary>What may lie beside a checkout in the folder <c>../shared</c>; tests over it are skipped where it does not.</summary>
public static class Shared
{
    /// <summary>The full path of a file or folder of <c>../shared</c>, or null.</summary>
    public static string? Find(params string[] path)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine([at.FullName, "shared", .. path]);
            if (Path.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
