using System.Collections.Immutable;
using System.Text;
using Webhook.Admission;
using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Tests.Admission;

public sealed class NamespaceModeTests
{
    private const string Bad = """{"cniVersion": "0.3.1", "name": "x", "type": "bridge", "bridge": "br-llt1"}""";
    private const string Good = """{"cniVersion": "0.3.1", "name": "x", "type": "bridge", "bridge": "br-llt1", "mtu": 9000}""";

    [Fact]
    public void Towards_enforce_it_says_how_many_objects_would_be_rejected_and_which_first() =>
        Assert.Equal(
            "mode enforce: 2 of 3 existing objects would be rejected, first NetworkAttachmentDefinition llt1 [nad-mtu-not-jumbo]; " +
            "they go on, and updates are denied only for what they make worse",
            Assert.Single(Warnings("warn", "enforce", ("llt1", Bad), ("llt2", Bad), ("llt3", Good))));

    [Theory]
    [InlineData("enforce", "warn")]
    [InlineData("enforce", "enforce")]
    [InlineData("audit", "warn")]
    [InlineData(null, "enforce")]
    [InlineData("enforce", null)]
    public void Where_nothing_new_is_enforced_it_is_silent(string? from, string? to) => Assert.Empty(Warnings(from, to, ("llt1", Bad)));

    [Fact]
    public void Taking_a_mild_label_away_enforces_as_well() => Assert.Single(Warnings("off", null, ("llt1", Bad)));

    [Fact]
    public void Where_nothing_would_be_rejected_it_is_silent() => Assert.Empty(Warnings("warn", "enforce", ("llt1", Good)));

    [Fact]
    public void What_is_not_seen_is_not_counted() =>
        Assert.Equal(
            "mode enforce: how many existing objects it would reject is not known (objects were not looked up)",
            Assert.Single(Answer("warn", "enforce", ClusterView.Unseen).Warnings));

    [Fact]
    public void A_word_that_is_no_mode_is_named_with_those_that_are() =>
        Assert.Equal(
            "metadata.labels[infoscale.internal/mode]: Unsupported value: \"enforced\": must be enforce, warn, audit or off; until then the " +
            "configured mode enforce counts",
            Assert.Single(Answer("warn", "enforced", ClusterView.Unseen).Warnings));

    private static ImmutableArray<string> Warnings(string? from, string? to, params (string Name, string Configuration)[] networks) =>
        Answer(from, to, new Networks([.. networks.Select(static network => ResourceKinds.View(Assert.Single(ManifestReader.Read(
            $$"""
            apiVersion: k8s.cni.cncf.io/v1
            kind: NetworkAttachmentDefinition
            metadata: {name: {{network.Name}}, namespace: erp-db, labels: {infoscale.internal/role: llt} }
            spec: {config: '{{network.Configuration}}'}
            """)).Root)!)])).Warnings;

    private static AdmissionResponse Answer(string? from, string? to, ClusterView cluster)
    {
        string body =
            $$"""
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","operation":"UPDATE","name":"erp-db","namespace":"erp-db",
            "kind":{"group":"","version":"v1","kind":"Namespace"},"object":{{Space(to)}},"oldObject":{{Space(from)}} } }
            """;
        Assert.True(AdmissionReview.TryRead(Encoding.UTF8.GetBytes(body), out AdmissionReview? review, out string? error), error);
        AdmissionResponse response = NamespaceMode.Review(review, EnforcementSettings.Default, cluster, new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero));
        Assert.True(response.Allowed);
        return response;
    }

    private static string Space(string? mode) =>
        $$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"erp-db","labels":{{{(mode is null ? "" : $"\"infoscale.internal/mode\":\"{mode}\"")}}} } }""";

    private sealed class Networks(KubernetesObject[] all) : ClusterView
    {
        public override LookupAll<KubernetesObject> JudgedIn(string @namespace) =>
            @namespace == "erp-db" ? LookupAll<KubernetesObject>.Of(all) : base.JudgedIn(@namespace);
    }
}
