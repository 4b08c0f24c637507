using Webhook.Resources.Json;
using Webhook.Resources.Manifests;

namespace Webhook.Resources.Tests;

public sealed class NodeNetworkConfigurationPolicyTests
{
    [Theory]
    [InlineData("nmstate.io/v1")]
    [InlineData("nmstate.io/v1beta1")]
    [InlineData("nmstate.io/v1alpha1")]
    public void All_versions_are_read_alike(string version)
    {
        KubernetesObject? view = ResourceKinds.View(Root($"apiVersion: {version}\nkind: NodeNetworkConfigurationPolicy\nspec: {{desiredState: {{interfaces: [{{name: a}}]}}}}"));
        Assert.Equal("a", Assert.Single(Assert.IsType<NodeNetworkConfigurationPolicy>(view).State.Interfaces).Name);
    }

    [Theory]
    [InlineData("{}", true, false)]
    [InlineData("null", true, false)]
    [InlineData("{kubernetes.io/hostname: worker-1}", false, true)]
    [InlineData("{kubernetes.io/hostname: ''}", false, false)]
    [InlineData("{kubernetes.io/hostname: 7}", false, false)]
    [InlineData("{node-role.kubernetes.io/worker: ''}", false, false)]
    public void Only_a_hostname_selects_one_node(string selector, bool all, bool one)
    {
        NodeNetworkConfigurationPolicy policy = Policy(selector);
        Assert.Equal((all, one), (policy.SelectsAllNodes, policy.SelectsOneNode));
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("{a: b}", true)]
    [InlineData("{a: b, c: ''}", true)]
    [InlineData("{a: x}", false)]
    [InlineData("{a: b, d: e}", false)]
    [InlineData("{a: 7}", false)]
    public void A_node_is_selected_where_all_labels_are_equal(string selector, bool expected) =>
        Assert.Equal(expected, Policy(selector).Selects(new Node(Root("metadata: {labels: {a: b, c: ''}}"))));

    [Theory]
    [InlineData("{a: b}", "{a: c}", true)]
    [InlineData("{a: b}", "{a: b, d: e}", false)]
    [InlineData("{a: b}", "{d: e}", false)]
    [InlineData("{}", "{a: b}", false)]
    public void Selectors_contradict_each_other_by_one_label_with_two_values(string one, string other, bool expected)
    {
        Assert.Equal(expected, Policy(one).ContradictsSelectorOf(Policy(other)));
        Assert.Equal(expected, Policy(other).ContradictsSelectorOf(Policy(one)));
    }

    private static NodeNetworkConfigurationPolicy Policy(string selector) => new(Root($"spec: {{nodeSelector: {selector}}}"));

    private static Field Root(string yaml) => Assert.Single(ManifestReader.Read(yaml)).Root;
}
