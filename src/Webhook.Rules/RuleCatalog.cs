using Webhook.Rules.Metadata;
using Webhook.Rules.Nad;
using Webhook.Rules.Nncp;
using Webhook.Rules.Vm;

namespace Webhook.Rules;

/// <summary>All rules. The list is the overview: its order is the order of findings, pages and tables.</summary>
public static class RuleCatalog
{
    /// <summary>Every rule, by kind from the node up to the VM, then what every object has.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        // NodeNetworkConfigurationPolicy
        new NncpDesiredStateMalformed(),
        new NncpDynamicAddress(),
        new NncpStaticAddressMissing(),
        new NncpStaticAddressOnManyNodes(),
        new NncpMtuNotJumbo(),
        new NncpMtuOnOvsBridge(),
        new NncpMtuExceedsBase(),
        new NncpMtuExceedsNic(),
        new NncpSwitchMtuTooSmall(),
        new NncpRoleInterfaceRemoved(),
        new NncpAddressChanged(),
        new NncpAddressDuplicate(),
        new NncpMtuLoweredInUse(),
        new NncpNotApplied(),
        new NncpBondModeUnsupported(),
        new NncpMaxUnavailableUnbounded(),
        new NncpDefaultInterface(),

        // NetworkAttachmentDefinition, ClusterUserDefinedNetwork, UserDefinedNetwork
        new NadConfigMalformed(),
        new NadDynamicIpam(),
        new NadMtuNotJumbo(),
        new NadMtuExceedsNode(),
        new NadOvsHeadroomMissing(),
        new NadNodeNetworkMissing(),
        new NadTypeNotOnNodeNetwork(),
        new NadChangedInUse(),
        new NadSiblingsDiffer(),

        // VirtualMachine and what runs one
        new VmNetworkDataMalformed(),
        new VmDynamicAddress(),
        new VmStaticAddressMissing(),
        new VmNetworkDataMacMismatch(),
        new VmAddressDuplicate(),
        new VmAddressChanged(),
        new VmNetworkChanged(),
        new VmRoleNicOnPodNetwork(),
        new VmNetworkMissing(),
        new VmLltNetworkMissing(),
        new VmMtuNotJumbo(),
        new VmMtuExceedsNetwork(),
        new VmStorageNotIscsi(),
        new VmStorageUnverified(),
        new VmLabelRemoved(),
        new VmUnlabelledOnRoleNetwork(),
        new VmSingleLltLink(),
        new VmLltLinksSharePath(),
        new VmClusterMtuDiffers(),
        new VmLowpriMtuSmaller(),
        new VmRolesShareNetwork(),
        new VmMembersMayShareNode(),
        new VmNodeWithoutNetwork(),
        new VmSriovLltOnly(),
        new VmCpuMemoryOvercommitted(),
        new VmFencingDiskIncomplete(),
        new VmSingleIscsiPath(),
        new VmRoleNicHasGateway(),
        new VmCloneDuplicatesAddresses(),

        // Any judged object
        new InfoscaleMetadataMalformed(),
        new ExemptionInvalid(),
    ];

    private static readonly Dictionary<string, Rule> ById = All.ToDictionary(static rule => rule.Info.Id, StringComparer.Ordinal);

    /// <summary>The rule of that id, or null.</summary>
    public static Rule? Find(string id) => ById.GetValueOrDefault(id);
}
