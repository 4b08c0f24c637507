namespace Webhook.Rules.Tests.Vm;

public sealed class VmCloneDuplicatesAddressesTests
{
    [Theory]
    [InlineData(2, "172.30.1.11/24", "Warning replicas")]
    [InlineData(1, "172.30.1.11/24", "")]
    [InlineData(0, "172.30.1.11/24", "")]
    [InlineData(3, "", "")]
    public void Replicas_of_one_template_would_share_its_addresses(int replicas, string address, string expected) =>
        Assert.Equal(expected, GuestMachine.Judge(
            "vm-clone-duplicates-addresses",
            $$$"""
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstanceReplicaSet
            metadata: {name: vcs, namespace: erp-db}
            spec:
              replicas: {{{replicas}}}
              template:
                metadata: {labels: {infoscale.internal/cluster: erp}}
                spec:
                  domain: {devices: {interfaces: {{{GuestMachine.Interfaces}}}}}
                  networks: {{{GuestMachine.Networks}}}
                  volumes: {{{GuestMachine.Volume($"{{version: 2, ethernets: {{x: {{match: {{macaddress: '02:50:00:0e:01:11'}}, addresses: [{address}]}}}}}}")}}}
            """));

    [Fact]
    public void A_virtual_machine_has_no_replicas() =>
        Assert.Equal("", GuestMachine.Judge("vm-clone-duplicates-addresses", GuestMachine.With().Replace("runStrategy: Always", "replicas: 3", StringComparison.Ordinal)));
}
