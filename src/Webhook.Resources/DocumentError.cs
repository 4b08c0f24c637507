namespace Webhook.Resources;

/// <summary>Why a text could not be read. The reason never repeats the text: it may hold passwords.</summary>
/// <param name="Reason">What is wrong, in lower case and without a full stop.</param>
/// <param name="Position">Where in the text.</param>
public sealed record DocumentError(string Reason, Position Position)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Reason} (line {Position.Line}, column {Position.Column})";
}
