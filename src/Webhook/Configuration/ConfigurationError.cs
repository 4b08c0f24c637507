using Webhook.Resources;
using Webhook.Rules;

namespace Webhook.Configuration;

/// <summary>One thing that is wrong with the configuration, and where.</summary>
/// <param name="Error">The field, and what is allowed there.</param>
/// <param name="Position">The place in the file.</param>
internal sealed record ConfigurationError(FieldError Error, Position Position)
{
    /// <summary>One line as compilers write it: <c>file:line:column: path: what is wrong</c>.</summary>
    public string Line(string file)
    {
        string path = Error.Path.ToString();
        return $"{file}:{Position.Line}:{Position.Column}: {(path.Length > 0 ? path + ": " : "")}{Error.Body}";
    }
}
