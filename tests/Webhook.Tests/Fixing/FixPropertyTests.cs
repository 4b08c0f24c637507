using System.Text;
using Webhook.Checking;
using Webhook.Enforcement;
using Webhook.Fixing;
using Webhook.Output;
using Webhook.Resources;
using Webhook.Rules;
using Webhook.Tests.Commands;

namespace Webhook.Tests.Fixing;

/// <summary>What <c>fix</c> keeps, over every example of the rules and every manifest of the corpus beside the checkout.</summary>
public sealed class FixPropertyTests
{
    [Theory]
    [InlineData(false, "\n")]
    [InlineData(true, "\n")]
    [InlineData(false, "\r\n")]
    public void Examples_are_mended_and_nothing_else_is_touched(bool isUnsafe, string ending)
    {
        int edited = 0;
        foreach (Example example in RuleCatalog.All.SelectMany(static rule => rule.Info.Examples))
        {
            string text = (example.Given is null ? example.Yaml : $"{example.Yaml}\n---\n{example.Given}").ReplaceLineEndings(ending);
            edited += Holds([new ManifestFile(example.Title, text, null)], null, isUnsafe);
        }

        Assert.InRange(edited, 5, 100);
    }

    [Theory]
    [InlineData(NetworkRole.Llt, false)]
    [InlineData(NetworkRole.Llt, true)]
    [InlineData(NetworkRole.Iscsi, true)]
    public void Real_manifests_are_mended_and_nothing_else_is_touched(NetworkRole role, bool isUnsafe)
    {
        string corpus = Path.GetFullPath(Path.Combine(Golden.Checkout, "..", "shared", "corpus"));
        if (!Directory.Exists(corpus))
        {
            Assert.Skip("no ../shared/corpus beside the checkout");
        }

        int edited = 0;
        foreach (string file in ManifestFiles.Find([corpus], static _ => { }))
        {
            edited += Holds([ManifestFiles.Read(file, static () => Stream.Null)], role, isUnsafe);
        }

        Assert.True(role != NetworkRole.Llt || edited > 150, $"{edited} files were edited");
    }

    private static int Holds(IReadOnlyList<ManifestFile> files, NetworkRole? role, bool isUnsafe)
    {
        IReadOnlyList<FixedFile> mended = Fixed(files, role, isUnsafe);
        int edited = mended.Count(static file => file.Edits.Count > 0);
        if (edited == 0)
        {
            return 0;
        }

        IReadOnlyList<FixedFile> twice = Fixed([.. mended.Select(static file => file.File with { Text = file.Text })], role, isUnsafe);
        Assert.All(twice, static file => Assert.True(file.Edits.Count == 0, $"{file.File.Name} is mended twice:\n{file.File.Text}"));
        foreach (FixedFile file in mended.Where(static file => file.Edits.Count > 0))
        {
            Assert.Equal(file.Text, Patched(file));
        }

        HashSet<string> before = Findings(files, role);
        Assert.All(Findings([.. mended.Select(static file => file.File with { Text = file.Text })], role), finding => Assert.Contains(finding, before));
        return edited;
    }

    private static IReadOnlyList<FixedFile> Fixed(IReadOnlyList<ManifestFile> files, NetworkRole? role, bool isUnsafe)
    {
        var fix = new FileFix(EnforcementSettings.Default, role, Run.Now, isUnsafe);
        foreach (ManifestFile file in files)
        {
            fix.Add(file);
        }

        return fix.Run();
    }

    private static HashSet<string> Findings(IReadOnlyList<ManifestFile> files, NetworkRole? role)
    {
        var check = new FileCheck(EnforcementSettings.Default, role, Run.Now);
        foreach (ManifestFile file in files)
        {
            check.Add(file);
        }

        CheckReport report = check.Report();
        Assert.Equal(0, report.Failures);
        return
        [
            .. report.Objects.SelectMany(static item => item.Findings.Where(static located => !located.Finding.Unverified)
                .Select(located => $"{item.Title}: {located.Finding.Rule} {located.Finding.Subject}")),
        ];
    }

    // Applies the diff as patch does, and holds the lines that it shows as kept or taken away to the old text.
    private static string Patched(FixedFile file)
    {
        List<string> old = [.. file.File.Text!.Split('\n')];
        var result = new StringBuilder();
        int at = 0;
        foreach (UnifiedDiff.Line line in UnifiedDiff.Lines(file.File.Text, file.Edits))
        {
            if (line.Text[0] == '@')
            {
                string[] range = line.Text.Split(' ')[1][1..].Split(',');
                int start = int.Parse(range[0], null) - (range is [_, "0"] ? 0 : 1);
                while (at < start)
                {
                    result.Append(old[at++]).Append('\n');
                }

                continue;
            }

            string content = line.Text[1..] + (line.End == "\r\n" ? "\r" : "");
            if (line.Text[0] is ' ' or '-')
            {
                Assert.Equal(old[at++], content);
            }

            if (line.Text[0] is ' ' or '+')
            {
                result.Append(content).Append(line.End.Contains('\\') ? "" : "\n");
            }
        }

        return at < old.Count ? result.AppendJoin('\n', old.Skip(at)).ToString() : result.ToString();
    }
}
