using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Vm;

/// <summary>vm-members-may-share-node: nothing keeps two members of a cluster off the same node.</summary>
public sealed class VmMembersMayShareNode : Rule<VirtualMachine>
{
    private const string HostName = "kubernetes.io/hostname";

    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-members-may-share-node",
        Title = "Members of a cluster may run on one node",
        Severity = Severity.Warning,
        Rationale =
            "All members of an InfoScale cluster on one node provide no high availability: the node takes them down together, and a live " +
            "migration or drain can bring them there unseen. Only a required podAntiAffinity over kubernetes.io/hostname, or a topology spread with " +
            "maxSkew 1 and DoNotSchedule, keeps them apart; preferred terms and ScheduleAnyway give way when nodes are short. The scheduler looks at " +
            "the labels of the VM's template, not at those of the VM itself.",
        Remedy =
            "Add spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution with topologyKey " +
            "kubernetes.io/hostname and a labelSelector on infoscale.internal/cluster, and put that label on the template.",
        Guide = [],
        Examples =
        [
            Example.Warned("a preferred term gives way", at: "spec.template.spec.affinity.podAntiAffinity",
                yaml: ExampleMachine.With(volumes: "[]", placement:
                    """
                          affinity:
                            podAntiAffinity:
                              preferredDuringSchedulingIgnoredDuringExecution:
                              - weight: 100
                                podAffinityTerm:
                                  labelSelector: {matchLabels: {infoscale.internal/cluster: erp}}
                                  topologyKey: kubernetes.io/hostname
                    """), given: ExampleMachine.Networks),
            Example.Warned("the label is on the VM and not on its template", at: "spec.template.metadata.labels[infoscale.internal/cluster]",
                yaml: ExampleMachine.With(volumes: "[]", labels: "{kubevirt.io/domain: vcs-node1}"), given: ExampleMachine.Networks),
            Example.Good("a required term over the cluster label", yaml: ExampleMachine.With(volumes: "[]"), given: ExampleMachine.Networks),
            Example.Good("a topology spread that does not give way",
                yaml: ExampleMachine.With(volumes: "[]", placement:
                    """
                          topologySpreadConstraints:
                          - maxSkew: 1
                            topologyKey: kubernetes.io/hostname
                            whenUnsatisfiable: DoNotSchedule
                            labelSelector: {matchLabels: {infoscale.internal/cluster: erp}}
                    """), given: ExampleMachine.Networks),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        if (subject.Cluster is not { Length: > 0 } cluster)
        {
            yield break;
        }

        Field spec = subject.InstanceSpec;
        Field antiAffinity = spec["affinity"]["podAntiAffinity"];
        bool? apart = false;
        FieldPath? uncertain = null;
        foreach (Field term in antiAffinity["requiredDuringSchedulingIgnoredDuringExecution"].Items())
        {
            Weigh(term, term[HostTopology].Text == HostName ? Selects(term, subject.Namespace, cluster) : false);
        }

        foreach (Field constraint in spec["topologySpreadConstraints"].Items())
        {
            bool binds = constraint[HostTopology].Text == HostName && constraint["whenUnsatisfiable"].Is("DoNotSchedule")
                && constraint["maxSkew"].Integer == 1;
            Weigh(constraint, binds ? Selects(constraint, subject.Namespace, cluster) : false);
        }

        Field label = subject.Template["metadata"]["labels"][InfoScaleMetadata.Cluster];
        if (apart == true && label.Text != cluster)
        {
            yield return Report(
                label.IsMissing
                    ? FieldError.Required(label.Path, $"the scheduler keeps apart only what has cluster \"{cluster}\" on the template too")
                    : FieldError.Invalid(label, $"differs from cluster \"{cluster}\" of the VM, so the scheduler does not keep it apart"),
                "put the label on the template",
                "members");
        }
        else if (apart is null)
        {
            yield return CannotVerify(
                FieldError.Invalid(uncertain!, HostName, $"selects by more than cluster \"{cluster}\", and other members' labels were not seen"),
                $"select by {InfoScaleMetadata.Cluster} alone",
                "members");
        }
        else if (apart == false)
        {
            yield return Report(
                FieldError.Required(antiAffinity.Path, $"no required term or topology spread over {HostName} selects cluster \"{cluster}\""),
                "add a required podAntiAffinity term for the cluster label",
                "members");
        }

        void Weigh(Field term, bool? selects)
        {
            if (selects == true)
            {
                apart = true;
            }
            else if (selects is null && apart != true)
            {
                apart = null;
                uncertain ??= term.Path;
            }
        }
    }

    private const string HostTopology = "topologyKey";

    // Which pods a term looks at: those of its own namespace unless it names others, and of these the selected ones.
    private static bool? Selects(Field term, string ownNamespace, string cluster)
    {
        bool? selects = LabelSelector.Selects(term["labelSelector"], InfoScaleMetadata.Cluster, cluster);
        if (selects == false)
        {
            return false;
        }

        foreach (Field key in term["matchLabelKeys"].Items())
        {
            selects = key.Text == InfoScaleMetadata.Cluster ? selects : null;
        }

        if (term["mismatchLabelKeys"].Count > 0)
        {
            selects = null;
        }

        Field byLabel = term["namespaceSelector"];
        Field byName = term["namespaces"];
        bool ownIsNamed = byName.Items().Any(name => name.Text == ownNamespace);
        if (ownIsNamed || (byLabel.IsMissing && byName.Count == 0) || (byLabel.IsMap && byLabel.Count == 0))
        {
            return selects;
        }

        // A namespace selector may select the own namespace; a VM whose namespace is left to kubectl may be in any.
        return byLabel.IsPresent || ownNamespace.Length == 0 ? null : false;
    }
}
