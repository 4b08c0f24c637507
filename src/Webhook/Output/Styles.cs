namespace Webhook.Output;

/// <summary>The few styles of terminal text, by the sixteen standard colours so that the user's own palette applies.</summary>
/// <param name="isOn">Whether the output takes them.</param>
public sealed class Styles(bool isOn)
{
    /// <summary>Names and titles.</summary>
    public string Bold(string text) => Wrap(text, "1");

    /// <summary>What is of lesser weight.</summary>
    public string Dim(string text) => Wrap(text, "2");

    /// <summary>Errors.</summary>
    public string Red(string text) => Wrap(text, "1;31");

    /// <summary>Warnings.</summary>
    public string Yellow(string text) => Wrap(text, "1;33");

    /// <summary>What is good or makes good.</summary>
    public string Green(string text) => Wrap(text, "32");

    /// <summary>Places and code.</summary>
    public string Cyan(string text) => Wrap(text, "36");

    private string Wrap(string text, string code) => isOn && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
