using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-clone-duplicates-addresses: a pool or replica set whose VMs all get the same static addresses.</summary>
public sealed class VmCloneDuplicatesAddresses : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-clone-duplicates-addresses",
        Title = "Replicas get the same static addresses",
        Severity = Severity.Warning,
        Rationale =
            "All replicas of a pool or replica set boot with the same inline network data and macAddress: each would bring up " +
            "the same LLT and iSCSI addresses, and the cluster sees one node twice. Static addresses need a VM of their own for " +
            "each member.",
        Remedy =
            "Write a VirtualMachine for each member, or set replicas to 1; a pool can give each replica its own Secret " +
            "(nameGeneration.appendIndexToSecretRefs).",
        Guide = [],
        Examples =
        [
            Example.Warned("a pool of two", at: "spec.replicas", yaml: Pool(2), given: ExampleGuest.Given),
            Example.Good("a pool of one", yaml: Pool(1), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        Field replicas = subject.Spec["replicas"];
        if (subject.Kind is not ("VirtualMachinePool" or "VirtualMachineInstanceReplicaSet") || replicas.Integer is not > 1)
        {
            yield break;
        }

        foreach (RoleNic nic in RoleNics.Of(subject, context).All)
        {
            foreach (GuestAddress address in SharedPath.Addresses(subject, nic))
            {
                yield return Report(
                    FieldError.Invalid(replicas, $"each replica would have {address.Value} on {nic.Words}"), "write one VirtualMachine for each member", "replicas");
                yield break;
            }
        }
    }

    private static string Pool(int replicas) =>
        $$$"""
        apiVersion: pool.kubevirt.io/v1beta1
        kind: VirtualMachinePool
        metadata:
          name: vcs
          namespace: erp-db
        spec:
          replicas: {{{replicas}}}
          virtualMachineTemplate:
            metadata:
              labels: {infoscale.internal/cluster: erp}
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
                  domain: {memory: {guest: 16Gi}, devices: {interfaces: {{{ExampleGuest.Interfaces}}}}}
                  networks: {{{ExampleGuest.Networks}}}
                  volumes: [{name: cloudinit, cloudInitNoCloud: {networkData: '{{{ExampleGuest.Data()}}}'}}]
        """;
}
