using System.Globalization;

namespace Webhook.Output;

/// <summary>A line that tells a waiting person how far the work is. Silent in pipes, and for work that is done within a second.</summary>
/// <param name="terminal">Where the person looks.</param>
public sealed class Progress(Terminal terminal)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _start = terminal.Time.GetTimestamp();
    private TimeSpan _next = Patience;
    private int _shown;

    /// <summary>Says that <paramref name="done"/> of <paramref name="total"/> files are judged.</summary>
    public void Show(int done, int total)
    {
        if (!terminal.ShowsProgress || terminal.Time.GetElapsedTime(_start) is var elapsed && elapsed < _next)
        {
            return;
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"{done} of {total} files");
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
