namespace Webhook.Rules.Tests.Vm;

public sealed class VmMembersMayShareNodeTests
{
    private const string Label = "infoscale.internal/cluster: erp";
    private const string Missing = "Required value: no required term or topology spread over kubernetes.io/hostname selects cluster \"erp\"";
    private const string Open = "Invalid value: kubernetes.io/hostname: selects by more than cluster \"erp\", and other members' labels were not seen";

    [Theory]
    [InlineData("labelSelector: {matchLabels: {" + Label + "}}", "")]
    [InlineData("labelSelector: {}", "")]
    [InlineData("", Missing)]
    [InlineData("labelSelector: null", Missing)]
    [InlineData("labelSelector: {matchLabels: {infoscale.internal/cluster: other}}", Missing)]
    [InlineData("labelSelector: {matchLabels: {app: erp}}", Open)]
    [InlineData("labelSelector: {matchLabels: {app: erp, " + Label + "}}", Open)]
    [InlineData("labelSelector: {matchLabels: {app: erp, infoscale.internal/cluster: other}}", Missing)]
    [InlineData("labelSelector: {matchExpressions: [{key: infoscale.internal/cluster, operator: In, values: [crm, erp]}]}", "")]
    [InlineData("labelSelector: {matchExpressions: [{key: infoscale.internal/cluster, operator: In, values: [crm]}]}", Missing)]
    [InlineData("labelSelector: {matchExpressions: [{key: infoscale.internal/cluster, operator: Exists}]}", "")]
    [InlineData("labelSelector: {matchExpressions: [{key: infoscale.internal/cluster, operator: DoesNotExist}]}", Missing)]
    [InlineData("labelSelector: {matchExpressions: [{key: infoscale.internal/cluster, operator: NotIn, values: [erp]}]}", Missing)]
    [InlineData("labelSelector: {matchExpressions: [{key: infoscale.internal/cluster, operator: NotIn, values: [crm]}]}", "")]
    [InlineData("labelSelector: {matchExpressions: [{key: app, operator: Exists}]}", Open)]
    [InlineData("labelSelector: {matchLabels: {" + Label + "}}, namespaces: [erp-db]", "")]
    [InlineData("labelSelector: {matchLabels: {" + Label + "}}, namespaces: [other]", Missing)]
    [InlineData("labelSelector: {matchLabels: {" + Label + "}}, namespaceSelector: {}", "")]
    [InlineData("labelSelector: {matchLabels: {" + Label + "}}, namespaceSelector: {matchLabels: {team: db}}", Open)]
    [InlineData("labelSelector: {matchLabels: {" + Label + "}}, matchLabelKeys: [infoscale.internal/cluster]", "")]
    [InlineData("labelSelector: {matchLabels: {" + Label + "}}, matchLabelKeys: [app]", Open)]
    [InlineData("labelSelector: {matchLabels: {" + Label + "}}, mismatchLabelKeys: [app]", Open)]
    public void A_required_term_keeps_apart_what_its_selector_surely_selects(string term, string body) =>
        Assert.Equal(body, One(Machine(
            $"affinity: {{podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{{topologyKey: kubernetes.io/hostname, {term}}}]}}}}")));

    [Theory]
    [InlineData("kubernetes.io/hostname", 1, "DoNotSchedule", "")]
    [InlineData("kubernetes.io/hostname", 2, "DoNotSchedule", Missing)]
    [InlineData("kubernetes.io/hostname", 1, "ScheduleAnyway", Missing)]
    [InlineData("topology.kubernetes.io/zone", 1, "DoNotSchedule", Missing)]
    public void A_topology_spread_counts_where_it_binds_and_allows_no_second_member(string topology, int skew, string when, string body) =>
        Assert.Equal(body, One(Machine(
            $"topologySpreadConstraints: [{{topologyKey: {topology}, maxSkew: {skew}, whenUnsatisfiable: {when}, labelSelector: {{matchLabels: {{{Label}}}}}}}]")));

    [Theory]
    [InlineData("affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: topology.kubernetes.io/zone, labelSelector: {}}]}}")]
    [InlineData("affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {}}]}}")]
    [InlineData("nodeSelector: {kubernetes.io/hostname: worker-1}")]
    public void Other_placement_does_not_keep_members_apart(string placement) => Assert.Equal(Missing, One(Machine(placement)));

    [Theory]
    [InlineData("{}", "Required value: the scheduler keeps apart only what has cluster \"erp\" on the template too")]
    [InlineData("{infoscale.internal/cluster: crm}", "Invalid value: \"crm\": differs from cluster \"erp\" of the VM, so the scheduler does not keep it apart")]
    public void The_label_must_be_on_the_template_for_the_scheduler_to_see_it(string labels, string body) =>
        Assert.Equal(body, One(Machine("affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {}}]}}", labels)));

    [Fact]
    public void A_VM_without_cluster_has_no_members() =>
        Assert.Empty(Catalog.Findings("vm-members-may-share-node", "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {name: a}\nspec: {template: {spec: {}}}\n",
            new RuleContext { Now = Catalog.Now, AssumedRole = Resources.NetworkRole.Llt }));

    [Fact]
    public void Of_a_stand_alone_instance_its_own_label_counts() =>
        Assert.Equal("", One(
            $"apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: {{name: a, namespace: erp-db, labels: {{{Label}}}}}\n" +
            "spec: {affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {}}]}}}\n"));

    private static string Machine(string placement, string labels = "{" + Label + "}") =>
        $"apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {{name: a, namespace: erp-db, labels: {{{Label}}}}}\n" +
        $"spec: {{template: {{metadata: {{labels: {labels}}}, spec: {{{placement}}}}}}}\n";

    private static string One(string yaml)
    {
        IReadOnlyList<Finding> findings = Catalog.Findings("vm-members-may-share-node", yaml);
        return findings.Count == 0 ? "" : Assert.Single(findings).Error.ToString();
    }
}
