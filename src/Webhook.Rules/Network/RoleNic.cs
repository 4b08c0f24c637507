using Webhook.Resources;

namespace Webhook.Rules.Network;

/// <summary>An interface of a virtual machine on an InfoScale network.</summary>
/// <param name="Nic">The interface.</param>
/// <param name="Role">What its network carries, or null where the interface has a role but nobody says which.</param>
/// <param name="Source">What the role follows from.</param>
/// <param name="Attachment">What is known of its NetworkAttachmentDefinition; not seen where the network is another.</param>
public sealed record RoleNic(VirtualMachineNic Nic, NetworkRole? Role, RoleSource Source, Lookup<NetworkDefinition> Attachment)
{
    private NetworkPath? _path;

    /// <summary>The interface's name.</summary>
    public string Name => Nic.Name;

    /// <summary>Whether the interface is a private LLT link. Low-priority links do not count as one.</summary>
    public bool IsLlt => Role == NetworkRole.Llt;

    /// <summary>Whether the interface carries iSCSI.</summary>
    public bool IsIscsi => Role == NetworkRole.Iscsi;

    /// <summary>
    /// Whether no role can work on the NIC, which is a finding of its own: it is on the pod network, or bound so that it gets its address from
    /// KubeVirt (kubevirt/user-guide docs/network/interfaces_and_networks.md).
    /// </summary>
    public bool IsUnfit => Nic.IsOnPodNetwork || Nic.Binding is "masquerade" or "passt" or "passtBinding" or "slirp";

    /// <summary>What lies below its network, worked out once for each review; null where the definition is not known.</summary>
    internal NetworkPath? PathIn(RuleContext context) =>
        _path ??= Attachment.Found is NetworkDefinition definition ? context.Cluster.NodeNetworks.Below(definition, context) : null;

    /// <summary>The NIC with its role, as messages name it: <c>llt NIC "llt1"</c>, with a word on where an uncertain role comes from.</summary>
    public string Words => Source switch
    {
        RoleSource.Assumed => $"NIC \"{Name}\" (role {Role!.Value.Word()} assumed)",
        RoleSource.Unknown => $"NIC \"{Name}\" of a cluster VM",
        _ => $"{Role!.Value.Word()} NIC \"{Name}\"",
    };
}

/// <summary>What the role of a NIC follows from.</summary>
public enum RoleSource
{
    /// <summary>The role label of its NetworkAttachmentDefinition, which beats all others.</summary>
    Attachment,

    /// <summary>The <c>nic-roles</c> annotation of the VM.</summary>
    Annotation,

    /// <summary><see cref="RuleContext.AssumedRole"/>.</summary>
    Assumed,

    /// <summary>Nothing: a secondary network of a cluster VM, whose NetworkAttachmentDefinition was not found or not looked up.</summary>
    Unknown,
}
