using System.Diagnostics;
using Webhook.Resources;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Tests.Network;

public sealed class NodeRolesTests
{
    private const string Networks = """
        {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt}}, spec: {config: '{"name": "a", "type": "ovn-k8s-cni-overlay", "topology": "localnet", "physicalNetworkName": "physnet-llt1"}'}}
        ---
        {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: iscsi1, namespace: erp-db, labels: {infoscale.internal/role: iscsi}}, spec: {config: '{"name": "b", "type": "bridge", "bridge": "br-iscsi1"}'}}
        ---
        {apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: tenant, namespace: erp-db}, spec: {config: '{"name": "c", "type": "macvlan", "master": "ens7f0"}'}}
        """;

    [Fact]
    public void A_policy_that_stacks_VLANs_without_end_is_not_walked_up_from_each_of_them()
    {
        const int Count = 4000;
        var policy = (NodeNetworkConfigurationPolicy)Catalog.Parse(
            "{apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: p, labels: {infoscale.internal/role: mixed}}, spec: {desiredState: {interfaces: [{name: v0, type: ethernet}, "
            + string.Join(", ", Enumerable.Range(1, Count).Select(static at => $"{{name: v{at}, type: vlan, vlan: {{base-iface: v{at - 1}, id: 5}}}}")) + "]}}}");
        var cluster = ClusterObjects.Given([policy.Root, Catalog.Parse(
            "{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: a, namespace: b, labels: {infoscale.internal/role: llt}}, "
            + $"spec: {{config: '{{\"type\": \"macvlan\", \"master\": \"v{Count}\"}}'}}}}").Root]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = NodeRoles.Of(policy, new RuleContext { Now = Catalog.Now, Cluster = cluster });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Theory]
    [InlineData("labels: {infoscale.internal/role: mixed}", "ens3f0 llt,br-llt1 llt,br-iscsi1 iscsi,ens5f0 iscsi")]
    [InlineData("labels: {}", "ens3f0 llt,br-llt1 llt,br-iscsi1 iscsi,ens5f0 iscsi")]
    [InlineData("labels: {infoscale.internal/role: mixed}, annotations: {infoscale.internal/interface-roles: ens7f0=llt-lowpri}", "ens3f0 llt,br-llt1 llt,br-iscsi1 iscsi,ens5f0 iscsi,ens7f0 llt-lowpri")]
    [InlineData("labels: {infoscale.internal/role: iscsi}", "ens3f0 iscsi,br-llt1 iscsi,br-iscsi1 iscsi,ens5f0 iscsi,ens7f0 iscsi")]
    public void Roles_follow_from_the_networks_where_neither_label_nor_annotation_say_them(string metadata, string expected)
    {
        NodeNetworkConfigurationPolicy policy = Policy(metadata);
        var context = new RuleContext { Now = Catalog.Now, Cluster = Catalog.Given(Networks) };
        InterfaceRoles roles = NodeRoles.Of(policy, context);
        Assert.Equal(expected, string.Join(',', roles.Members.Select(static member => $"{member.Name} {member.RoleWord}")));
        Assert.False(roles.IsUnknown);
    }

    [Fact]
    public void A_mixed_policy_without_networks_on_it_stays_unknown()
    {
        InterfaceRoles roles = NodeRoles.Of(Policy("labels: {infoscale.internal/role: mixed}"), new RuleContext { Now = Catalog.Now });
        Assert.Empty(roles.Members);
        Assert.True(roles.IsUnknown);
    }

    [Fact]
    public void Roles_reach_a_nic_by_way_of_another_policy_and_are_worked_out_once()
    {
        var context = new RuleContext
        {
            Now = Catalog.Now,
            Cluster = Catalog.Given(
                Networks + "\n---\n{apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: bridge}, spec: {desiredState: {interfaces: [{name: br-iscsi1, type: linux-bridge, bridge: {port: [{name: ens5f0}]}}]}}}"),
        };
        var policy = (NodeNetworkConfigurationPolicy)Catalog.Parse(
            "{apiVersion: nmstate.io/v1, kind: NodeNetworkConfigurationPolicy, metadata: {name: nic, labels: {infoscale.internal/role: mixed}}, spec: {desiredState: {interfaces: [{name: ens5f0, type: ethernet, mtu: 9000}]}}}");
        InterfaceRoles roles = NodeRoles.Of(policy, context);
        Assert.Equal(NetworkRole.Iscsi, Assert.Single(roles.Members).Role);
        Assert.Same(roles, NodeRoles.Of(policy, context));
        Assert.NotSame(roles, NodeRoles.Of(policy, context with { Cluster = ClusterView.Unseen }));
    }

    public static TheoryData<string, string, string> Hostile => new()
    {
        { "interfaces and mappings", Items(10_000, static at => $"{{\"name\": \"e{at}\"}}"), Items(10_000, static at => $"{{\"localnet\": \"n{at}\", \"bridge\": \"b{at}\"}}") },
        { "ports of one bridge", "{\"name\": \"br\", \"bridge\": {\"port\": [" + Items(20_000, static at => $"{{\"name\": \"e{at}\"}}") + "]}}", "" },
        { "ports that name one bridge", "{\"name\": \"br\"}," + Items(10_000, static at => $"{{\"name\": \"e{at}\", \"controller\": \"br\"}}"), "" },
        {
            "ports of one OVS bridge", "{\"name\": \"br\", \"type\": \"ovs-bridge\", \"bridge\": {\"port\": [" + Items(10_000, static at => $"{{\"name\": \"e{at}\"}}") + "]}},"
                + Items(10_000, static at => $"{{\"name\": \"e{at}\", \"type\": \"ovs-interface\"}}"), ""
        },
        { "a tower of VLANs", Items(2_000, static at => $"{{\"name\": \"e{at}\", \"type\": \"vlan\", \"vlan\": {{\"base-iface\": \"e{at + 1}\", \"id\": 1}}}}"), "" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Roles_of_a_hostile_policy_are_worked_out_in_bounded_time(string name, string interfaces, string mappings)
    {
        var policy = (NodeNetworkConfigurationPolicy)Catalog.Parse(
            "{\"apiVersion\": \"nmstate.io/v1\", \"kind\": \"NodeNetworkConfigurationPolicy\", \"metadata\": {\"name\": \"p\"}, \"spec\": {\"desiredState\": {\"interfaces\": ["
            + interfaces + "], \"ovn\": {\"bridge-mappings\": [" + mappings + "]}}}}");
        var context = new RuleContext { Now = Catalog.Now, Cluster = Catalog.Given(Networks + "\n---\n{apiVersion: v1, kind: Node, metadata: {name: worker-1}}") };
        long start = Stopwatch.GetTimestamp();
        Assert.True(NodeRoles.Of(policy, context).Members.Count == 0, name);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    [Fact]
    public void Roles_follow_from_the_networks_that_were_seen_where_others_were_not()
    {
        const string Network =
            "{apiVersion: k8s.ovn.org/v1, kind: ClusterUserDefinedNetwork, metadata: {name: llt1, labels: {infoscale.internal/role: llt}}, spec: {network: {topology: Localnet, localnet: {role: Secondary, physicalNetworkName: physnet-llt1}}}}";
        InterfaceRoles roles = NodeRoles.Of(
            Policy("labels: {infoscale.internal/role: mixed}"), new RuleContext { Now = Catalog.Now, Cluster = Catalog.Given(Network) });
        Assert.Equal("ens3f0 llt,br-llt1 llt", string.Join(',', roles.Members.Select(static member => $"{member.Name} {member.RoleWord}")));
    }

    [Fact]
    public void The_roles_of_a_policy_and_of_its_older_self_are_kept_beside_each_other()
    {
        NodeNetworkConfigurationPolicy policy = Policy("labels: {infoscale.internal/role: mixed}"), old = Policy("labels: {}");
        var context = new RuleContext { Now = Catalog.Now, Operation = Operation.Update, Old = old, Cluster = Catalog.Given(Networks) };
        InterfaceRoles roles = NodeRoles.Of(policy, context), before = NodeRoles.Of(old, context);
        Assert.Same(roles, NodeRoles.Of(policy, context));
        Assert.Same(before, NodeRoles.Of(old, context));
    }

    private static string Items(int count, Func<int, string> item) => string.Join(",", Enumerable.Range(0, count).Select(item));

    private static NodeNetworkConfigurationPolicy Policy(string metadata) => (NodeNetworkConfigurationPolicy)Catalog.Parse(
        "apiVersion: nmstate.io/v1\nkind: NodeNetworkConfigurationPolicy\nmetadata: {name: p, " + metadata + "}\n" + """
        spec:
          desiredState:
            interfaces:
            - {name: ens3f0, type: ethernet, mtu: 9000}
            - {name: br-llt1, type: ovs-bridge, bridge: {port: [{name: ens3f0}]}}
            - {name: br-iscsi1, type: linux-bridge, mtu: 9000, bridge: {port: [{name: ens5f0}]}}
            - {name: ens5f0, type: ethernet, mtu: 9000}
            - {name: ens7f0, type: ethernet, mtu: 9000}
            ovn: {bridge-mappings: [{localnet: physnet-llt1, bridge: br-llt1}]}
        """);
}
