using Webhook.Resources;
using Webhook.Resources.Manifests;

namespace Webhook.Rules.Tests;

/// <summary>The catalog as theory data, and examples turned into objects.</summary>
public static class Catalog
{
    /// <summary>The moment of every test review.</summary>
    public static readonly DateTimeOffset Now = Webhook.Rules.Example.Moment;

    public static TheoryData<string> Rules => [.. RuleCatalog.All.Select(static rule => rule.Info.Id)];

    public static TheoryData<string, string> Examples
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (Rule rule in RuleCatalog.All)
            {
                foreach (Example example in rule.Info.Examples)
                {
                    data.Add(rule.Info.Id, example.Title);
                }
            }

            return data;
        }
    }

    public static Example Example(string rule, string title) =>
        RuleCatalog.Find(rule)!.Info.Examples.Single(example => example.Title == title);

    public static KubernetesObject Parse(string yaml)
    {
        Manifest manifest = Assert.Single(ManifestReader.Read(yaml));
        Assert.Null(manifest.Error);
        KubernetesObject? view = ResourceKinds.View(manifest.Root);
        Assert.NotNull(view);
        return view;
    }

    /// <summary>A cluster that holds the objects of a YAML text and nothing else.</summary>
    public static ClusterObjects Given(string yaml) => ClusterObjects.Given(ManifestReader.Read(yaml).Select(static manifest =>
    {
        Assert.Null(manifest.Error);
        return manifest.Root;
    }));

    public static Evaluation Evaluate(Example example) => Evaluator.Evaluate(example.Subject, example.Context);

    /// <summary>The findings of one rule on an object that is created.</summary>
    public static IReadOnlyList<Finding> Findings(string rule, string yaml, RuleContext? context = null)
    {
        Evaluation evaluation = Evaluator.Evaluate([RuleCatalog.Find(rule)!], Parse(yaml), context ?? new RuleContext { Now = Now });
        Assert.Empty(evaluation.Failures);
        return evaluation.Findings;
    }
}
