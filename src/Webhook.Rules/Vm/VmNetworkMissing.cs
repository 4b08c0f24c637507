using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-network-missing: a NIC on a NetworkAttachmentDefinition that does not exist.</summary>
public sealed class VmNetworkMissing : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-network-missing",
        Title = "Network of a NIC does not exist",
        Severity = Severity.Error,
        Rationale =
            "Multus finds no NetworkAttachmentDefinition of that name when it sets up the virt-launcher pod: the VM stays in Scheduling, at " +
            "its first start or, worse, when a node drain moves it. A name without a slash means the VM's own namespace, so a network that " +
            "another namespace has must be written as NAMESPACE/NAME. Without the definition nobody can tell what the NIC carries either.",
        Remedy =
            "Create the NetworkAttachmentDefinition (or the ClusterUserDefinedNetwork that selects the namespace) first, or correct networkName.",
        Guide = [GuideSentence.S14],
        Examples =
        [
            Example.Bad("a name with a typo", at: "spec.template.spec.networks[1].multus.networkName",
                yaml: ExampleGuest.With(networks: ExampleGuest.Networks.Replace("networkName: llt2", "networkName: ltl2", StringComparison.Ordinal)),
                given: ExampleGuest.Given),
            Example.Bad("a network of another namespace", at: "spec.template.spec.networks[3].multus.networkName",
                yaml: ExampleGuest.With(networks: ExampleGuest.Networks.Replace("networkName: iscsi2", "networkName: storage/iscsi2", StringComparison.Ordinal)),
                given: ExampleGuest.Given),
            Example.Good("four networks that exist", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        if (!subject.IsOptedIn && context.AssumedRole is null)
        {
            yield break;
        }

        foreach (VirtualMachineNic nic in subject.Nics)
        {
            if (nic.IsUnplugged || nic.Attachment(subject.Namespace) is not (string space, string name))
            {
                continue;
            }

            Lookup<NetworkDefinition> network = context.Cluster.Network(space, name);
            if (network.IsAbsent)
            {
                yield return Report(
                    FieldError.NotFound(
                        nic.NetworkName.Path, Field.Quote($"{space}/{name}"),
                        $"NIC \"{nic.Name}\" names no NetworkAttachmentDefinition, so the VM would stay in Scheduling"),
                    "create the network first, or write NAMESPACE/NAME of another",
                    nic.Name);
            }
            else if (network.Unverified is string unseen && RoleNics.Of(subject, context).Find(nic.Name) is { IsIscsi: true } role)
            {
                // Of the other roles vm-mtu-not-jumbo says that the network was not seen.
                yield return CannotVerify(
                    FieldError.NotFound(nic.NetworkName, $"whether the network of {role.Words} exists is not known: {unseen}"),
                    "make sure that it exists",
                    nic.Name);
            }
        }
    }
}
