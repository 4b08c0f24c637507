using Webhook.Resources;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-sriov-llt-only: a live migration takes all private links of a member away at once.</summary>
public sealed class VmSriovLltOnly : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-sriov-llt-only",
        Title = "All LLT links are SR-IOV",
        Severity = Severity.Warning,
        Rationale =
            "KubeVirt unplugs SR-IOV interfaces for the whole of a live migration, and a node drain migrates. A member whose LLT links are all " +
            "SR-IOV loses every private link for that time: the cluster goes through jeopardy (GAB INFO V-15-1-20037) and, without fencing, may " +
            "split; with fencing the migrating member is evicted.",
        Remedy = "Put one LLT link on a bridge binding, or make sure that the VM is shut down instead of migrated.",
        Guide = [],
        Examples =
        [
            Example.Warned("both links are SR-IOV", at: "spec.template.spec.domain.devices.interfaces",
                yaml: Links(first: "sriov: {}"), given: ExampleGuest.Given),
            Example.Good("one link is bound by a bridge",
                yaml: Links(first: "bridge: {}"), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        int links = 0;
        string names = "";
        bool assumed = false, unknown = false;
        foreach (RoleNic nic in RoleNics.Of(subject, context).All)
        {
            bool isSriov = nic.Nic.Binding == "sriov" || nic.Attachment.Found?.Link?.Technology == LinkTechnology.SrIov;
            if (nic.IsLlt && !isSriov)
            {
                yield break;
            }

            unknown |= nic.Role is null && !isSriov;
            if (nic.IsLlt)
            {
                names += links++ == 0 ? nic.Name : links <= 4 ? ", " + nic.Name : "";
                assumed |= nic.Source == RoleSource.Assumed;
            }
        }

        if (links == 0)
        {
            yield break;
        }

        string all = links > 4 ? $"{names} and {links - 4} more" : names;
        var error = FieldError.Invalid(
            subject.InstanceSpec["domain"]["devices"]["interfaces"].Path,
            all,
            (unknown ? "all NICs known to be LLT" : "all LLT NICs") + (assumed ? " (role llt assumed)" : "") +
                " are SR-IOV, which a live migration unplugs for its whole duration");
        const string Remedy = "put one LLT link on a bridge binding";
        yield return unknown ? CannotVerify(error, Remedy, "llt") : Report(error, Remedy, "llt");
    }

    private static string Links(string first) =>
        $$$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: vcs-node1
          namespace: erp-db
          labels: {infoscale.internal/cluster: erp}
          annotations:
            infoscale.internal/nic-roles: llt1=llt,llt2=llt
            infoscale.internal/static-addresses: '{"llt1": ["172.30.1.11/24"], "llt2": ["172.30.2.11/24"]}'
        spec:
          runStrategy: Always
          template:
            metadata:
              labels: {infoscale.internal/cluster: erp}
            spec:
              affinity:
                podAntiAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                  - labelSelector: {matchLabels: {infoscale.internal/cluster: erp}}
                    topologyKey: kubernetes.io/hostname
              domain:
                memory: {guest: 16Gi}
                devices:
                  interfaces:
                  - {name: llt1, {{{first}}}}
                  - {name: llt2, sriov: {}}
              networks:
              - {name: llt1, multus: {networkName: llt1}}
              - {name: llt2, multus: {networkName: llt2}}
        """;
}
