namespace Webhook.Output;

/// <summary>Guesses what a mistyped word was meant to be.</summary>
public static class Nearest
{
    private const int Most = 3;

    /// <summary>The words that are like <paramref name="word"/>, the most alike first; few or none.</summary>
    public static IReadOnlyList<string> Of(string word, IEnumerable<string> words) =>
    [
        .. words.Distinct(StringComparer.Ordinal)
            .Select(candidate => (Word: candidate, Distance: Distance(word, candidate)))
            .Where(near => near.Distance <= Math.Max(2, near.Word.Length / 3) || word.Length >= 3 && near.Word.Contains(word, StringComparison.OrdinalIgnoreCase))
            .OrderBy(static near => near.Distance)
            .ThenBy(static near => near.Word, StringComparer.Ordinal)
            .Select(static near => near.Word)
            .Take(Most),
    ];

    // Levenshtein's distance: how many characters are added, left out or replaced.
    private static int Distance(string a, string b)
    {
        if (a.Length > 2 * b.Length + 8)
        {
            return int.MaxValue;
        }

        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                int replaced = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(above, row[j - 1]));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
