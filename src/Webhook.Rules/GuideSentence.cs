namespace Webhook.Rules;

/// <summary>
/// One sentence of the chapter "About InfoScale deployments in OpenShift Virtualization environments" of the
/// InfoScale 9.0 Virtualization Guide - Linux, quoted word for word.
/// </summary>
/// <param name="Id">Its number here, S1 to S16.</param>
/// <param name="Text">The sentence.</param>
public sealed record GuideSentence(string Id, string Text)
{
    /// <summary>S1 of the guide.</summary>
    public static GuideSentence S1 { get; } = new("S1", "InfoScale supports deployment within Kernel-based Virtual Machine (KVM) environments, which form the basis of its support for OpenShift Virtualization as well.");

    /// <summary>S2 of the guide.</summary>
    public static GuideSentence S2 { get; } = new("S2", "When implementing InfoScale solutions in OpenShift Virtualization environments, iSCSI is the only supported storage protocol for accessing external storage.");

    /// <summary>S3 of the guide.</summary>
    public static GuideSentence S3 { get; } = new("S3", "For iSCSI connections to function reliably, the VMs must be configured with static IP addresses.");

    /// <summary>S4 of the guide.</summary>
    public static GuideSentence S4 { get; } = new("S4", "Using dynamic IP addresses leads to connection disruptions if the addresses change during an operation, potentially causing data corruption or service outages.");

    /// <summary>S5 of the guide.</summary>
    public static GuideSentence S5 { get; } = new("S5", "The InfoScale Cluster Server (VCS) component relies on Low Latency Transport (LLT) for inter-node heartbeating and for communication within the cluster.");

    /// <summary>S6 of the guide.</summary>
    public static GuideSentence S6 { get; } = new("S6", "The stability of the VCS cluster is critically dependent on reliable, low-latency network links between the cluster nodes (VMs).");

    /// <summary>S7 of the guide.</summary>
    public static GuideSentence S7 { get; } = new("S7", "Network interfaces within the VMs dedicated to LLT traffic must be configured with static IP addresses. Using dynamic IPs for LLT links is not supported because it compromises cluster integrity.");

    /// <summary>S8 of the guide.</summary>
    public static GuideSentence S8 { get; } = new("S8", "Only Jumbo frames are supported for LLT communications in InfoScale in OpenShift Virtualization environments.");

    /// <summary>S9 of the guide.</summary>
    public static GuideSentence S9 { get; } = new("S9", "Within OpenShift Virtualization VMs, approximately 10 bytes are used by the Open vSwitch (OVS) infrastructure for each packet. Thus, when the underlying network is configured with the standard 1500 byte MTU, the effective MTU inside VMs is reduced to 1490 bytes.");

    /// <summary>S10 of the guide.</summary>
    public static GuideSentence S10 { get; } = new("S10", "Due to the OVS overhead, enabling jumbo frames on the underlying physical network is essential for optimal LLT performance within VMs.");

    /// <summary>S11 of the guide.</summary>
    public static GuideSentence S11 { get; } = new("S11", "If you implement jumbo frames, you must enable them at the following levels: Physical switch infrastructure; Node network interfaces; OVS bridges; VM network interfaces");

    /// <summary>S12 of the guide.</summary>
    public static GuideSentence S12 { get; } = new("S12", "OpenShift Virtualization uses the following mechanisms to provide additional network interfaces to VMs and to facilitate static IP configurations:");

    /// <summary>S13 of the guide.</summary>
    public static GuideSentence S13 { get; } = new("S13", "Node Network Configuration Policy (NNCP): For both iSCSI and LLT networks, NNCP must be used to configure the underlying node network interfaces with appropriate settings, including static IP assignments at the node level.");

    /// <summary>S14 of the guide.</summary>
    public static GuideSentence S14 { get; } = new("S14", "Network Attachment Definition (NAD): Secondary network interfaces for VMs - like those for dedicated iSCSI or LLT traffic - must be provisioned by creating NADs that reference the configurations established by NNCP.");

    /// <summary>S15 of the guide.</summary>
    public static GuideSentence S15 { get; } = new("S15", "VM static IP configuration: After the NADs are attached to VM definitions, the static IP addresses must be configured within the VMs. For both iSCSI connections and LLT communications, these IPs must remain fixed throughout the VM lifecycle to maintain storage connectivity and cluster integrity.");

    /// <summary>S16 of the guide.</summary>
    public static GuideSentence S16 { get; } = new("S16", "When implementing this configuration, remember that both iSCSI and LLT networks require careful planning to ensure that IP addresses remain consistent. Any changes to these addresses can disrupt storage access or cluster communications, potentially leading to data unavailability or cluster split-brain scenarios.");

    /// <summary>All sentences, in the order of the guide.</summary>
    public static IReadOnlyList<GuideSentence> All { get; } = [S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, S11, S12, S13, S14, S15, S16];
}
