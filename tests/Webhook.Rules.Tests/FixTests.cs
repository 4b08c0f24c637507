using Webhook.Resources.Editing;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;

namespace Webhook.Rules.Tests;

/// <summary>What a fix does to the examples: mends what it says, and nothing else.</summary>
public sealed class FixTests
{
    public static TheoryData<string, string> Fixed
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (Rule rule in RuleCatalog.All)
            {
                foreach (Example example in rule.Info.Examples.Where(static example => example.FixedTo is not null))
                {
                    data.Add(rule.Info.Id, example.Title);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Catalog.Examples), MemberType = typeof(Catalog))]
    public void An_example_says_what_its_fix_makes_of_it_just_if_it_has_one(string rule, string title)
    {
        Example example = Catalog.Example(rule, title);
        Assert.Equal(example.FixedTo is not null, Catalog.Evaluate(example).Findings.Any(static finding => finding.Fix is not null));
        Assert.NotEqual(example.Yaml, example.FixedTo);
    }

    [Theory]
    [MemberData(nameof(Catalog.Rules), MemberType = typeof(Catalog))]
    public void A_rule_says_which_fix_it_has_at_best(string id)
    {
        RuleInfo info = RuleCatalog.Find(id)!.Info;
        FixAvailability best = info.Examples.SelectMany(static example => Catalog.Evaluate(example).Findings)
            .Select(static finding => finding.Fix?.Applicability ?? FixAvailability.None).Append(FixAvailability.None).Max();
        Assert.Equal(best, info.Fix);
        Assert.False(info.WhyNotFixed is string why && (why.EndsWith('.') || char.IsUpper(why[0])), info.WhyNotFixed);
    }

    [Theory]
    [MemberData(nameof(Fixed))]
    public void The_fix_silences_the_rule_and_wakes_no_other(string rule, string title)
    {
        Example example = Catalog.Example(rule, title);
        Evaluation evaluation = Evaluator.Evaluate(Catalog.Parse(example.FixedTo!), example.Context);
        Assert.Empty(evaluation.Failures);
        Assert.Empty(evaluation.Findings.Select(static finding => finding.Line));
    }

    [Theory]
    [MemberData(nameof(Fixed))]
    public void The_text_is_edited_in_place(string rule, string title)
    {
        Example example = Catalog.Example(rule, title);
        Manifest manifest = Assert.Single(ManifestReader.Read(example.Yaml));
        IReadOnlyList<TextEdit> edits = ManifestEditor.Edits([(manifest, Changes(example))], out var refused);
        Assert.Empty(refused);
        Assert.Equal(example.FixedTo, TextEdit.Apply(example.Yaml, edits));
    }

    [Theory]
    [MemberData(nameof(Fixed))]
    public void The_patch_does_the_same_to_the_object(string rule, string title)
    {
        Example example = Catalog.Example(rule, title);
        Field root = example.Subject.Root;
        IReadOnlyList<FieldChange> changes = Changes(example);
        Field? changed = DocumentEditor.Apply(root, changes);
        Assert.NotNull(changed);
        Field patched = PatchedBy.Patch(root, JsonPatch.Of(root, changed.Value, changes).ToUtf8());
        Assert.True(patched.ValueEquals(Catalog.Parse(example.FixedTo!).Root), patched.Json);
    }

    [Theory]
    [MemberData(nameof(Fixed))]
    public void A_title_is_a_clause_and_fits_a_warning(string rule, string title)
    {
        foreach (Fix fix in Catalog.Evaluate(Catalog.Example(rule, title)).Findings.Select(static finding => finding.Fix!))
        {
            Assert.InRange(fix.Title.Length, 5, 120);
            Assert.False(fix.Title.EndsWith('.') || char.IsUpper(fix.Title[0]), fix.Title);
            Assert.True(fix.Applicability == FixAvailability.Safe || !fix.IsInjection);
        }
    }

    private static IReadOnlyList<FieldChange> Changes(Example example) =>
        [.. Catalog.Evaluate(example).Findings.SelectMany(static finding => finding.Fix!.Changes)];
}
