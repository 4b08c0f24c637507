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

    /// <summary>The smallest jumbo MTU on NAD and VM level: <see cref="NodeMtu"/> less <see cref="OvsOverhead"/>, in bytes.</summary>
    public int VmMtu => NodeMtu - OvsOverhead;
}
