namespace Webhook.Rules;

/// <summary>The numbers and choices of the configuration that rules depend on. The defaults are the literal reading of the guide.</summary>
public sealed record RuleSettings
{
    /// <summary>The default settings.</summary>
    public static RuleSettings Default { get; } = new();

    /// <summary><c>mtu.node</c>: the smallest jumbo MTU on node level, in bytes.</summary>
    public int NodeMtu { get; init; } = 9000;

    /// <summary><c>mtu.ovsOverhead</c>: what Open vSwitch uses of each packet (S9), in bytes.</summary>
    public int OvsOverhead { get; init; } = 10;

    /// <summary><c>mtu.clusterNetwork</c>: the MTU of the cluster network, in bytes, or null where it is not known.</summary>
    public int? ClusterNetworkMtu { get; init; }

    /// <summary><c>addresses.nodeStatic: required</c>: a role chain without a node address is an error; <c>optional</c> makes it a warning.</summary>
    public bool NodeAddressRequired { get; init; } = true;

    /// <summary><c>exemptions.horizonDays</c>: how far an exemption may reach, in days.</summary>
    public int ExemptionHorizonDays { get; init; } = 90;

    /// <summary><c>storage.bootDisk: enforce|warn|ignore</c>: what a boot disk that is not on iSCSI is.</summary>
    public BootDiskPolicy BootDisk { get; init; } = BootDiskPolicy.Enforce;

    /// <summary><c>storage.unknown: warn|error</c>: what a volume of unknown protocol is.</summary>
    public Severity UnknownStorage { get; init; } = Severity.Warning;

    /// <summary><c>storage.local: ignore|warn|error</c>: what a volume on the disks of one node is; ignore is <see cref="Severity.Off"/>.</summary>
    public Severity LocalStorage { get; init; } = Severity.Warning;

    /// <summary>
    /// <c>storage.classes</c>: protocol by name of a StorageClass, <c>iscsi</c>, <c>local</c> or any other word. Such a class is known without a
    /// look-up.
    /// </summary>
    public IReadOnlyDictionary<string, string> StorageClasses { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// <c>storage.drivers</c>: protocol by name of a driver, before the built-in table. A key is a whole name, or a suffix that the name has
    /// after a dot (<c>rbd.csi.ceph.com</c> stands for <c>openshift-storage.rbd.csi.ceph.com</c> too).
    /// </summary>
    public IReadOnlyDictionary<string, string> StorageDrivers { get; init; } = new Dictionary<string, string>();

    /// <summary>The smallest jumbo MTU on NAD and VM level: <see cref="NodeMtu"/> less <see cref="OvsOverhead"/>, in bytes.</summary>
    public int VmMtu => NodeMtu - OvsOverhead;
}

/// <summary>What a boot disk that is not on iSCSI is.</summary>
public enum BootDiskPolicy
{
    /// <summary>An error, as any other disk.</summary>
    Enforce,

    /// <summary>A warning.</summary>
    Warn,

    /// <summary>Nothing; its protocol may be unknown as well.</summary>
    Ignore,
}
