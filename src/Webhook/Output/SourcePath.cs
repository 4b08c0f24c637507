namespace Webhook.Output;

/// <summary>File names as services outside this machine know them: below the folder that the command was started in.</summary>
public static class SourcePath
{
    /// <summary>The file relative to the working folder where it is below it, else as it is.</summary>
    public static string Relative(string file)
    {
        if (!Path.IsPathRooted(file))
        {
            return file;
        }

        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), file).Replace(Path.DirectorySeparatorChar, '/');
        return relative.StartsWith("../", StringComparison.Ordinal) ? file : relative;
    }

    /// <summary>The same as a URI reference.</summary>
    public static string Uri(string file)
    {
        string relative = Relative(file);
        string escaped = string.Join('/', relative.Split('/').Select(System.Uri.EscapeDataString));
        return Path.IsPathRooted(relative) ? "file://" + escaped : escaped;
    }
}
