using Webhook.EndToEnd.Tests.Cluster;

namespace Webhook.EndToEnd.Tests;

/// <summary>The main job: kubectl applies deploy/samples and the API server asks the webhook.</summary>
/// <param name="cluster">The cluster.</param>
public abstract class SampleTests(TestCluster cluster)
{
    private static readonly string[] JudgedFiles =
        ["10-llt-node-networks.yaml", "11-iscsi-node-networks.yaml", "20-networks.yaml", "21-networks-for-many-namespaces.yaml", "40-virtual-machines.yaml"];

    public static TheoryData<TestCluster.Registration> Registrations => [TestCluster.Registration.Url, TestCluster.Registration.Service];

    [Theory]
    [MemberData(nameof(Registrations))]
    public async Task Each_bad_sample_is_rejected_once_and_every_rule_it_breaks_is_named_with_the_remedy(TestCluster.Registration registration)
    {
        cluster.Require();
        await cluster.RegisterAsync(registration);
        string folder = Checkout.PathOf("deploy", "samples", "bad");

        KubectlResult apply = (await cluster.Kubectl.RunAsync("apply", "-f", folder)).Refused();
        TestContext.Current.TestOutputHelper?.WriteLine(apply.Error);

        // Nothing but the namespace was taken, and every object was rejected once.
        Assert.Equal("namespace/erp-db", Assert.Single(apply.Output.Trim().Split('\n'))[.."namespace/erp-db".Length]);
        Dictionary<string, string[]> rejected = Rejections.Parse(apply.Error);
        Dictionary<string, string[]> broken = Broken(folder);
        Assert.Equal(broken.Keys.Order(StringComparer.Ordinal), rejected.Keys.Order(StringComparer.Ordinal));
        foreach ((string subject, string[] rules) in broken)
        {
            Assert.Equal(rules.Order(StringComparer.Ordinal), rejected[subject].Distinct().Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Registrations))]
    public async Task The_good_samples_are_accepted_with_no_warning_but_that_something_was_not_seen(TestCluster.Registration registration)
    {
        cluster.Require();
        await cluster.RegisterAsync(registration);
        string folder = Checkout.PathOf("deploy", "samples", "good");

        KubectlResult apply = (await cluster.Kubectl.RunAsync("apply", "-f", folder)).Done();

        Assert.Equal(15, apply.Output.Trim().Split('\n').Length - 1); // and the namespace
        foreach (string name in (string[])["erp-llt-worker-1", "llt1", "iscsi1", "shared-llt1", "erp-node1", "erp-node2"])
        {
            IReadOnlyDictionary<string, string> annotations = await cluster.AuditAnnotationsAsync("create", name);
            Assert.Equal("allowed", annotations["decision"]);
            Assert.DoesNotContain("rules", annotations);
            Assert.DoesNotContain("warnings", annotations); // "unverified" is allowed
        }

        foreach (string file in JudgedFiles)
        {
            (await cluster.Kubectl.RunAsync("delete", "-f", Path.Combine(folder, file))).Done();
        }
    }

    // The rules that each sample says it breaks, by object as the rejection names it.
    private static Dictionary<string, string[]> Broken(string folder) =>
        Directory.EnumerateFiles(folder, "*.yaml").SelectMany(static file => File.ReadAllText(file).Split("\n---\n"))
            .Where(static document => document.Contains("# breaks: ", StringComparison.Ordinal))
            .ToDictionary(
                static document => $"{Value(document, "kind: ")} {(Value(document, "  namespace: ") is { Length: > 0 } at ? at + "/" : "")}{Value(document, "  name: ")}",
                static document => Value(document, "# breaks: ").Split(", "));

    private static string Value(string document, string prefix) =>
        document.Split('\n').FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..] ?? "";
}

/// <summary>With small definitions.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(SmallSchemas))]
public sealed class SampleTestsWithSmallSchemas(SmallSchemaCluster cluster) : SampleTests(cluster);

/// <summary>With the real definitions.</summary>
/// <param name="cluster">The cluster.</param>
[Collection(nameof(RealSchemas))]
public sealed class SampleTestsWithRealSchemas(RealSchemaCluster cluster) : SampleTests(cluster);

/// <summary>Shares one API server.</summary>
[CollectionDefinition(nameof(SmallSchemas))]
public sealed class SmallSchemas : ICollectionFixture<SmallSchemaCluster>;

/// <summary>Shares one API server.</summary>
[CollectionDefinition(nameof(RealSchemas))]
public sealed class RealSchemas : ICollectionFixture<RealSchemaCluster>;
