using System.Text.RegularExpressions;

namespace Webhook.Tests.Deploy;

public sealed partial class ThreatModelTests
{
    [Fact]
    public void Each_threat_has_a_test_that_exists_or_a_reason()
    {
        string[] rows = [.. File.ReadAllLines(Path.Combine(Golden.Checkout, "deploy", "THREAT-MODEL.md")).Where(static line => Row().IsMatch(line))];
        Assert.Equal(33, rows.Length);
        string[] tests = [.. Directory.EnumerateFiles(Path.Combine(Golden.Checkout, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension)!];
        foreach (string row in rows)
        {
            string[] cells = row.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(3, cells.Length);
            Assert.All(Test().Matches(cells[2]), match => Assert.Contains(match.Groups[1].Value, tests));
        }
    }

    [GeneratedRegex(@"^\| \d+\. ")]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Za-z]+Tests)`")]
    private static partial Regex Test();
}
