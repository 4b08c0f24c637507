namespace Webhook.Rules.Tests;

/// <summary>The collection of real manifests beside the checkout (<c>../shared/corpus</c>), where there is one.</summary>
public static class Corpus
{
    private static readonly string[] Folders =
        ["nncp", "nad", "udn", "cudn", "vm", "vmi", "vmirs", "vmpool", "_invalid-json", "_rejected-by-schema"];

    private static readonly string? Root = Shared.Find("corpus");

    /// <summary>
    /// The files of judged kinds, by path below the corpus; one placeholder where there is no corpus, so that the theory shows as skipped.
    /// </summary>
    public static TheoryData<string> Files
    {
        get
        {
            if (Root is null)
            {
                return [new TheoryDataRow<string>("none") { Skip = "no ../shared/corpus beside the checkout" }];
            }

            return
            [
                .. Folders.Select(static folder => Path.Combine(Root, folder))
                    .Where(Directory.Exists)
                    .SelectMany(static folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                    .Order(StringComparer.Ordinal)
                    .Select(static file => Path.GetRelativePath(Root, file)),
            ];
        }
    }

    public static string PathOf(string file) => Path.Combine(Root!, file);
}
