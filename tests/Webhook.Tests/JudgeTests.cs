using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Manifests;
using Webhook.Rules;

namespace Webhook.Tests;

public sealed class JudgeTests
{
    [Fact]
    public void An_object_without_label_is_not_judged()
    {
        KubernetesObject vm = ResourceKinds.View(Assert.Single(ManifestReader.Read(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachine
            metadata: {name: a, namespace: b}
            """)).Root)!;
        Judgement judgement = Judge.Evaluate(vm, new RuleContext { Now = DateTimeOffset.UnixEpoch }, EnforcementSettings.Default);
        Assert.Equal("no InfoScale label", judgement.NotJudged);
        Assert.Empty(judgement.Findings);
    }

    [Theory]
    [InlineData("spec: {running: true, template: {spec: {domain: {devices: {interfaces: [{name: nic, bridge: {}}]}}, networks: [{name: nic, multus: {networkName: llt}}]}}}", null)]
    [InlineData("spec: {running: true, template: {spec: {domain: {devices: {interfaces: [{name: nic, bridge: {}}]}}, networks: [{name: nic, multus: {networkName: missing}}]}}}", "no InfoScale label")]
    [InlineData("status: {}", "no InfoScale label")]
    public void A_VM_without_label_is_judged_only_by_whether_it_is_on_an_InfoScale_network(string spec, string? notJudged)
    {
        KubernetesObject vm = ResourceKinds.View(Assert.Single(ManifestReader.Read(
            $"apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {{name: a, namespace: b}}\n{spec}\n")).Root)!;
        var cluster = ClusterObjects.Given(ManifestReader.Read(
            "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt, namespace: b, labels: {infoscale.internal/role: llt}}}")
            .Select(static manifest => manifest.Root));
        Judgement judgement = Judge.Evaluate(vm, new RuleContext { Now = DateTimeOffset.UnixEpoch, Cluster = cluster }, EnforcementSettings.Default);
        Assert.Equal(notJudged, judgement.NotJudged);
        Assert.Equal(notJudged is null ? ["vm-unlabelled-on-role-network"] : [], judgement.Findings.Select(static finding => finding.Rule));
    }

    [Theory]
    [InlineData("infoscale.internal/cluster: erp", "", null)]
    [InlineData("app: web", "", "no copy of a labelled VM beside it, as far as is seen")]
    [InlineData("app: web", "infoscale.internal/cluster: erp", null)]
    [InlineData("infoscale.internal/cluster: erp", "{name: vcs, ownerReferences: [{apiVersion: clone.kubevirt.io/v1beta1, kind: VirtualMachineClone, name: c, controller: true}]}",
        "rendered by VirtualMachineClone/c, which is judged itself")]
    public void A_clone_or_restore_is_judged_where_what_it_copies_is_labelled(string sourceLabel, string metadata, string? notJudged)
    {
        bool isOwned = metadata.StartsWith('{');
        string own = isOwned ? $"{{namespace: b, {metadata[1..]}" : $"{{name: c, namespace: b, labels: {{{metadata}}}}}";
        KubernetesObject copy = ResourceKinds.View(Assert.Single(ManifestReader.Read(
            $"apiVersion: clone.kubevirt.io/v1beta1\nkind: VirtualMachineClone\nmetadata: {own}\nspec: {{source: {{kind: VirtualMachine, name: a}}}}\n")).Root)!;
        var cluster = ClusterObjects.Given(ManifestReader.Read(
            $"{{apiVersion: kubevirt.io/v1, kind: VirtualMachine, metadata: {{name: a, namespace: b, labels: {{{sourceLabel}}}}}, spec: {{}}}}")
            .Select(static manifest => manifest.Root));
        Judgement judgement = Judge.Evaluate(copy, new RuleContext { Now = DateTimeOffset.UnixEpoch, Cluster = cluster }, EnforcementSettings.Default);
        Assert.Equal(notJudged, judgement.NotJudged);
    }
}
