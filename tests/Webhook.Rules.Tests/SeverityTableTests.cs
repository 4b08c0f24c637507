using System.Text.RegularExpressions;

namespace Webhook.Rules.Tests;

/// <summary>The rules agree with the written catalogue (<c>../shared/domain/RULES.md</c>), where it lies beside the checkout.</summary>
public sealed partial class SeverityTableTests
{
    private static readonly Dictionary<string, Severity>? Table =
        Shared.Find("domain", "RULES.md") is string path ? Read(File.ReadAllLines(path)) : null;

    public static TheoryData<string> Rules => Table is null
        ? [new TheoryDataRow<string>("none") { Skip = "no ../shared/domain/RULES.md beside the checkout" }]
        : Catalog.Rules;

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_has_the_severity_of_the_catalogue(string id)
    {
        Assert.True(Table!.TryGetValue(id, out Severity written), $"RULES.md has no rule {id}");
        Assert.Equal(written, RuleCatalog.Find(id)!.Info.Severity);
    }

    [Fact]
    public void The_tables_of_the_catalogue_are_read_whole()
    {
        if (Table is null)
        {
            Assert.Skip("no ../shared/domain/RULES.md beside the checkout");
        }

        Assert.Equal(Severity.Error, Table["nncp-switch-mtu-too-small"]);
        Assert.Equal(Severity.Warning, Table["nncp-mtu-on-ovs-bridge"]);
        Assert.Equal(Severity.Warning, Table["vm-single-llt-link"]);
        Assert.Equal(Severity.Error, Table["infoscale-metadata-malformed"]);
        Assert.True(Table.Count >= 50);
    }

    // The default is the first word of its cell; the table beyond the guide has none: warning, unless the condition begins with (error).
    private static Dictionary<string, Severity> Read(string[] lines)
    {
        var table = new Dictionary<string, Severity>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            if (Row().Match(line) is { Success: true } row)
            {
                bool isError = row.Groups["cell"].Value is var cell
                    && (cell.StartsWith("error", StringComparison.Ordinal) || cell.StartsWith("(error)", StringComparison.Ordinal));
                table.Add(row.Groups["id"].Value, isError ? Severity.Error : Severity.Warning);
            }
        }

        return table;
    }

    [GeneratedRegex(@"^\| `(?<id>[a-z][a-z0-9-]+)` \| (?<cell>[^|]+) \|")]
    private static partial Regex Row();
}
