namespace Webhook.Rules.Tests.Vm;

public sealed class VmCpuMemoryOvercommittedTests
{
    [Theory]
    [InlineData("memory: {guest: 16Gi}", "")]
    [InlineData("resources: {requests: {memory: 8Gi}}", "")]
    [InlineData("memory: {guest: 16Gi}, resources: {requests: {memory: 16Gi}}", "")]
    [InlineData("memory: {guest: 16Gi}, resources: {requests: {memory: 17179869184}}", "")]
    [InlineData("memory: {guest: 16Gi}, resources: {requests: {memory: 16384Mi}}", "")]
    [InlineData("memory: {guest: 16Gi}, resources: {requests: {memory: 16G}}", "memory")]
    [InlineData("memory: {guest: 16Gi}, resources: {requests: {memory: 17179869183}}", "memory")]
    [InlineData("memory: {guest: 16Gi}, resources: {requests: {memory: lots}}", "")]
    [InlineData("memory: {guest: 16Gi}, resources: {limits: {memory: 20Gi}}", "")]
    [InlineData("resources: {limits: {cpu: 4}}", "cpu")]
    [InlineData("resources: {limits: {cpu: \"500m\"}}", "cpu")]
    [InlineData("resources: {requests: {cpu: 4}}", "")]
    [InlineData("cpu: {dedicatedCpuPlacement: true}, resources: {limits: {cpu: 4}}", "")]
    [InlineData("cpu: {dedicatedCpuPlacement: false}, resources: {limits: {cpu: 4}}", "cpu")]
    [InlineData("memory: {guest: 2Gi}, resources: {requests: {memory: 1Gi}, limits: {cpu: 1}}", "memory cpu")]
    public void A_request_below_the_guests_memory_and_a_CPU_limit_are_found(string domain, string subjects) =>
        Assert.Equal(subjects, string.Join(' ', Findings($"template: {{spec: {{domain: {{{domain}}}}}}}").Select(static finding => finding.Subject)));

    [Fact]
    public void The_shortfall_is_what_is_not_requested_in_bytes() =>
        Assert.Equal(1L << 30, Assert.Single(Findings("template: {spec: {domain: {memory: {guest: 3Gi}, resources: {requests: {memory: 2Gi}}}}}")).Shortfall);

    [Theory]
    [InlineData("{name: o1.medium}", "spec.instancetype.name")]
    [InlineData("{inferFromVolume: root}", "spec.instancetype")]
    public void What_an_instancetype_says_was_not_seen(string instancetype, string path)
    {
        Finding finding = Assert.Single(Findings($"instancetype: {instancetype}, template: {{spec: {{domain: {{}}}}}}"));
        Assert.True(finding.Unverified);
        Assert.Equal(path, finding.Path.ToString());
    }

    private static IReadOnlyList<Finding> Findings(string spec) => Catalog.Findings(
        "vm-cpu-memory-overcommitted", $"apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {{name: a, namespace: b}}\nspec: {{{spec}}}\n");
}
