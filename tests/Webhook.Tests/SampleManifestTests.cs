using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Tests;

/// <summary>The manifests of deploy/samples: what each is named for is what is found.</summary>
public sealed partial class SampleManifestTests
{
    // What no sample can break while it is created, and alone.
    private static readonly string[] NotByCreating =
    [
        "nad-changed-in-use", "nad-mtu-exceeds-node", "nad-node-network-missing", "nad-ovs-headroom-missing", "nad-siblings-differ",
        "nncp-address-changed", "nncp-address-duplicate", "nncp-max-unavailable-unbounded", "nncp-mtu-exceeds-nic", "nncp-mtu-lowered-in-use",
        "nncp-not-applied", "nncp-role-interface-removed", "nncp-static-address-on-many-nodes",
        "vm-address-changed", "vm-cluster-mtu-differs", "vm-label-removed", "vm-lowpri-mtu-smaller", "vm-mtu-exceeds-network", "vm-network-changed",
        "vm-network-missing", "vm-node-without-network", "vm-storage-unverified", "vm-unlabelled-on-role-network",
    ];

    public static TheoryData<string, string, string, string> BadSamples
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (string document in Documents("bad").Where(static document => document.Contains("\n# breaks: ", StringComparison.Ordinal)))
            {
                data.Add(Name(document), document, Comment(document, "breaks"), Comment(document, "warns"));
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(BadSamples))]
    public void A_bad_sample_breaks_the_rules_it_names_and_no_other(string name, string document, string breaks, string warns)
    {
        IReadOnlyList<Finding> findings = Findings(document);
        Assert.Equal(name, Name(document));
        Assert.Equal(breaks, Rules(findings.Where(static finding => finding.Severity == Severity.Error)));
        Assert.Equal(warns, Rules(findings.Where(static finding => finding is { Severity: Severity.Warning, Unverified: false })));
    }

    [Fact]
    public void A_good_sample_has_no_finding_but_that_something_was_not_seen()
    {
        string[] documents = [.. Documents("good")];
        Assert.Equal(16, documents.Length);
        foreach (string document in documents.Where(static document => ResourceKinds.View(Read(document).Root) is not null))
        {
            Assert.Empty(Findings(document).Where(static finding => !finding.Unverified).Select(static finding => finding.Line));
        }
    }

    [Fact]
    public void The_bad_samples_show_every_rule_that_a_new_object_can_break()
    {
        IEnumerable<string> shown = Documents("bad").SelectMany(static document => $"{Comment(document, "breaks")}, {Comment(document, "warns")}".Split(", "));
        string[] missing = [.. RuleCatalog.All.Select(static rule => rule.Info.Id).Except(shown).Except(NotByCreating)];
        Assert.Empty(missing);
    }

    private static ImmutableArray<Finding> Findings(string document)
    {
        KubernetesObject subject = ResourceKinds.View(Read(document).Root)!;
        Judgement judgement = Judge.Evaluate(subject, new RuleContext { Now = DateTimeOffset.UnixEpoch }, EnforcementSettings.Default);
        Assert.Null(judgement.NotJudged);
        Assert.Empty(judgement.Failures);
        return judgement.Findings;
    }

    private static Manifest Read(string document) => Assert.Single(ManifestReader.Read(document));

    private static string Name(string document) => Read(document).Root["metadata"]["name"].Text!;

    private static string Rules(IEnumerable<Finding> findings) => Sorted(findings.Select(static finding => finding.Rule).Distinct());

    private static string Comment(string document, string key) =>
        Sorted(Regex.Match(document, $"^# {key}: (.*)$", RegexOptions.Multiline).Groups[1].Value.Split(", "));

    private static string Sorted(IEnumerable<string> ids) => string.Join(", ", ids.Order(StringComparer.Ordinal));

    private static IEnumerable<string> Documents(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Checkout(), "deploy", "samples", folder), "*.yaml").Order(StringComparer.Ordinal)
            .SelectMany(static file => DocumentEnd().Split(File.ReadAllText(file)));

    private static string Checkout()
    {
        DirectoryInfo at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Webhook.sln")))
        {
            at = at.Parent!;
        }

        return at.FullName;
    }

    [GeneratedRegex("^---\\n", RegexOptions.Multiline)]
    private static partial Regex DocumentEnd();
}
