using System.Text.Json.Nodes;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Manifests;

namespace Webhook.Rules.Tests;

/// <summary>No rule throws, whatever stands at whichever node.</summary>
public sealed class RobustnessTests
{
    [Theory]
    [MemberData(nameof(Catalog.Examples), MemberType = typeof(Catalog))]
    public void No_rule_throws_on_an_example_with_any_node_spoiled(string rule, string title)
    {
        Example example = Catalog.Example(rule, title);
        KubernetesObject old = Catalog.Parse(example.Old ?? example.Yaml);
        KubernetesObject current = Catalog.Parse(example.Yaml);
        foreach (NetworkRole? assumed in new NetworkRole?[] { null, NetworkRole.Llt, NetworkRole.Iscsi })
        {
            ClusterView cluster = example.Context.Cluster;
            Spoil(current, _ => new RuleContext
            {
                Now = Catalog.Now, Operation = Operation.Update, Old = old, AssumedRole = assumed, Cluster = cluster,
            });
        }

        if (example.Old is not null)
        {
            foreach (JsonNode spoiled in Mutations.Of(JsonNode.Parse(old.Root.Json)!))
            {
                Judge(current, new RuleContext { Now = Catalog.Now, Operation = Operation.Update, Old = View(spoiled) ?? old });
            }
        }
    }

    [Theory]
    [MemberData(nameof(Catalog.Examples), MemberType = typeof(Catalog))]
    public void No_rule_throws_whatever_the_other_objects_of_the_cluster_look_like(string rule, string title)
    {
        Example example = Catalog.Example(rule, title);
        Field[] given = [.. ManifestReader.Read(example.Given ?? "").Select(static manifest => manifest.Root)];
        for (int i = 0; i < given.Length; i++)
        {
            Field whole = given[i];
            foreach (JsonNode spoiled in Mutations.Of(JsonNode.Parse(whole.Json)!))
            {
                given[i] = Field.Parse(spoiled.ToJsonString());
                Judge(example.Subject, example.Context with { Cluster = ClusterObjects.Given(given) });
            }

            given[i] = whole;
        }
    }

    [Theory]
    [MemberData(nameof(Corpus.Files), MemberType = typeof(Corpus))]
    public void No_rule_throws_on_a_real_manifest_with_any_node_spoiled(string file)
    {
        foreach (Manifest manifest in ManifestReader.Read(File.ReadAllText(Corpus.PathOf(file))))
        {
            if (manifest.Error is null && ResourceKinds.View(manifest.Root) is KubernetesObject view)
            {
                Spoil(view, _ => new RuleContext { Now = Catalog.Now, AssumedRole = NetworkRole.Llt });
            }
        }
    }

    private static void Spoil(KubernetesObject whole, Func<KubernetesObject, RuleContext> context)
    {
        foreach (JsonNode spoiled in Mutations.Of(JsonNode.Parse(whole.Root.Json)!))
        {
            if (View(spoiled) is KubernetesObject view)
            {
                Judge(view, context(view));
            }
        }
    }

    private static KubernetesObject? View(JsonNode node) => ResourceKinds.View(Field.Parse(node.ToJsonString()));

    private static void Judge(KubernetesObject view, RuleContext context)
    {
        Evaluation evaluation = Evaluator.Evaluate(view, context);
        if (evaluation.Failures is [RuleFailure failure, ..])
        {
            Assert.Fail($"{failure.Rule} on {view.Root.Json}: {failure.Exception}");
        }

        foreach (Finding finding in evaluation.Findings)
        {
            Assert.InRange(finding.Line.Length, 1, Finding.MaxLength);
        }
    }
}
