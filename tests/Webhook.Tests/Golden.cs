namespace Webhook.Tests;

/// <summary>Files of the checkout that tests compare with what the program makes, and rewrite when asked to.</summary>
public static class Golden
{
    /// <summary>The one command that rewrites all of them: golden outputs, rule pages, the rule table of README.md.</summary>
    public const string Command = "UPDATE_GOLDEN=1 dotnet test tests/Webhook.Tests";

    private static readonly bool IsUpdate = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    /// <summary>The folder that holds Webhook.sln.</summary>
    public static string Checkout { get; } = FindCheckout();

    /// <summary>Holds a file to its text; with <c>UPDATE_GOLDEN=1</c> writes it.</summary>
    /// <param name="file">The path below the checkout.</param>
    /// <param name="expected">The text that the program makes.</param>
    public static void Holds(string file, string expected)
    {
        string path = Path.Combine(Checkout, file);
        string? found = File.Exists(path) ? File.ReadAllText(path) : null;
        if (found == expected)
        {
            return;
        }

        if (IsUpdate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
            return;
        }

        Assert.True(found is not null, $"error: {file} is missing. Write it, and commit it with what it describes: {Command}");
        Assert.Fail($"error: {file} is not what the program makes. Rewrite it and read the difference: {Command}{FirstDifference(found, expected)}");
    }

    /// <summary>Holds a folder to a set of files; with <c>UPDATE_GOLDEN=1</c> deletes the others.</summary>
    public static void HoldsOnly(string folder, IEnumerable<string> files)
    {
        string path = Path.Combine(Checkout, folder);
        IEnumerable<string> present = Directory.Exists(path) ? Directory.EnumerateFiles(path).Select(static file => Path.GetFileName(file)) : [];
        string[] orphans = [.. present.Except(files).Order(StringComparer.Ordinal)];
        if (IsUpdate)
        {
            Array.ForEach(orphans, orphan => File.Delete(Path.Combine(path, orphan)));
            return;
        }

        Assert.True(orphans.Length == 0, $"error: {folder} holds files that nothing makes: {string.Join(", ", orphans)}. Delete them: {Command}");
    }

    private static string FirstDifference(string? found, string expected)
    {
        string[] was = (found ?? "").Split('\n'), now = expected.Split('\n');
        int line = 0;
        while (line < was.Length && line < now.Length && was[line] == now[line])
        {
            line++;
        }

        return $"\nFirst difference, line {line + 1}:\n  file:    {was.ElementAtOrDefault(line) ?? "(ends)"}\n  program: {now.ElementAtOrDefault(line) ?? "(ends)"}";
    }

    private static string FindCheckout()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Webhook.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException("the tests run outside a checkout");
    }
}
