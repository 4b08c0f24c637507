using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-mtu-exceeds-network: a guest that is told to send larger frames than its network takes.</summary>
public sealed class VmMtuExceedsNetwork : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-mtu-exceeds-network",
        Title = "MTU in the guest is larger than the network's",
        Severity = Severity.Error,
        Rationale =
            "The VM's NIC takes frames up to the MTU of its NetworkAttachmentDefinition and drops larger ones without a word (ovs-vswitchd: " +
            "Dropped packet: Too big). Pings and logins work, large reads over iSCSI hang, and an LLT joiner stops at Getting snapshot. A " +
            "virtio driver may refuse the value instead and stay at another one. Jumbo frames need the same size at every level.",
        Remedy =
            "Set the mtu in the network data to that of the NetworkAttachmentDefinition, or raise the network first, from the switch up.",
        Guide = [GuideSentence.S11],
        Examples =
        [
            Example.Bad("9000 in the guest, 8990 in the network", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/iscsi1/mtu",
                yaml: ExampleGuest.With(ExampleGuest.Data(iscsi1: """{match: {macaddress: "02:50:00:0e:03:11"}, mtu: 9000, addresses: [10.60.1.11/24]}""")),
                given: ExampleGuest.Given),
            Example.Good("8990 in both", yaml: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        if (subject.NetworkData.State != NetworkDataState.Read)
        {
            yield break;
        }

        foreach (RoleNic nic in RoleNics.Of(subject, context).All)
        {
            if (nic.IsUnfit || nic.Attachment.Found is not NetworkDefinition definition)
            {
                continue;
            }

            long? most = NicMtu.Of(subject, nic.Nic, definition).Network;
            foreach (GuestInterface entry in subject.GuestNetwork.Of(nic.Nic)?.Entries ?? [])
            {
                if (entry.Mtu > most)
                {
                    yield return Report(
                        FieldError.Invalid(entry.MtuField, $"{nic.Words} takes {most} or less from network {nic.Nic.NetworkName}; larger frames are dropped"),
                        $"set mtu: {most}, or raise the network first",
                        nic.Name) with
                    { Evidence = $"{entry.Mtu} over {most}", Shortfall = entry.Mtu - most };
                    break;
                }
            }
        }
    }
}
