using System.Text.Json.Nodes;
using Webhook.Checking;
using Webhook.Resources;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Tests.Admission;

/// <summary>What mutation keeps, over every example of the rules and every manifest of the corpus beside the checkout.</summary>
public sealed class MutationPropertyTests
{
    [Fact]
    public void Examples_are_mended_or_left_alone()
    {
        int injected = 0;
        foreach ((Rule rule, Example example) in RuleCatalog.All.SelectMany(static rule => rule.Info.Examples.Select(example => (rule, example))))
        {
            JsonNode node = JsonNode.Parse(example.Subject.Root.Json)!;
            injected += new Mutation(Mutation.Everything, example.Context.Cluster).Holds(node, $"{rule.Info.Id}, {example.Title}") ? 1 : 0;
        }

        Assert.InRange(injected, 5, 50);
    }

    [Theory]
    [InlineData("llt")]
    [InlineData("iscsi")]
    public void Real_manifests_are_mended_or_left_alone(string role)
    {
        string corpus = Path.GetFullPath(Path.Combine(Golden.Checkout, "..", "shared", "corpus"));
        if (!Directory.Exists(corpus))
        {
            Assert.Skip("no ../shared/corpus beside the checkout");
        }

        var mutation = new Mutation(Mutation.Everything, ClusterView.Unseen);
        int objects = 0, injected = 0;
        foreach (string file in ManifestFiles.Find([corpus], static _ => { }))
        {
            foreach (Manifest manifest in ManifestReader.Read(File.ReadAllText(file)))
            {
                if (manifest.Error is null && ResourceKinds.View(manifest.Root) is KubernetesObject view)
                {
                    JsonNode node = JsonNode.Parse(view.Root.Json)!;
                    if (OptIn(node, view, role))
                    {
                        objects++;
                        injected += mutation.Holds(node, file) ? 1 : 0;
                    }
                }
            }
        }

        Assert.True(objects > 100 && (role == "iscsi" || injected > 50), $"{injected} of {objects}");
    }

    // As their author would opt in; the virtual machines with a model that learns no MTU.
    private static bool OptIn(JsonNode node, KubernetesObject view, string role)
    {
        if (node["metadata"] is not JsonObject metadata || (metadata["labels"] is not null and not JsonObject) || (metadata["annotations"] is not null and not JsonObject))
        {
            return false;
        }

        var labels = (JsonObject)(metadata["labels"] ??= new JsonObject());
        labels[view is VirtualMachine ? InfoScaleMetadata.Cluster : InfoScaleMetadata.Role] = role;
        if (view is VirtualMachine machine)
        {
            var annotations = (JsonObject)(metadata["annotations"] ??= new JsonObject());
            annotations[InfoScaleMetadata.NicRoles] = string.Join(',', machine.Nics.Where(static nic => nic.IsMultus).Select(nic => $"{nic.Name}={role}"));
            foreach (VirtualMachineNic nic in machine.Nics)
            {
                JsonNode? at = node;
                foreach (var step in nic.Interface.Path.Steps())
                {
                    at = step.Name is string name ? at![name] : at![step.Index];
                }

                at!["model"] = "e1000e";
            }
        }

        return true;
    }
}
