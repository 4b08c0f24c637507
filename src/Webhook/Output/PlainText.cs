using System.Xml;

namespace Webhook.Output;

/// <summary>Text of a manifest made fit for where it is shown: names and keys may hold what steers a terminal or breaks XML.</summary>
public static class PlainText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text in one line without control characters.</summary>
    public static string OfLine(string text) => Replace(text, static c => char.IsControl(c) || c is '\u2028' or '\u2029');

    /// <summary>The text without what XML cannot hold.</summary>
    public static string OfXml(string text) => Replace(text, static c => !XmlConvert.IsXmlChar(c) && !char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF');

    private static string Replace(string text, Func<char, bool> isUnfit)
    {
        if (!text.Any(c => isUnfit(c) || char.IsSurrogate(c)))
        {
            return text;
        }

        char[] clean = text.ToCharArray();
        for (int i = 0; i < clean.Length; i++)
        {
            if (i + 1 < clean.Length && char.IsSurrogatePair(clean[i], clean[i + 1]))
            {
                i++;
            }
            else if (isUnfit(clean[i]) || char.IsSurrogate(clean[i]))
            {
                clean[i] = Replacement;
            }
        }

        return new string(clean);
    }
}
