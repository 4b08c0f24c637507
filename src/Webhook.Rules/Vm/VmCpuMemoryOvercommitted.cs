using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Vm;

/// <summary>vm-cpu-memory-overcommitted: a cluster member that the node may starve, so that its heartbeats stall.</summary>
public sealed class VmCpuMemoryOvercommitted : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-cpu-memory-overcommitted",
        Title = "CPU or memory of a cluster member is overcommitted",
        Severity = Severity.Warning,
        Rationale =
            "A member that gets no CPU time, or whose memory the node has to reclaim, sends no heartbeats. After the peerinact time (16 seconds " +
            "by default) its peers declare it dead; with fencing GAB panics it (IOFENCE), and its services move. The vendor asks for a ratio of " +
            "1:1 between provisioned and physical CPU and memory. A memory request below the guest's memory lets the node promise it twice; a CPU " +
            "limit stops the whole VM, its I/O threads included, for the rest of each accounting period.",
        Remedy =
            "Request as much memory as the guest has and set no CPU limit; dedicatedCpuPlacement keeps cores for the VM. Consider lltconfig -T " +
            "peerinact:3200 in the guests as well.",
        Guide = [],
        Examples =
        [
            Example.Warned("half of the guest's memory is requested", at: "spec.template.spec.domain.resources.requests.memory",
                yaml: ExampleMachine.With(volumes: "[]", resources: "memory: {guest: 16Gi}, resources: {requests: {memory: 8Gi}}"), given: ExampleMachine.Networks),
            Example.Warned("a CPU limit", at: "spec.template.spec.domain.resources.limits.cpu",
                yaml: ExampleMachine.With(volumes: "[]", resources: "cpu: {cores: 4}, memory: {guest: 16Gi}, resources: {limits: {cpu: \"4\"}}"), given: ExampleMachine.Networks),
            Example.Warned("an instancetype that overcommits memory", at: "spec.instancetype.name",
                yaml: ExampleMachine.With(volumes: "[]", resources: "cpu: {}", profile: "instancetype: {name: o1.medium}"),
                given: ExampleMachine.Given(
                    """
                    apiVersion: instancetype.kubevirt.io/v1beta1
                    kind: VirtualMachineClusterInstancetype
                    metadata: {name: o1.medium}
                    spec: {cpu: {guest: 1}, memory: {guest: 4Gi, overcommitPercent: 50}}
                    """)),
            Example.Good("all memory is requested, and cores are set aside",
                yaml: ExampleMachine.With(volumes: "[]",
                    resources: "cpu: {cores: 4, dedicatedCpuPlacement: true}, memory: {guest: 16Gi}, resources: {requests: {memory: 16Gi}}"), given: ExampleMachine.Networks),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        if (MachineProfile.Instancetype(subject, context) is Lookup<Instancetype> lookup)
        {
            // CPU and memory then come from the instancetype, and KubeVirt refuses them in the VM.
            if (JudgeInstancetype(MachineProfile.NameOf(subject.InstancetypeReference), lookup) is Finding finding)
            {
                yield return finding;
            }

            yield break;
        }

        Field domain = subject.InstanceSpec["domain"];
        Field guest = domain["memory"]["guest"];
        Field requested = domain["resources"]["requests"]["memory"];
        if (!guest.ValueEquals(requested) && Quantity.Read(guest) is decimal needed && Quantity.Read(requested) is decimal kept && kept < needed)
        {
            decimal missing = needed - kept;
            yield return Report(
                FieldError.Invalid(requested, $"is less than the guest's memory {guest}, so the node may promise the rest to others"),
                "request all of the guest's memory, or leave the request out",
                "memory") with
            {
                Evidence = $"{requested} of {guest}",
                Shortfall = missing < long.MaxValue ? (long)missing : long.MaxValue,
            };
        }

        // Cores that are set aside are not rationed; the limit then only repeats their number.
        Field limit = domain["resources"]["limits"]["cpu"];
        if (limit.IsPresent && domain["cpu"]["dedicatedCpuPlacement"].Boolean != true)
        {
            yield return Report(
                FieldError.Invalid(limit, "a CPU limit stops the whole VM when it is used up, and heartbeats stall"),
                "leave the CPU limit out, or set dedicatedCpuPlacement",
                "cpu");
        }
    }

    private Finding? JudgeInstancetype(Field name, Lookup<Instancetype> lookup)
    {
        const string remedy = "use an instancetype without overcommitPercent";
        if (lookup.Found is not Instancetype found)
        {
            return CannotVerify(
                FieldError.Invalid(name, $"CPU and memory come from an instancetype that is not known ({lookup.Unverified ?? "it does not exist"}), nor is its overcommitPercent"),
                remedy, "instancetype");
        }

        return found.OvercommitPercent is > 0 and long percent
            ? Report(
                FieldError.Invalid(name, $"overcommitPercent {percent} requests that much less memory than the guest has, so the node may promise it to others"),
                remedy, "instancetype") with { Evidence = $"{name} {percent}", Shortfall = percent }
            : null;
    }
}
