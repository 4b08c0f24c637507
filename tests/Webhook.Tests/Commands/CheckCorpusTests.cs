using Webhook.Checking;
using Webhook.Enforcement;
using Webhook.Resources;

namespace Webhook.Tests.Commands;

/// <summary>Real manifests (<c>../shared/corpus</c> beside the checkout): none crashes the check, none is dropped.</summary>
public sealed class CheckCorpusTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(NetworkRole.Llt)]
    [InlineData(NetworkRole.Iscsi)]
    public void Every_file_is_judged_or_named(NetworkRole? role)
    {
        string corpus = Path.GetFullPath(Path.Combine(Golden.Checkout, "..", "shared", "corpus"));
        if (!Directory.Exists(corpus))
        {
            Assert.Skip("no ../shared/corpus beside the checkout");
        }

        var check = new FileCheck(EnforcementSettings.Default, role, Run.Now);
        IReadOnlyList<string> files = ManifestFiles.Find([corpus], link => Assert.Fail(link));
        foreach (string file in files)
        {
            check.Add(ManifestFiles.Read(file, () => Stream.Null));
        }

        CheckReport report = check.Report();
        Assert.Equal(0, report.Failures);
        Assert.DoesNotContain(report.Unreadable, static part => part.Reason.Contains("defect", StringComparison.Ordinal));
        Assert.Equal(
            Directory.EnumerateFiles(corpus, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
            report.Objects.Select(static item => item.File).Concat(report.Unreadable.Select(static part => part.File)).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(report.Objects.Count, report.Judged + report.NotJudgedGroups.Sum(static group => group.Count));
        Assert.All(report.Objects, static item => Assert.True(item.NotJudged is null || item.Findings.Count == 0, item.Title));
        Assert.Equal(role is null, report.Objects.Any(static item => item.NotJudged == Judge.NoLabel));
    }
}
