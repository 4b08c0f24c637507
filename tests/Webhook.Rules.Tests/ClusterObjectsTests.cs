using Webhook.Resources;

namespace Webhook.Rules.Tests;

public sealed class ClusterObjectsTests
{
    private static readonly ClusterObjects Some = Catalog.Given(
        """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: llt1, namespace: erp-db}
        ---
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: anywhere}
        ---
        apiVersion: k8s.ovn.org/v1
        kind: ClusterUserDefinedNetwork
        metadata: {name: generated}
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: fast}
        provisioner: csi.hpe.com
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: data, namespace: erp-db}
        ---
        apiVersion: example.com/v1
        kind: DataVolume
        metadata: {name: other-group, namespace: erp-db}
        """);

    [Fact]
    public void What_was_given_is_found_by_namespace_and_name()
    {
        Assert.Equal("llt1", Some.Network("erp-db", "llt1").Found?.Name);
        Assert.Equal("csi.hpe.com", Some.StorageClass("fast").Found?.Provisioner);
        Assert.Equal("data", Some.PersistentVolumeClaim("erp-db", "data").Found?.Name);
    }

    [Fact]
    public void What_was_not_given_is_absent_only_where_its_kind_was_given()
    {
        Assert.True(Some.Network("erp-db", "llt2").IsAbsent);
        Assert.True(Some.StorageClass("slow").IsAbsent);
        Assert.True(Some.PersistentVolumeClaim("other", "data").IsAbsent);
        Assert.Equal("no PersistentVolume was given", Some.PersistentVolume("pv1").Unverified);
        Assert.Equal("no DataVolume was given", Some.DataVolume("erp-db", "other-group").Unverified);
    }

    [Fact]
    public void An_object_whose_namespace_is_left_to_kubectl_may_be_the_one_that_is_asked_for()
    {
        Assert.NotNull(Some.Network("", "anywhere").Found);
        Assert.Equal("the namespace of a given NetworkAttachmentDefinition is not known", Some.Network("erp-db", "anywhere").Unverified);
        Assert.Equal("the namespace of a given NetworkAttachmentDefinition is not known", Some.Network("", "llt1").Unverified);
    }

    [Fact]
    public void A_definition_that_a_user_defined_network_generates_is_not_absent() =>
        Assert.Equal("ClusterUserDefinedNetwork generated may generate it, but no Namespace was given", Some.Network("erp-db", "generated").Unverified);

    [Theory]
    [InlineData("a=k8s", false, "a")]
    [InlineData("a=k8s", true, "a")]
    [InlineData("a=k8s b=virt", false, "a")]
    [InlineData("a=k8s b=virt", true, "b")]
    [InlineData("b=virt", false, "absent")]
    [InlineData("a=none", true, "absent")]
    [InlineData("a=k8s@2025-01-01T00:00:00Z b=k8s@2026-01-01T00:00:00Z", false, "b")]
    [InlineData("a=k8s@2026-01-01T00:00:00Z b=k8s@2025-01-01T00:00:00Z", false, "a")]
    [InlineData("a=k8s b=k8s", false, "several StorageClasses are the default")]
    [InlineData("", false, "no StorageClass was given")]
    public void The_default_class_is_the_annotated_one_for_machines_first_and_the_newest_of_several(string classes, bool forVirtualMachines, string expected)
    {
        IEnumerable<string> documents = classes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static entry =>
        {
            string[] parts = entry.Split('=', '@');
            string key = parts[1] switch
            {
                "k8s" => "storageclass.kubernetes.io/is-default-class",
                "virt" => "storageclass.kubevirt.io/is-default-virt-class",
                _ => "description",
            };
            string created = parts.Length > 2 ? $", creationTimestamp: \"{parts[2]}\"" : "";
            return $"apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: {parts[0]}, annotations: {{{key}: \"true\"}}{created}}}\n";
        });
        Lookup<StorageClass> lookup = Catalog.Given(string.Join("---\n", documents)).DefaultStorageClass(forVirtualMachines);
        Assert.Equal(expected, lookup.Found?.Name ?? lookup.Unverified ?? "absent");
    }

    [Theory]
    [InlineData("", "", "first")]
    [InlineData("", ", annotations: {storageclass.kubernetes.io/is-default-class: \"true\"}", null)]
    public void What_was_given_twice_and_not_alike_is_not_known(string metadata, string other, string? found)
    {
        ClusterObjects given = Catalog.Given(
            $$"""
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: fast{{metadata}}}
            provisioner: first
            ---
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: fast{{other}}}
            provisioner: first
            """);
        Lookup<StorageClass> lookup = given.StorageClass("fast");
        Assert.Equal(found, lookup.Found?.Provisioner);
        Assert.Equal(found is null ? "unlike StorageClass objects of one name were given" : null, lookup.Unverified);
        Assert.Equal(found is not null, given.DefaultStorageClass(forVirtualMachines: false).IsAbsent);
    }

    private const string Policies =
        """
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: one}
        spec: {nodeSelector: {kubernetes.io/hostname: worker-1}}
        ---
        apiVersion: nmstate.io/v1beta1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: two}
        spec: {nodeSelector: {kubernetes.io/hostname: worker-2}}
        ---
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: all}
        ---
        apiVersion: nmstate.io/v1
        kind: NodeNetworkConfigurationPolicy
        metadata: {name: rack}
        spec: {nodeSelector: {rack: a}}
        """;

    private const string Nodes =
        """

        ---
        apiVersion: v1
        kind: Node
        metadata: {name: worker-1, labels: {kubernetes.io/hostname: worker-1, rack: b}}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: worker-2, labels: {kubernetes.io/hostname: worker-2, rack: a}}
        """;

    [Theory]
    [InlineData("one", "all rack", "all")]
    [InlineData("two", "all rack", "all rack")]
    [InlineData("all", "one rack two", "one rack two")]
    public void Policies_beside_one_share_a_node_or_might(string name, string withoutNodes, string withNodes)
    {
        NodeNetworkConfigurationPolicy subject = Policies.Split("---").Select(static text => (NodeNetworkConfigurationPolicy)Catalog.Parse(text))
            .Single(policy => policy.Name == name);
        Assert.Equal(withoutNodes, Names(Catalog.Given(Policies).PoliciesBeside(subject)));
        Assert.Equal(withNodes, Names(Catalog.Given(Policies + Nodes).PoliciesBeside(subject)));
        Assert.Equal("no other NodeNetworkConfigurationPolicy was given", Some.PoliciesBeside(subject).Unverified);
    }

    [Theory]
    [InlineData("one", "worker-1")]
    [InlineData("all", "worker-1 worker-2")]
    [InlineData("rack", "worker-2")]
    public void Nodes_are_selected_by_their_labels(string name, string expected)
    {
        NodeNetworkConfigurationPolicy subject = Policies.Split("---").Select(static text => (NodeNetworkConfigurationPolicy)Catalog.Parse(text))
            .Single(policy => policy.Name == name);
        Assert.Equal(expected, Names(Catalog.Given(Policies + Nodes).NodesSelectedBy(subject)));
        Assert.Equal("no Node was given", Catalog.Given(Policies).NodesSelectedBy(subject).Unverified);
    }

    private static string Names<T>(LookupAll<T> lookup)
        where T : KubernetesObject => string.Join(' ', lookup.Found.Select(static found => found.Name));
}
