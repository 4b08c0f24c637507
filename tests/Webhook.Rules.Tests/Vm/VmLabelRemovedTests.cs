namespace Webhook.Rules.Tests.Vm;

public sealed class VmLabelRemovedTests
{
    [Theory]
    [InlineData("[{name: pod, masquerade: {}}, {name: llt1, bridge: {}}]", "", "erp2", 1)]
    [InlineData("[{name: pod, masquerade: {}}, {name: llt1, bridge: {}, state: absent}]", "", null, 0)]
    [InlineData("[{name: pod, masquerade: {}}, {name: renamed, bridge: {}}]", "", null, 1)]
    [InlineData("[{name: pod, masquerade: {}}, {name: llt1, bridge: {}}]", "llt1=none", null, 0)]
    [InlineData("[{name: pod, masquerade: {}}, {name: llt1, bridge: {}}]", "", "erp", 0)]
    public void The_label_stays_while_a_role_network_does(string interfaces, string roles, string? cluster, int expected)
    {
        string old = Machine("[{name: pod, masquerade: {}}, {name: llt1, bridge: {}}]", roles, "erp");
        var context = new RuleContext { Now = Catalog.Now, Operation = Operation.Update, Old = Catalog.Parse(old) };
        Assert.Equal(expected, Catalog.Findings("vm-label-removed", Machine(interfaces, roles, cluster), context).Count);
    }

    private static string Machine(string interfaces, string roles, string? cluster) =>
        $$$$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: vcs-node1
          namespace: erp-db
          labels: {{{{{(cluster is null ? "" : $"infoscale.internal/cluster: {cluster}")}}}}}
          annotations: {infoscale.internal/nic-roles: "{{{{roles}}}}"}
        spec:
          template:
            spec:
              domain: {devices: {interfaces: {{{{interfaces}}}}}}
              networks:
              - {name: pod, pod: {}}
              - {name: llt1, multus: {networkName: llt1}}
              - {name: renamed, multus: {networkName: erp-db/llt1}}
        """;
}
