using System.Collections.Immutable;
using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Network;

/// <summary>
/// The interfaces of one virtual machine that are on InfoScale networks, in order. The label of the NetworkAttachmentDefinition decides, then
/// <c>nic-roles</c> (where <c>none</c> takes an interface out), then the assumed role; while its definition is not found, every other
/// secondary network of a cluster VM is one of unknown role. Unplugged interfaces count nowhere.
/// </summary>
public sealed class RoleNics
{
    private readonly VirtualMachine _machine;
    private readonly ClusterView _cluster;
    private readonly NetworkRole? _assumed;

    private RoleNics(VirtualMachine machine, RuleContext context)
    {
        _machine = machine;
        _cluster = context.Cluster;
        _assumed = context.AssumedRole;
        Dictionary<string, InfoScaleMetadata.RoleEntry>? named = null;
        Field roles = machine.MachineAnnotation(InfoScaleMetadata.NicRoles);
        foreach ((string name, InfoScaleMetadata.RoleEntry entry) in roles.IsMissing ? [] : InfoScaleMetadata.ParseRoles(roles))
        {
            (named ??= new(StringComparer.Ordinal))[name] = entry;
        }

        ImmutableArray<RoleNic>.Builder all = ImmutableArray.CreateBuilder<RoleNic>(machine.Nics.Length);
        foreach (VirtualMachineNic nic in machine.Nics)
        {
            if (!nic.IsUnplugged && Judge(nic, named is not null && named.TryGetValue(nic.Name, out var entry) ? entry : null) is RoleNic role)
            {
                all.Add(role);
            }
        }

        All = all.DrainToImmutable();
    }

    /// <summary>Every role NIC, those of unknown role included, in the order of the interfaces.</summary>
    public ImmutableArray<RoleNic> All { get; }

    /// <summary>The role NIC of that name, or null.</summary>
    public RoleNic? Find(string name)
    {
        foreach (RoleNic nic in All)
        {
            if (nic.Name == name)
            {
                return nic;
            }
        }

        return null;
    }

    /// <summary>The role NICs of that role.</summary>
    public IEnumerable<RoleNic> WithRole(NetworkRole role) => All.Where(nic => nic.Role == role);

    /// <summary>The role NICs of a machine; computed once for the object under review and once for its older self.</summary>
    public static RoleNics Of(VirtualMachine machine, RuleContext context)
    {
        if (context.RoleNics is RoleNics subject && subject.IsOf(machine, context))
        {
            return subject;
        }

        if (context.OldRoleNics is RoleNics old && old.IsOf(machine, context))
        {
            return old;
        }

        var nics = new RoleNics(machine, context);
        if (ReferenceEquals(machine, context.Old))
        {
            context.OldRoleNics = nics;
        }
        else
        {
            context.RoleNics = nics;
        }

        return nics;
    }

    /// <summary>The role NICs of a machine that is not under review; they are not kept.</summary>
    internal static RoleNics OfOther(VirtualMachine machine, RuleContext context) => new(machine, context);

    // A context made from another by "with" brings the other's answers along: they hold only for the same machine, cluster and assumption.
    private bool IsOf(VirtualMachine machine, RuleContext context) =>
        ReferenceEquals(_machine, machine) && ReferenceEquals(_cluster, context.Cluster) && _assumed == context.AssumedRole;

    private RoleNic? Judge(VirtualMachineNic nic, InfoScaleMetadata.RoleEntry? named)
    {
        Lookup<NetworkDefinition> attachment = nic.Attachment(_machine.Namespace) is (string space, string name)
            ? _cluster.Network(space, name)
            : Lookup<NetworkDefinition>.NotSeen("the NIC names no NetworkAttachmentDefinition");
        if (attachment.Found?.Role is NetworkRole labelled)
        {
            return new RoleNic(nic, labelled, RoleSource.Attachment, attachment);
        }

        if (named?.Role is NetworkRole role)
        {
            return new RoleNic(nic, role, RoleSource.Annotation, attachment);
        }

        if (named?.IsNone == true || !nic.IsMultus)
        {
            return null;
        }

        if (_assumed is not null)
        {
            return new RoleNic(nic, _assumed, RoleSource.Assumed, attachment);
        }

        return attachment.Found is null && _machine.IsOptedIn
            ? new RoleNic(nic, null, RoleSource.Unknown, attachment)
            : null;
    }
}
