using System.Globalization;

namespace Webhook.Output;

/// <summary>A line that tells a waiting person how far the work is. Silent in pipes, and for work that is done within a second.</summary>
/// <param name="terminal">Where the person looks.</param>
/// <param name="things">What is worked on, in the plural.</param>
public sealed class Progress(Terminal terminal, string things = "files")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _start = terminal.Time.GetTimestamp();
    private TimeSpan _next = Patience;
    private int _shown;

    /// <summary>Says that <paramref name="done"/> of <paramref name="total"/> are done.</summary>
    public void Show(int done, int total)
    {
        if (!terminal.ShowsProgress || terminal.Time.GetElapsedTime(_start) is var elapsed && elapsed < _next)
        {
            return;
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"{done} of {total} {things}");
        terminal.Error.Write($"\r{text.PadRight(_shown)}");
        _shown = text.Length;
        _next = elapsed + Interval;
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_shown > 0)
        {
            terminal.Error.Write($"\r{new string(' ', _shown)}\r");
        }
    }
}
