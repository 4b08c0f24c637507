using Webhook.Resources.Json;
using Webhook.Resources.Manifests;

namespace Webhook.Resources.Tests;

public sealed class VirtualMachineNicTests
{
    [Fact]
    public void Interfaces_are_joined_with_networks_by_name()
    {
        VirtualMachine machine = Read(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachine
            metadata: {name: a, namespace: own}
            spec:
              template:
                spec:
                  domain:
                    devices:
                      interfaces:
                      - {name: default, masquerade: {}}
                      - {name: llt1, bridge: {}, model: e1000e, macAddress: 02-50-00-0E-01-1b}
                      - {bridge: {}}
                      - {name: other, binding: {name: l2bridge}, state: down}
                      - {name: away, sriov: {}, state: absent}
                      - {name: lost}
                  networks:
                  - {name: away, multus: {networkName: ""}}
                  - {name: other, multus: {networkName: ns/net/x, default: true}}
                  - {name: llt1, multus: {networkName: llt1}}
                  - {name: default, pod: {}}
            """);
        Assert.Equal(["default", "llt1", "other", "away", "lost"], machine.Nics.Select(static nic => nic.Name));
        Assert.True(machine.Nics == machine.Nics); // One array, read once.
        (VirtualMachineNic pod, VirtualMachineNic llt, VirtualMachineNic other, VirtualMachineNic away, VirtualMachineNic lost) =
            (machine.Nics[0], machine.Nics[1], machine.Nics[2], machine.Nics[3], machine.Nics[4]);
        Assert.True(pod.IsOnPodNetwork);
        Assert.Equal("masquerade", pod.Binding);
        Assert.Null(pod.Attachment("own"));
        Assert.Equal(("own", "llt1"), llt.Attachment("own"));
        Assert.Equal("02:50:00:0e:01:1b", llt.MacAddress.ToString());
        Assert.Equal("e1000e", llt.Model);
        Assert.Equal("spec.template.spec.networks[2].multus.networkName", llt.NetworkName.Path.ToString());
        Assert.Equal(("ns", "net/x"), other.Attachment("own"));
        Assert.True(other.IsMultusDefault && other.IsDown && !other.IsUnplugged);
        Assert.Equal("l2bridge", other.Binding);
        Assert.True(away.IsUnplugged);
        Assert.Null(away.Attachment("own"));
        Assert.True(lost.Network.IsMissing && !lost.IsMultus && !lost.IsOnPodNetwork);
        Assert.Null(lost.Binding);
    }

    [Theory]
    [InlineData("spec: {runStrategy: Halted}", true)]
    [InlineData("spec: {running: false}", true)]
    [InlineData("spec: {running: true}", false)]
    [InlineData("spec: {runStrategy: Manual}", false)]
    [InlineData("spec: {}", false)]
    public void Halted_is_what_the_machine_says(string spec, bool halted) =>
        Assert.Equal(halted, Read("apiVersion: kubevirt.io/v1\nkind: VirtualMachine\n" + spec).IsHalted);

    [Theory]
    [InlineData("02:50:00:0e:01:11", "02:50:00:0e:01:11")]
    [InlineData("02-50-00-0E-01-11", "02:50:00:0e:01:11")]
    [InlineData("2:5:0:e:1:f", "02:05:00:0e:01:0f")]
    [InlineData("FF:FF:FF:FF:FF:FF", "ff:ff:ff:ff:ff:ff")]
    [InlineData("02:50:00:0e:01", null)]
    [InlineData("02:50:00:0e:01:11:22", null)]
    [InlineData("02:50:00:0e:01:", null)]
    [InlineData(":02:50:00:0e:01", null)]
    [InlineData("02:50-00:0e-01:11", null)]
    [InlineData("02:50:00:0e:01:gg", null)]
    [InlineData("025:0:00:0e:01:11", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_hardware_address_is_read_in_any_case_and_separator(string? text, string? expected) =>
        Assert.Equal(expected, MacAddress.Parse(text)?.ToString());

    [Theory]
    [InlineData("VirtualMachinePool", "pool.kubevirt.io/v1beta1", "spec: {virtualMachineTemplate: {metadata: {annotations: {k: v}}}}", "spec.virtualMachineTemplate.metadata.annotations.k")]
    [InlineData("VirtualMachineInstanceReplicaSet", "kubevirt.io/v1", "spec: {template: {metadata: {annotations: {k: v}}}}", "spec.template.metadata.annotations.k")]
    [InlineData("VirtualMachine", "kubevirt.io/v1", "spec: {template: {metadata: {annotations: {k: v}}}}", "metadata.annotations.k")]
    [InlineData("VirtualMachineInstance", "kubevirt.io/v1", "metadata: {annotations: {k: v}}", "metadata.annotations.k")]
    public void Annotations_about_machines_stand_where_the_label_does(string kind, string version, string rest, string path)
    {
        Field annotation = Read($"apiVersion: {version}\nkind: {kind}\n{rest}").MachineAnnotation("k");
        Assert.Equal(path, annotation.Path.ToString());
    }

    private static VirtualMachine Read(string yaml) => (VirtualMachine)ResourceKinds.View(Assert.Single(ManifestReader.Read(yaml)).Root)!;
}
