namespace Webhook.Rules;

/// <summary>Guesses what a mistyped word was meant to be.</summary>
public static class Nearest
{
    private const int Most = 3;

    // Names of Kubernetes end here; what is longer is no slip of the hand, and comparing costs the product of both lengths.
    private const int Longest = 253;

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

    // Damerau's and Levenshtein's distance: how many characters are added, left out or replaced, or change places with their neighbour.
    private static int Distance(string a, string b)
    {
        if (a.Length > 2 * b.Length + 8 || a.Length > Longest || b.Length > Longest)
        {
            return int.MaxValue;
        }

        int[] before = new int[b.Length + 1];
        int[] above = [.. Enumerable.Range(0, b.Length + 1)];
        int[] row = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = above[j - 1] + (Same(i - 1, j - 1) ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && Same(i - 1, j - 2) && Same(i - 2, j - 1))
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, above, row) = (above, row, before);
        }

        return above[b.Length];

        bool Same(int i, int j) => char.ToLowerInvariant(a[i]) == char.ToLowerInvariant(b[j]);
    }
}
