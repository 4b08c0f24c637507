using Webhook.Resources;
using Webhook.Resources.CloudInit;
using Webhook.Rules.Network;

namespace Webhook.Rules.Vm;

/// <summary>vm-address-changed: an update that changes or drops a static address of a role NIC, or a guest that has changed it by itself.</summary>
public sealed class VmAddressChanged : Rule<VirtualMachine>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "vm-address-changed",
        Title = "Static address of a role NIC changed",
        Severity = Severity.Error,
        Rationale =
            "The addresses of LLT and iSCSI must stay fixed for the life of the VM: /etc/llttab and llthosts of all members name " +
            "them, and arrays mask LUNs by them. cloud-init applies network data once per instance, so the guest does not even " +
            "follow the edit: spec and guest drift apart until a rebuild brings the new address up unannounced. While the VM is " +
            "halted it is a warning; an added address is no change. Where the guest agent tells which addresses a running guest has, an audit " +
            "warns of each declared one that is not among them: somebody changed it inside, or cloud-init did not apply it.",
        Remedy =
            "Keep the address. To renumber, stop the VM, change /etc/llttab and llthosts on all members and the access lists of " +
            "the array, and set the address inside the guest too.",
        Guide = [GuideSentence.S15, GuideSentence.S16],
        Examples =
        [
            Example.Bad("renumbered while it runs", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/addresses/0",
                yaml: ExampleGuest.With(ExampleGuest.Data(llt1: """{match: {macaddress: "02:50:00:0e:01:11"}, mtu: 8990, addresses: [172.30.1.99/24]}""")),
                old: ExampleGuest.With(), given: ExampleGuest.Given),
            Example.Warned("renumbered while halted", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/addresses/0",
                yaml: ExampleGuest.With(
                    ExampleGuest.Data(llt1: """{match: {macaddress: "02:50:00:0e:01:11"}, mtu: 8990, addresses: [172.30.1.99/24]}"""), strategy: "Halted"),
                old: ExampleGuest.With(strategy: "Halted"), given: ExampleGuest.Given),
            Example.Warned("the running guest has another one", at: "spec.template.spec.volumes[0].cloudInitNoCloud.networkData#/ethernets/llt1/addresses/0",
                yaml: ExampleGuest.With(), given: ExampleGuest.Given + Running("172.30.1.99")),
            Example.Good("the running guest has it, and one more", yaml: ExampleGuest.With(), given: ExampleGuest.Given + Running("172.30.1.11", "172.30.1.99")),
            Example.Good("an address more",
                yaml: ExampleGuest.With(ExampleGuest.Data(llt1: """{match: {macaddress: "02:50:00:0e:01:11"}, mtu: 8990, addresses: [172.30.1.11/24, "fd00::11/64"]}""")),
                old: ExampleGuest.With(), given: ExampleGuest.Given),
            Example.Good("the same address, declared instead",
                yaml: ExampleGuest.WithVolumes(
                    "[{name: cloudinit, cloudInitNoCloud: {networkDataSecretRef: {name: vcs-node1-network}}}]",
                    annotations: """{infoscale.internal/static-addresses: '{"llt1": ["172.30.1.11/24"], "llt2": ["172.30.2.11/24"], "iscsi1": ["10.60.1.11/24"], "iscsi2": ["10.60.2.11/24"]}'}"""),
                old: ExampleGuest.With(), given: ExampleGuest.Given),
        ],
    };

    private const string Remedy = "keep it, or change /etc/llttab, llthosts and array ACLs too; cloud-init will not apply it again";

    private const string GuestRemedy = "set it in the guest too, or declare what it has";

    private static string Running(params string[] addresses) => $$"""
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata:
          name: vcs-node1
          namespace: erp-db
          ownerReferences: [{apiVersion: kubevirt.io/v1, kind: VirtualMachine, name: vcs-node1, uid: u-1, controller: true}]
        status:
          phase: Running
          interfaces:
          - {name: llt1, mac: "02:50:00:0e:01:11", infoSource: "domain, guest-agent", interfaceName: llt1, ipAddresses: [{{string.Join(", ", addresses)}}, "fe80::1"]}
          - {name: llt2, mac: "02:50:00:0e:02:11", infoSource: domain}
        """;

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(VirtualMachine subject, RuleContext context)
    {
        // As it stands, not as it is being changed.
        if (context is { AtAdmission: false, Operation: Operation.Create } && subject.StaticAddresses.IsReadable)
        {
            foreach ((RoleNic nic, GuestAddress address, string instead) in GuestReport.Missing(subject, context))
            {
                yield return Warn(
                    FieldError.Invalid(address.Field, $"the running guest reports {instead} on {nic.Words}"), GuestRemedy, $"{nic.Name} {address.Value} in the guest");
            }
        }

        if (context.Operation != Operation.Update || context.Old is not VirtualMachine old || IsUntouched(subject, old)
            || subject.NetworkData.State == NetworkDataState.Malformed || !subject.StaticAddresses.IsReadable)
        {
            yield break;
        }

        bool isHalted = Halted.Is(old, context);
        foreach (RoleNic before in RoleNics.Of(old, context).All)
        {
            if (Current(subject, before.Name) is not VirtualMachineNic nic)
            {
                continue;
            }

            List<GuestAddress> was = [.. SharedPath.Addresses(old, before)];
            List<GuestAddress> now = [.. SharedPath.AddressesOf(subject, nic)];
            foreach (GuestAddress address in was)
            {
                if (!Holds(now, address.Value) && !IsUnmatched(subject, address.Value))
                {
                    yield return Judge(before, nic, address, was, now, subject, isHalted);
                }
            }
        }

        foreach (Finding finding in CheckNames(subject, old, context))
        {
            yield return finding;
        }
    }

    // The usual update touches none of this: then nothing is parsed.
    private static bool IsUntouched(VirtualMachine subject, VirtualMachine old)
    {
        if (!subject.NetworkData.IsSameAs(old.NetworkData)
            || !subject.MachineAnnotation(InfoScaleMetadata.StaticAddresses).ValueEquals(old.MachineAnnotation(InfoScaleMetadata.StaticAddresses)))
        {
            return false;
        }

        if (subject.HasSameNicsAs(old))
        {
            return true;
        }

        if (subject.Nics.Length != old.Nics.Length)
        {
            return false;
        }

        for (int i = 0; i < subject.Nics.Length; i++)
        {
            (VirtualMachineNic now, VirtualMachineNic was) = (subject.Nics[i], old.Nics[i]);
            if (now.Name != was.Name || now.MacAddress != was.MacAddress || now.IsUnplugged != was.IsUnplugged)
            {
                return false;
            }
        }

        return true;
    }

    private static VirtualMachineNic? Current(VirtualMachine subject, string name)
    {
        foreach (VirtualMachineNic nic in subject.Nics)
        {
            if (nic.Name == name && !nic.IsUnplugged)
            {
                return nic;
            }
        }

        return null;
    }

    private static bool Holds(List<GuestAddress> addresses, InterfaceAddress wanted) =>
        addresses.Exists(address => address.Value == wanted);

    // Then the entry is there and no longer matches, which is told by the rule about matching.
    private static bool IsUnmatched(VirtualMachine subject, InterfaceAddress wanted)
    {
        foreach (UnmatchedEntry entry in subject.GuestNetwork.Unmatched)
        {
            foreach (GuestAddress address in entry.Interface.Addresses)
            {
                if (address.Value == wanted)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private Finding Judge(
        RoleNic before, VirtualMachineNic nic, GuestAddress address, List<GuestAddress> was, List<GuestAddress> now, VirtualMachine subject, bool isHalted)
    {
        string subjectName = $"{before.Name} {address.Value}";
        if (now.Exists(fresh => !Holds(was, fresh.Value)))
        {
            GuestAddress fresh = now.Find(candidate => !Holds(was, candidate.Value));
            return Weigh(isHalted, FieldError.Invalid(fresh.Field, $"was {address.Value} on {before.Words}"), subjectName);
        }

        FieldError gone = FieldError.Required(nic.Interface.Path, $"{address.Value} of {before.Words} is gone");
        return subject.NetworkData.State is NetworkDataState.Secret or NetworkDataState.TooLong
            ? CannotVerify(
                FieldError.Required(nic.Interface.Path, $"whether {before.Words} keeps {address.Value} cannot be seen: {subject.NetworkData.Unreadable}"),
                $"declare it: annotation {InfoScaleMetadata.StaticAddresses}", subjectName)
            : Weigh(isHalted, gone, subjectName);
    }

    private Finding Weigh(bool isHalted, FieldError error, string subjectName) =>
        isHalted ? Warn(error, Remedy, subjectName) : Report(error, Remedy, subjectName);

    private IEnumerable<Finding> CheckNames(VirtualMachine subject, VirtualMachine old, RuleContext context)
    {
        if (subject.NetworkData.State != NetworkDataState.Read || NameMatches.Of(old, RoleNics.Of(old, context)) is not NameMatches names)
        {
            yield break;
        }

        foreach (UnmatchedEntry was in old.GuestNetwork.Unmatched)
        {
            foreach (UnmatchedEntry now in subject.GuestNetwork.Unmatched)
            {
                GuestInterface entry = now.Interface;
                if (!was.IsByName || entry.Name != was.Interface.Name || entry.Addresses.Count == 0)
                {
                    continue;
                }

                foreach (GuestAddress address in was.Interface.Addresses)
                {
                    if (!IsUnmatched(subject, address.Value))
                    {
                        yield return CannotVerify(
                            FieldError.Invalid(entry.Addresses[0].Field, $"was {address.Value}, and \"{entry.Name}\" may be {names.Open[0].Words}"),
                            Remedy, $"{entry.Name} {address.Value}");
                    }
                }
            }
        }
    }
}
