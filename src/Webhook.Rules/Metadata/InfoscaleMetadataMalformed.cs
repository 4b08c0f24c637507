using System.Globalization;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules.Vm;

namespace Webhook.Rules.Metadata;

/// <summary>infoscale-metadata-malformed: labels and annotations of this project that say nothing, or two things at once.</summary>
public sealed class InfoscaleMetadataMalformed : Rule<KubernetesObject>
{
    private const string Roles = "llt, llt-lowpri or iscsi";

    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "infoscale-metadata-malformed",
        Title = "InfoScale label or annotation cannot be read",
        Severity = Severity.Error,
        Rationale =
            "The labels and annotations under infoscale.internal/ tell the webhook what a network carries, which NIC is on it, and what it cannot " +
            "see itself. One that is misspelled, or names a NIC that is not there, does not fail by itself: the network or NIC is simply not checked, " +
            "and the DHCP lease or small MTU behind it passes until \"Getting snapshot\" hangs.",
        Remedy =
            "Write roles as llt, llt-lowpri or iscsi, entries as name=role separated by commas, static-addresses as a JSON map from NIC name to a " +
            "list of addresses, and switch-mtu as a number of bytes.",
        Guide = [],
        Examples =
        [
            Example.Bad("a role that is none", at: "metadata.labels[infoscale.internal/role]", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: heartbeat}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": 9000}
                """),
            Example.Bad("a NIC that the VM does not have", at: "metadata.annotations[infoscale.internal/nic-roles]",
                yaml: ExampleGuest.With(annotations: "{infoscale.internal/nic-roles: lllt1=llt}"), given: ExampleGuest.Given),
            Example.Good("a role", yaml: """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: llt1, namespace: erp-db, labels: {infoscale.internal/role: llt-lowpri}}
                spec:
                  config: |
                    {"cniVersion": "0.3.1", "name": "llt1", "type": "bridge", "bridge": "br-llt1", "mtu": 9000}
                """),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(KubernetesObject subject, RuleContext context)
    {
        if (!subject.IsOptedIn && context.AssumedRole is null)
        {
            return [];
        }

        return subject switch
        {
            NetworkDefinition => CheckLabel(subject.OptInLabel, Roles, null),
            NodeNetworkConfigurationPolicy policy => CheckPolicy(policy),
            VirtualMachine machine => CheckMachine(machine, context),
            _ => [],
        };
    }

    private IEnumerable<Finding> CheckPolicy(NodeNetworkConfigurationPolicy policy)
    {
        Field label = policy.OptInLabel;
        foreach (Finding finding in CheckLabel(label, "llt, llt-lowpri, iscsi or mixed", "mixed"))
        {
            yield return finding;
        }

        Field named = policy.Annotation(InfoScaleMetadata.InterfaceRoles);
        foreach (Finding finding in Reports(RoleEntries.Problems(named, Roles, mayBeNone: false)))
        {
            yield return finding;
        }

        if (NetworkRoles.Parse(label.Text) is NetworkRole whole && named.IsString)
        {
            foreach ((string name, InfoScaleMetadata.RoleEntry entry) in InfoScaleMetadata.ParseRoles(named))
            {
                if (entry.Role is NetworkRole role && role != whole)
                {
                    yield return Report(
                        FieldError.Invalid(named.Path, RoleEntries.Quote(name, entry), $"contradicts the label, by which every interface is {whole.Word()}"),
                        "set the label to mixed",
                        $"{InfoScaleMetadata.InterfaceRoles} {name}");
                }
            }
        }

        Field attested = policy.Annotation(InfoScaleMetadata.SwitchMtu);
        if (attested.IsPresent && (!int.TryParse(attested.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int mtu) || mtu == 0))
        {
            yield return Report(FieldError.Invalid(attested, "must be a number of bytes"), "write it as in \"9216\"");
        }
    }

    private IEnumerable<Finding> CheckMachine(VirtualMachine machine, RuleContext context)
    {
        Field roles = machine.MachineAnnotation(InfoScaleMetadata.NicRoles);
        foreach (Finding finding in Reports(RoleEntries.Problems(roles, "llt, llt-lowpri, iscsi or none", mayBeNone: true)))
        {
            yield return finding;
        }

        if (roles.IsString)
        {
            foreach ((string name, InfoScaleMetadata.RoleEntry entry) in InfoScaleMetadata.ParseRoles(roles))
            {
                if (entry.Text is not null && CheckNic(machine, context, roles, name, entry) is Finding finding)
                {
                    yield return finding;
                }
            }
        }

        Field addresses = machine.MachineAnnotation(InfoScaleMetadata.StaticAddresses);
        foreach (Finding finding in Reports(DeclaredAddresses.Problems(machine, addresses)))
        {
            yield return finding;
        }
    }

    private IEnumerable<Finding> CheckLabel(Field label, string words, string? more)
    {
        if (label.IsPresent && NetworkRoles.Parse(label.Text) is null && (more is null || label.Text != more))
        {
            yield return Report(FieldError.NotSupported(label, $"must be {words}"), "name the role, or remove the label to opt out");
        }
    }

    private Finding? CheckNic(VirtualMachine machine, RuleContext context, Field annotation, string name, InfoScaleMetadata.RoleEntry entry)
    {
        if (MetadataProblem.FindNic(machine, name) is not VirtualMachineNic nic)
        {
            MetadataProblem missing = MetadataProblem.NoSuchNic(annotation.Path, name, $"{annotation.Name} {name}");
            return name.Length == 0 ? null : Report(missing.Error, missing.Remedy, missing.Subject);
        }

        return nic.Attachment(machine.Namespace) is (string space, string attachment)
            && context.Cluster.Network(space, attachment).Found?.Role is NetworkRole labelled
            && entry.Role != labelled && (entry.Role is not null || entry.IsNone)
            ? Warn(
                FieldError.Invalid(annotation.Path, RoleEntries.Quote(name, entry), $"NetworkAttachmentDefinition {space}/{attachment} has role {labelled.Word()}, which counts"),
                "remove the entry",
                $"{annotation.Name} {name}")
            : null;
    }

    private IEnumerable<Finding> Reports(IEnumerable<MetadataProblem> problems)
    {
        foreach (MetadataProblem problem in problems)
        {
            yield return Report(problem.Error, problem.Remedy, problem.Subject);
        }
    }
}
