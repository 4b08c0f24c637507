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
}
