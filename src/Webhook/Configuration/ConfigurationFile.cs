using System.Text;
using Webhook.Enforcement;

namespace Webhook.Configuration;

/// <summary>The configuration file as <c>serve</c> and <c>check</c> read it.</summary>
internal static class ConfigurationFile
{
    /// <summary>The most bytes: a configuration is a page of text, and a ConfigMap holds 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errors">One line for each problem, with file, line and column; if there is one, the result is null.</param>
    public static EnforcementSettings? Read(string path, out IReadOnlyList<string> errors)
    {
        EnforcementSettings? settings = null;
        if (TryReadText(path, out string text, out string error))
        {
            settings = ConfigurationReader.Read(text, out IReadOnlyList<ConfigurationError> problems);
            errors = [.. problems.Select(problem => problem.Line(path))];
        }
        else
        {
            errors = [error];
        }

        return settings;
    }

    /// <summary>The text of a file, or one line that says why there is none.</summary>
    public static bool TryReadText(string path, out string text, out string error)
    {
        text = error = "";
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                error = $"{path}: larger than {MaxBytes} bytes";
                return false;
            }

            using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
            text = reader.ReadToEnd();
            return true;
        }
        catch (DecoderFallbackException)
        {
            error = $"{path}: not valid UTF-8";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            error = $"{path}: {exception.Message}";
        }

        return false;
    }
}
