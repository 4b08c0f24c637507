using System.Text;
using Webhook.Resources;

namespace Webhook.Checking;

/// <summary>A file of the input: its text, or why there is none.</summary>
/// <param name="Name">The file, as the user would name it.</param>
/// <param name="Text">The text, or null.</param>
/// <param name="Error">Why it could not be read, or null.</param>
public sealed record ManifestFile(string Name, string? Text, UnreadablePart? Error)
{
    /// <summary>How the text is encoded in the file, byte order mark included.</summary>
    internal Encoding Encoding { get; init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
}

/// <summary>Finds and reads the files that paths name. What cannot be read is a value, never an exception.</summary>
public static class ManifestFiles
{
    /// <summary>The name that standard input has in a report.</summary>
    public const string StandardInput = "stdin";

    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly UTF8Encoding MarkedUtf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <summary>
    /// The files in the order of the paths; those of a folder in ordinal order, with all folders below it. Links to folders are not
    /// followed, so that no circle can arise. A file that several paths name comes once.
    /// </summary>
    /// <param name="paths">Files, folders, or <c>-</c> for standard input. A path that is neither file nor folder is among the results.</param>
    /// <param name="skipped">Is told of each link to a folder.</param>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths, Action<string> skipped)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var files = new List<string>();
        foreach (string path in paths)
        {
            IEnumerable<string> below = path != "-" && Directory.Exists(path) ? Below(path, skipped) : [path];
            files.AddRange(below.Where(file => seen.Add(file == "-" ? file : Path.GetFullPath(file))));
        }

        return files;
    }

    /// <summary>Reads one of the files that <see cref="Find"/> named.</summary>
    /// <param name="path">The file, or <c>-</c>.</param>
    /// <param name="openInput">Opens the standard input.</param>
    public static ManifestFile Read(string path, Func<Stream> openInput)
    {
        string name = path == "-" ? StandardInput : Display(path);
        try
        {
            using Stream stream = path == "-" ? openInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 64 * 1024);
            return ReadAll(stream) is byte[] bytes ? Decode(name, bytes) : Unreadable(name, null, $"larger than {MaxLength / (1024 * 1024)} MiB");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return Unreadable(name, null, exception switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file or folder",
                UnauthorizedAccessException when Directory.Exists(path) => "a folder that may not be read",
                UnauthorizedAccessException => "permission denied",
                _ => "cannot be read",
            });
        }
    }

    /// <summary>Writes a text to a file that was read, in the encoding that it has.</summary>
    /// <returns>Why it cannot be written, or null.</returns>
    public static string? Write(string path, string text, ManifestFile file)
    {
        try
        {
            File.WriteAllBytes(path, [.. file.Encoding.Preamble, .. file.Encoding.GetBytes(text)]);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception is UnauthorizedAccessException ? "permission denied" : "cannot be written";
        }
    }

    /// <summary>Whether a file stands below the <c>templates</c> folder of a Helm chart; standard input stands nowhere.</summary>
    public static bool IsHelmTemplate(string path)
    {
        for (string? folder = path == "-" ? null : Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.GetFileName(folder) == "templates" && File.Exists(Path.Combine(folder, "..", "Chart.yaml")))
            {
                return true;
            }
        }

        return false;
    }

    private static List<string> Below(string folder, Action<string> skipped)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(static entry => entry.Name, StringComparer.Ordinal).ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Named as it is: reading it as a file will say that it may not be read.
            return [folder];
        }

        var files = new List<string>();
        foreach (FileSystemInfo entry in entries)
        {
            string path = Path.Combine(folder, entry.Name);
            if (entry is not DirectoryInfo)
            {
                if (IsManifest(entry.Name))
                {
                    files.Add(path);
                }
            }
            else if (entry.LinkTarget is not null)
            {
                skipped(Display(path));
            }
            else if (entry.Name != ".git")
            {
                files.AddRange(Below(path, skipped));
            }
        }

        return files;
    }

    private static bool IsManifest(string name) => Path.GetExtension(name).ToLowerInvariant() is ".yaml" or ".yml" or ".json";

    private static string Display(string path)
    {
        string display = path.Replace(Path.DirectorySeparatorChar, '/');
        while (display.StartsWith("./", StringComparison.Ordinal) && display.Length > 2)
        {
            display = display[2..].TrimStart('/');
        }

        return display;
    }

    // Null where there is more than MaxLength. The length of a pipe is not known beforehand.
    private static byte[]? ReadAll(Stream stream)
    {
        if (stream.CanSeek && stream.Length > MaxLength)
        {
            return null;
        }

        using var bytes = new MemoryStream(stream.CanSeek ? (int)stream.Length : 0);
        byte[] buffer = new byte[64 * 1024];
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            if (bytes.Length + read > MaxLength)
            {
                return null;
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    private static ManifestFile Decode(string name, byte[] bytes)
    {
        try
        {
            Encoding encoding = bytes switch
            {
                [0xFF, 0xFE, ..] => Encoding.Unicode,
                [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
                [0xEF, 0xBB, 0xBF, ..] => MarkedUtf8,
                _ => Utf8,
            };
            string text = encoding.GetString(bytes.AsSpan(encoding.Preamble.Length));
            return text.Contains('\0', StringComparison.Ordinal) ? Unreadable(name, null, "a binary file") : new ManifestFile(name, text, null) { Encoding = encoding };
        }
        catch (DecoderFallbackException exception)
        {
            ReadOnlySpan<byte> before = bytes.AsSpan(0, Math.Clamp(exception.Index, 0, bytes.Length));
            return bytes.AsSpan().Contains((byte)0)
                ? Unreadable(name, null, "a binary file")
                : Unreadable(name, new Position(before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n')), "not UTF-8 text");
        }
    }

    private static ManifestFile Unreadable(string name, Position? position, string reason) =>
        new(name, null, new UnreadablePart(name, position, reason));
}
