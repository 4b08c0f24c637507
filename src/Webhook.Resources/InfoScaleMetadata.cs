using Webhook.Resources.Json;

namespace Webhook.Resources;

/// <summary>The labels and annotations of this project, by full key. All carry the prefix <c>infoscale.internal/</c>.</summary>
public static class InfoScaleMetadata
{
    /// <summary>The prefix of every key.</summary>
    public const string Prefix = "infoscale.internal/";

    /// <summary>Label on networks and NNCPs: what the network carries (<c>llt</c>, <c>llt-lowpri</c>, <c>iscsi</c>; NNCP also <c>mixed</c>).</summary>
    public const string Role = Prefix + "role";

    /// <summary>Label on virtual machines: the name of the InfoScale cluster, within the namespace.</summary>
    public const string Cluster = Prefix + "cluster";

    /// <summary>Annotation on an NNCP: role per interface, <c>br-llt1=llt,br-iscsi1=iscsi</c>.</summary>
    public const string InterfaceRoles = Prefix + "interface-roles";

    /// <summary>Annotation on a virtual machine: role per interface, <c>llt1=llt,san0=iscsi</c>; <c>none</c> takes the role away.</summary>
    public const string NicRoles = Prefix + "nic-roles";

    /// <summary>Annotation on a virtual machine: addresses that image, Ansible or Secret configure, <c>{"llt1":["172.30.1.11/24"]}</c>.</summary>
    public const string StaticAddresses = Prefix + "static-addresses";

    /// <summary>Annotation on StorageClass, PersistentVolume, PersistentVolumeClaim: the protocol a multi-protocol driver serves.</summary>
    public const string StorageProtocol = Prefix + "storage-protocol";

    /// <summary>Annotation on an NNCP: the MTU of the physical switch ports, in bytes.</summary>
    public const string SwitchMtu = Prefix + "switch-mtu";

    /// <summary>Label on a namespace: <c>enforce</c>, <c>warn</c>, <c>audit</c> or <c>off</c>.</summary>
    public const string Mode = Prefix + "mode";

    /// <summary>Annotation on any judged object: ids of the rules it is exempt from, separated by commas.</summary>
    public const string Exempt = Prefix + "exempt";

    /// <summary>Annotation: why it is exempt, 10 characters or more.</summary>
    public const string ExemptReason = Prefix + "exempt-reason";

    /// <summary>Annotation: until when it is exempt, an RFC 3339 date (through its end, UTC) or date-time.</summary>
    public const string ExemptUntil = Prefix + "exempt-until";

    /// <summary>Annotation on an object that was mutated at its creation: what was injected, <c>spec.config#/mtu=8990</c>, separated by commas.</summary>
    public const string Injected = Prefix + "injected";

    /// <summary>
    /// Reads <c>name=role,name=role</c>; blanks around commas and equal signs do not count, an entry without an equal sign or with an
    /// unknown role has the role null.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, RoleEntry>> ParseRoles(Field annotation)
    {
        foreach (string entry in (annotation.Text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equal = entry.IndexOf('=', StringComparison.Ordinal);
            string name = equal < 0 ? entry : entry[..equal].TrimEnd();
            string? role = equal < 0 ? null : entry[(equal + 1)..].TrimStart();
            yield return new(name, new RoleEntry(role, role is null ? null : NetworkRoles.Parse(role), role == "none"));
        }
    }

    /// <summary>The role of one entry of <see cref="NicRoles"/> or <see cref="InterfaceRoles"/>.</summary>
    /// <param name="Text">The role as written, or null where the entry has no equal sign.</param>
    /// <param name="Role">The role, or null where it is none or unknown.</param>
    /// <param name="IsNone">Whether the entry says <c>none</c>.</param>
    public readonly record struct RoleEntry(string? Text, NetworkRole? Role, bool IsNone);
}
