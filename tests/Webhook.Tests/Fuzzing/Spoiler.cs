using System.Text;

namespace Webhook.Tests.Fuzzing;

/// <summary>Spoils texts as nobody would write them: pieces lost, doubled, moved, taken from another text, or made of what parsers trip over.</summary>
/// <param name="random">Where chance comes from.</param>
internal sealed class Spoiler(Random random)
{
    /// <summary>The most characters of a spoiled text.</summary>
    public const int MaxLength = 64 * 1024;

    private static readonly string[] Pieces =
    [
        "", " ", "\n", "\r\n", "\t", "  ", "\n\n", "\n  ", "\n- ", ":", ": ", ",", "- ", "-", "[", "]", "{", "}", "'", "\"", "\\", "\\u0000", "\\ud800", "\ud800", "\0", "\uFEFF", "é", "\U0001F600",
        "#", "# x\n", "&a ", "*a", "<<: *a", "!!str ", "!!binary ", "|", "|\n", ">-\n", "%", "@", "`", "?", "? ", "~", "---\n", "...\n", "null", "true", "yes", "{}", "[]", "[null]",
        "0", "-1", "1e9", "1E400", "0x1F", "0o17", "1_000", "9223372036854775808", "99999999999999999999999", ".inf", ".nan", "1.5", "2001-01-01",
        "{{ capture.x }}", "10.0.0.1/24", "10.0.0.1/240", "fe80::1/64", "::", "02:50:00:0e:01:11", "infoscale.internal/", "#cloud-config\n", "===", "AAAA",
    ];

    /// <summary>One of some texts, spoiled one to eight times.</summary>
    /// <param name="texts">The texts.</param>
    public string Next(IReadOnlyList<string> texts)
    {
        var text = new StringBuilder(texts[random.Next(texts.Count)]);
        for (int times = random.Next(1, 9); times > 0; times--)
        {
            Spoil(text, texts);
            text.Length = Math.Min(text.Length, MaxLength);
        }

        return text.ToString();
    }

    /// <summary>The same as bytes, some of which may be no text.</summary>
    /// <param name="texts">The texts.</param>
    public byte[] NextBytes(IReadOnlyList<string> texts)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Next(texts));
        for (int times = random.Next(4); times > 0 && bytes.Length > 0; times--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private void Spoil(StringBuilder text, IReadOnlyList<string> texts)
    {
        int at = random.Next(text.Length + 1), length = Math.Min(random.Next(random.Next(2) == 0 ? 4 : 80), text.Length - at);
        switch (random.Next(9))
        {
            case 0: // lost
                text.Remove(at, length);
                break;
            case 1: // broken off
                text.Length = at;
                break;
            case 2: // doubled
                text.Insert(at, text.ToString(at, length));
                break;
            case 3: // moved
                string piece = text.ToString(at, length);
                text.Remove(at, length).Insert(random.Next(text.Length + 1), piece);
                break;
            case 4: // from another one
                string other = texts[random.Next(texts.Count)];
                int from = random.Next(other.Length + 1);
                text.Insert(at, other.AsSpan(from, Math.Min(random.Next(120), other.Length - from)));
                break;
            case 5: // deep
                text.Insert(at, Piece(), random.Next(1, 600));
                break;
            case 6: // one character changed
                if (at < text.Length)
                {
                    text[at] = (char)random.Next(random.Next(8) == 0 ? 0x10000 : 128);
                }

                break;
            default: // replaced
                text.Remove(at, length).Insert(at, Piece());
                break;
        }
    }

    private string Piece() => Pieces[random.Next(Pieces.Length)];
}
