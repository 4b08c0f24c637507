using Webhook.Resources;

namespace Webhook.Configuration;

/// <summary>One thing that is wrong with the configuration, and where.</summary>
/// <param name="Path">The field, or empty for the file as a whole.</param>
/// <param name="Message">What is wrong, and what is allowed.</param>
/// <param name="Position">The place in the file.</param>
internal sealed record ConfigurationError(string Path, string Message, Position Position)
{
    /// <summary>One line as compilers write it: <c>file:line:column: path: what is wrong</c>.</summary>
    public string Line(string file) => $"{file}:{Position.Line}:{Position.Column}: {(Path.Length > 0 ? Path + ": " : "")}{Message}";
}
