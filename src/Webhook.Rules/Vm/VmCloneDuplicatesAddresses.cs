using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-clone-duplicates-addresses: a pool, replica set, clone or restore that makes VMs with the static addresses of another.</summary>
public sealed class VmCloneDuplicatesAddresses : Rule
{
    private const string CopyRemedy = "write a VirtualMachine of its own, or patch the network data";

    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-clone-duplicates-addresses",
        Title = "Copies get the same static addresses",
        Severity = Severity.Warning,
        Rationale =
            "All replicas of a pool or replica set boot with the same inline network data and macAddress, and a clone, or a snapshot restored under a " +
            "new name, has the cloud-init data and disks of its original: each would bring up the same LLT and iSCSI addresses, and the " +
            "cluster sees one node twice. A restore keeps the MACs, too. A clone gets new ones unless newMacAddresses names them, so network data that " +
            "matches by MAC fits none of its NICs. Static addresses need a VM of their own for each member. A snapshot restored " +
            "to the VM it was taken of copies nothing.",
        Remedy =
            "Write a VirtualMachine for each member, or set replicas to 1; a pool can give each replica its own Secret " +
            "(nameGeneration.appendIndexToSecretRefs). A clone or restore can replace its network data by " +
            "spec.patches: remove networkData and add networkDataBase64, since KubeVirt takes no colon or comma in a value there.",
        Guide = [],
        Examples =
        [
            Example.Warned("a pool of two", at: "spec.replicas", yaml: ExampleCopy.Pool(2), given: ExampleGuest.Given),
            Example.Warned("a clone of a member", at: "spec.source.name", yaml: ExampleCopy.Clone(), given: ExampleCopy.World),
            Example.Warned("a snapshot restored under a new name", at: "spec.target.name", yaml: ExampleCopy.Restore("vcs-node9"), given: ExampleCopy.World),
            Example.Good("a pool of one", yaml: ExampleCopy.Pool(1), given: ExampleGuest.Given),
            Example.Good("a clone with network data of its own", given: ExampleCopy.World, yaml: ExampleCopy.Clone(
                """
                  patches:
                  - '{"op": "remove", "path": "/spec/template/spec/volumes/0/cloudInitNoCloud/networkData"}'
                  - '{"op": "add", "path": "/spec/template/spec/volumes/0/cloudInitNoCloud/networkDataBase64",
                    "value": "dmVyc2lvbjogMgpldGhlcm5ldHM6CiAgbGx0MToKICAgIG1hdGNoOiB7bmFtZTogZW5wMXMwfQogICAgbXR1OiA4OTkwCiAgICBhZGRyZXNzZXM6IFsxNzIuMzAuMS4xMy8yNF0K"}'
                """)),
            Example.Good("a snapshot restored to its VM", yaml: ExampleCopy.Restore("vcs-node1"), given: ExampleCopy.World),
        ],
    };

    /// <inheritdoc/>
    public override bool IsAbout(KubernetesObject subject) => subject is VirtualMachineCopy or VirtualMachine { Kind: "VirtualMachinePool" or "VirtualMachineInstanceReplicaSet" };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(KubernetesObject subject, RuleContext context) =>
        (subject is VirtualMachineCopy copy ? OfCopy(copy, context) : OfReplicas((VirtualMachine)subject, context)) is Finding finding ? [finding] : [];

    private Finding? OfReplicas(VirtualMachine subject, RuleContext context)
    {
        Field replicas = subject.Spec["replicas"];
        foreach (RoleNic nic in replicas.Integer is > 1 ? RoleNics.Of(subject, context).All : [])
        {
            foreach (GuestAddress address in SharedPath.Addresses(subject, nic))
            {
                return Report(
                    FieldError.Invalid(replicas, $"each replica would have {address.Value} on {nic.Words}"), "write one VirtualMachine for each member", "replicas");
            }
        }

        return null;
    }

    private Finding? OfCopy(VirtualMachineCopy subject, RuleContext context)
    {
        Lookup<VirtualMachine> lookup = CopySource.Of(subject, context.Cluster);
        Field named = subject.IsRestore ? subject.Target : subject.Source;
        if (lookup.Found is not VirtualMachine source)
        {
            return lookup.Unverified is string unseen
                ? CannotVerify(FieldError.Invalid(named, $"whether the copy has the static addresses of another VM is not seen: {unseen}"), CopyRemedy)
                : null;
        }

        var nics = RoleNics.OfOther(source, context);
        string original = $"{source.Namespace}/{source.Name}";
        foreach (RoleNic nic in nics.All)
        {
            foreach (GuestAddress address in SharedPath.Addresses(source, nic))
            {
                if (!subject.Replaces(address.Field.Path, address.Value.Address.ToString()))
                {
                    return Report(FieldError.Invalid(named, $"the copy gets what sets {address.Value} on {nic.Words} of {original}"), CopyRemedy);
                }
            }
        }

        return nics.All.Length > 0 && source.NetworkData.State == NetworkDataState.Secret
            ? CannotVerify(FieldError.Invalid(named, $"the network data of {original}, which the copy gets too, is in a Secret, which is not read"), CopyRemedy)
            : null;
    }
}
