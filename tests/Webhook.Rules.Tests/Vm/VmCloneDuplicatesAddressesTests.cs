using Webhook.Resources.Manifests;

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

    [Theory]
    [InlineData("", "Warning spec.source.name")]
    [InlineData("newMacAddresses: {llt1: '02:50:00:0e:01:13'}", "Warning spec.source.name")]
    [InlineData("labelFilters: ['!infoscale*']", "Warning spec.source.name")]
    [InlineData("patches: ['{\"op\": \"replace\", \"path\": \"/spec/template/spec/volumes/0/cloudInitNoCloud/networkData\", \"value\": \"addresses: [172.30.1.13/24]\"}']", "")]
    [InlineData("patches: ['{\"op\": \"replace\", \"path\": \"/spec/template/spec/volumes\", \"value\": []}']", "")]
    [InlineData("patches: ['{\"op\": \"remove\", \"path\": \"/spec/template/spec/volumes/0\"}']", "")]
    [InlineData("patches: ['{\"op\": \"add\", \"path\": \"/spec/template/spec/volumes/0\", \"value\": {}}']", "Warning spec.source.name")]
    [InlineData("patches: ['{\"op\": \"replace\", \"path\": \"/spec/template/spec/volumes/0/cloudInitNoCloud/networkData\", \"value\": \"{mtu: 8990, addresses: [172.30.1.11/24]}\"}']", "Warning spec.source.name")]
    [InlineData("patches: ['{\"op\": \"replace\", \"path\": \"/spec/template/spec/volumes/0/cloudInitNoCloud/networkData\", \"value\": \"[172.30.1.110/24]\"}']", "")]
    [InlineData("patches: ['{\"op\": \"replace\", \"path\": \"/spec/template/spec/volumes/01\", \"value\": {}}']", "Warning spec.source.name")]
    [InlineData("patches: ['{', 1, '{\"op\": \"test\", \"path\": \"/spec\"}', '{\"op\": \"replace\", \"path\": \"\"}']", "Warning spec.source.name")]
    public void A_clone_gets_the_addresses_that_no_patch_takes_away(string more, string expected) =>
        Assert.Equal(expected, Copy(Clone("VirtualMachine", "vcs-node1", more), Member()));

    [Theory]
    [InlineData("VirtualMachineSnapshot", "before", "Warning spec.source.name")]
    [InlineData("VirtualMachineSnapshot", "other", "Warning? spec.source.name")]
    [InlineData("VirtualMachine", "nobody", "")]
    public void A_clone_is_of_a_machine_or_of_a_snapshot_of_one(string kind, string name, string expected) =>
        Assert.Equal(expected, Copy(Clone(kind, name), Member(), Snapshot));

    [Theory]
    [InlineData("vcs-node9", "vcs-node1", "Warning spec.target.name")]
    [InlineData("vcs-node1", "vcs-node1", "")] // its own past
    [InlineData("vcs-node2", "vcs-node1", "")] // an update of that one
    [InlineData("vcs-node9", "gone", "")] // no original beside it
    public void A_snapshot_restored_under_a_new_name_gets_the_addresses_of_its_machine(string target, string snapshotOf, string expected) =>
        Assert.Equal(expected, Copy(
            Restore(target), Member(), Member().Replace("vcs-node1", "vcs-node2", StringComparison.Ordinal), Snapshot.Replace("vcs-node1", snapshotOf, StringComparison.Ordinal)));

    [Fact]
    public void What_is_not_seen_is_said()
    {
        Assert.Equal("Warning? spec.source.name", Copy(Clone("VirtualMachine", "vcs-node1")));
        Assert.Equal("Warning? spec.target.name", Copy(Restore("vcs-node9"), Member()));
        Assert.Equal("Warning? spec.source.name", Copy(
            Clone("VirtualMachine", "vcs-node1"),
            GuestMachine.WithVolumes("[{name: cloudinit, cloudInitNoCloud: {networkDataSecretRef: {name: vcs-node1}}}]")));
    }

    [Fact]
    public void A_member_that_gets_its_addresses_elsewhere_can_be_cloned() =>
        Assert.Equal("", Copy(Clone("VirtualMachine", "vcs-node1"), GuestMachine.With(null)));

    private const string Snapshot =
        """
        apiVersion: snapshot.kubevirt.io/v1beta1
        kind: VirtualMachineSnapshot
        metadata: {name: before, namespace: erp-db}
        spec: {source: {apiGroup: kubevirt.io, kind: VirtualMachine, name: vcs-node1}}
        """;

    private static string Member() => GuestMachine.With();

    private static string Copy(string yaml, params string[] given) => GuestMachine.Judge("vm-clone-duplicates-addresses", yaml, new RuleContext
    {
        Now = Catalog.Now,
        Cluster = ClusterObjects.Given(given.SelectMany(static text => ManifestReader.Read(text)).Select(static manifest => manifest.Root)),
    });

    private static string Clone(string kind, string name, string more = "") =>
        $$"""
        apiVersion: clone.kubevirt.io/v1alpha1
        kind: VirtualMachineClone
        metadata: {name: c, namespace: erp-db}
        spec:
          source: {apiGroup: kubevirt.io, kind: {{kind}}, name: {{name}}}
          {{more}}
        """;

    private static string Restore(string target) =>
        $$"""
        apiVersion: snapshot.kubevirt.io/v1alpha1
        kind: VirtualMachineRestore
        metadata: {name: r, namespace: erp-db}
        spec: {target: {apiGroup: kubevirt.io, kind: VirtualMachine, name: {{target}}}, virtualMachineSnapshotName: before}
        """;
}
