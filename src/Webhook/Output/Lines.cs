namespace Webhook.Output;

/// <summary>Sets text to a width.</summary>
public static class Lines
{
    private const int Narrowest = 20;

    /// <summary>Breaks a line at blanks. A word longer than a line stays whole, so that it can be copied.</summary>
    /// <param name="text">One line.</param>
    /// <param name="width">The most characters of a line.</param>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        width = Math.Max(width, Narrowest);
        while (text.Length > width)
        {
            int blank = text.LastIndexOf(' ', width);
            if (blank <= 0)
            {
                blank = text.IndexOf(' ', width);
            }

            if (blank < 0)
            {
                break;
            }

            yield return text[..blank];
            text = text[(blank + 1)..];
        }

        yield return text;
    }
}
