namespace Webhook.Resources.CloudInit;

/// <summary>
/// The globs of <c>match.name</c> (fnmatch(3), as systemd-networkd matches): star, question mark and bracket expressions, case-sensitive.
/// </summary>
public static class Glob
{
    /// <summary>
    /// Whether the name matches. Time is bounded by the product of both lengths: only the last star is ever taken back. A bracket that is
    /// not closed is a plain character.
    /// </summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int at = 0, p = 0, star = -1, retry = 0;
        while (at < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                retry = at;
            }
            else if (p < pattern.Length && MatchOne(pattern[p..], name[at], out int used))
            {
                p += used;
                at++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                at = ++retry;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].Trim('*').IsEmpty;
    }

    private static bool MatchOne(ReadOnlySpan<char> pattern, char c, out int used)
    {
        used = 1;
        if (pattern[0] == '?')
        {
            return true;
        }

        int close = pattern[0] == '[' && pattern.Length > 2 ? pattern[2..].IndexOf(']') + 2 : -1;
        if (close < 2)
        {
            return pattern[0] == c;
        }

        used = close + 1;
        bool negated = pattern[1] is '!' or '^';
        ReadOnlySpan<char> set = pattern[(negated ? 2 : 1)..close];
        bool found = false;
        for (int i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                found |= set[i] <= c && c <= set[i + 2];
                i += 2;
            }
            else
            {
                found |= set[i] == c;
            }
        }

        return found != negated;
    }
}
