namespace Webhook.Resources.Editing;

/// <summary>The lines around a place of a text; a line ends with LF or CR LF.</summary>
internal static class Lines
{
    /// <summary>Where the line of that place begins.</summary>
    public static int StartOf(string text, int place) => place == 0 ? 0 : text.LastIndexOf('\n', place - 1) + 1;

    /// <summary>Where the line after that place begins; the length of the text where there is none.</summary>
    public static int NextStart(string text, int place) => text.IndexOf('\n', Math.Min(place, text.Length)) is int found and >= 0 ? found + 1 : text.Length;

    /// <summary>The end of the line of that place without its line ending.</summary>
    public static int ContentEnd(string text, int place)
    {
        int end = text.IndexOf('\n', Math.Min(place, text.Length));
        return end < 0 ? text.Length : end > place && text[end - 1] == '\r' ? end - 1 : end;
    }

    /// <summary>The line ending that is used around that place: that of its line, else of the one before.</summary>
    public static string EndingAt(string text, int place)
    {
        int end = text.IndexOf('\n', Math.Min(place, text.Length));
        end = end < 0 ? text.LastIndexOf('\n') : end;
        return end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
    }
}
