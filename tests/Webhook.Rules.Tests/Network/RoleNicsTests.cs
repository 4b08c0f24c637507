using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Tests.Network;

public sealed class RoleNicsTests
{
    [Theory]
    [InlineData("llt1=llt, san0 = iscsi", "llt1 llt Annotation,san0 iscsi Annotation,extra ? Unknown")]
    [InlineData("llt1=llt-lowpri,san0=none,extra=none", "llt1 llt-lowpri Annotation")]
    [InlineData("pod=llt-lowpri,llt1=none,san0=none,extra=none", "pod llt-lowpri Annotation")]
    [InlineData("llt1=heartbeat,nothere=llt", "llt1 ? Unknown,san0 ? Unknown,extra ? Unknown")]
    [InlineData("", "llt1 ? Unknown,san0 ? Unknown,extra ? Unknown")]
    public void While_networks_cannot_be_looked_up_nic_roles_decides_and_the_rest_is_unknown(string roles, string expected) =>
        Assert.Equal(expected, Roles(Machine(roles), new RuleContext { Now = Catalog.Now }));

    [Fact]
    public void The_label_of_the_network_beats_the_annotation_and_a_known_network_without_role_gives_none()
    {
        var context = new RuleContext { Now = Catalog.Now, Cluster = new Networks(("erp-db", "llt1", "llt"), ("san", "san0", "iscsi"), ("erp-db", "extra", null)) };
        Assert.Equal("llt1 llt Attachment,san0 iscsi Attachment", Roles(Machine("llt1=iscsi,san0=none"), context));
    }

    [Fact]
    public void A_known_network_without_role_can_be_given_one_and_a_missing_network_leaves_it_unknown()
    {
        var context = new RuleContext { Now = Catalog.Now, Cluster = new Networks(("erp-db", "extra", null)) };
        Assert.Equal("llt1 ? Unknown,san0 ? Unknown,extra llt Annotation", Roles(Machine("extra=llt"), context));
    }

    [Fact]
    public void An_assumed_role_is_that_of_every_multus_network_nobody_else_decides()
    {
        var context = new RuleContext { Now = Catalog.Now, AssumedRole = NetworkRole.Llt };
        Assert.Equal("llt1 llt Assumed,extra llt Assumed", Roles(Machine("san0=none"), context));
    }

    [Fact]
    public void Answers_are_computed_once_and_not_carried_to_another_assumption_or_machine()
    {
        VirtualMachine machine = Machine("");
        var context = new RuleContext { Now = Catalog.Now, Operation = Operation.Update, Old = Machine("llt1=llt") };
        RoleNics first = RoleNics.Of(machine, context);
        RoleNics old = RoleNics.Of((VirtualMachine)context.Old, context);
        Assert.Same(first, RoleNics.Of(machine, context));
        Assert.Same(old, RoleNics.Of((VirtualMachine)context.Old, context));
        Assert.Equal("llt1 iscsi Assumed,san0 iscsi Assumed,extra iscsi Assumed", Roles(machine, context with { AssumedRole = NetworkRole.Iscsi }));
        Assert.Equal(NetworkRole.Llt, RoleNics.Of(Machine("llt1=llt"), context).Find("llt1")!.Role);
    }

    [Fact]
    public void A_vm_outside_any_cluster_has_no_nic_of_unknown_role()
    {
        var machine = (VirtualMachine)Catalog.Parse(Yaml("san0=iscsi").Replace("labels: {infoscale.internal/cluster: erp}", "labels: {}", StringComparison.Ordinal));
        Assert.Equal("san0 iscsi Annotation", Roles(machine, new RuleContext { Now = Catalog.Now }));
    }

    private static string Roles(VirtualMachine machine, RuleContext context) =>
        string.Join(',', RoleNics.Of(machine, context).All.Select(static nic => $"{nic.Name} {nic.Role?.Word() ?? "?"} {nic.Source}"));

    private static VirtualMachine Machine(string roles) => (VirtualMachine)Catalog.Parse(Yaml(roles));

    private static string Yaml(string roles) =>
        $$$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: vcs-node1
          namespace: erp-db
          labels: {infoscale.internal/cluster: erp}
          annotations: {infoscale.internal/nic-roles: "{{{roles}}}"}
        spec:
          template:
            spec:
              domain:
                devices:
                  interfaces:
                  - {name: pod, masquerade: {}}
                  - {name: llt1, bridge: {}}
                  - {name: san0, bridge: {}}
                  - {name: gone, bridge: {}, state: absent}
                  - {name: extra, bridge: {}, state: down}
              networks:
              - {name: extra, multus: {networkName: extra}}
              - {name: pod, pod: {}}
              - {name: llt1, multus: {networkName: llt1}}
              - {name: san0, multus: {networkName: san/san0}}
              - {name: gone, multus: {networkName: llt2}}
        """;

    private sealed class Networks(params (string Namespace, string Name, string? Role)[] known) : ClusterView
    {
        public override Lookup<NetworkDefinition> Network(string @namespace, string name)
        {
            foreach ((string space, string network, string? role) in known)
            {
                if ((space, network) == (@namespace, name))
                {
                    string labels = role is null ? "{}" : $"{{infoscale.internal/role: {role}}}";
                    return Lookup<NetworkDefinition>.Of((NetworkAttachmentDefinition)Catalog.Parse(
                        $"{{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {{name: {name}, namespace: {space}, labels: {labels}}}}}"));
                }
            }

            return Lookup<NetworkDefinition>.Absent();
        }
    }
}
