using Webhook.Configuration;
using Webhook.Enforcement;
using Webhook.Rules;

namespace Webhook.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("mode:\nmtu: {}\nrules:\n")]
    public void What_is_left_out_has_its_default(string text)
    {
        EnforcementSettings settings = Good(text);
        Assert.Equal(EnforcementSettings.Default.Mode, settings.Mode);
        Assert.Equal(RuleFailureAction.Warn, settings.OnRuleFailure);
        Assert.Equal(9000, settings.Rules.NodeMtu);
        Assert.Equal(8990, settings.Rules.VmMtu);
        Assert.Empty(settings.Severities);
    }

    [Fact]
    public void Every_key_is_read()
    {
        EnforcementSettings settings = Good(
            """
            mode: warn
            modes: {nad-mtu-not-jumbo: enforce, vm-single-llt-link: off}
            strictest: warn
            audit: {intervalMinutes: 10, reports: all}
            onRuleFailure: deny
            mtu: {node: 8000, ovsOverhead: 20, clusterNetwork: 8900}
            addresses: {nodeStatic: optional}
            exemptions: {horizonDays: 30, requirePermission: true}
            storage:
              bootDisk: ignore
              unknown: error
              local: ignore
              classes: {san-gold: iSCSI}
              drivers: {csi.example.org: nfs}
            rules: {vm-label-removed: warning, nad-mtu-not-jumbo: off}
            """);
        Assert.Equal(EnforcementMode.Warn, settings.Mode);
        Assert.Equal(EnforcementMode.Warn, settings.Strictest);
        Assert.Equal(new AuditSettings { Interval = TimeSpan.FromMinutes(10), KeepsCleanReports = true }, settings.Audit);
        Assert.Equal(
            [EnforcementMode.Enforce, EnforcementMode.Off],
            [settings.Modes["nad-mtu-not-jumbo"], settings.Modes["vm-single-llt-link"]]);
        Assert.Equal(RuleFailureAction.Deny, settings.OnRuleFailure);
        Assert.Equal((8000, 20, 8900), (settings.Rules.NodeMtu, settings.Rules.OvsOverhead, settings.Rules.ClusterNetworkMtu));
        Assert.False(settings.Rules.NodeAddressRequired);
        Assert.Equal(30, settings.Rules.ExemptionHorizonDays);
        Assert.True(settings.ExemptionsNeedPermission);
        Assert.Equal(BootDiskPolicy.Ignore, settings.Rules.BootDisk);
        Assert.Equal(Severity.Error, settings.Rules.UnknownStorage);
        Assert.Equal(Severity.Off, settings.Rules.LocalStorage);
        Assert.Equal("iscsi", settings.Rules.StorageClasses["san-gold"]);
        Assert.Equal("nfs", settings.Rules.StorageDrivers["csi.example.org"]);
        Assert.Equal(Severity.Warning, settings.Severities["vm-label-removed"]);
        Assert.Equal(Severity.Off, settings.Severities["nad-mtu-not-jumbo"]);
    }

    [Theory]
    [InlineData("mode: off", EnforcementMode.Off)]
    [InlineData("mode: 'off'", EnforcementMode.Off)]
    [InlineData("mode: audit", EnforcementMode.Audit)]
    public void A_mode_is_read_as_written_even_where_YAML_says_false(string text, EnforcementMode mode) => Assert.Equal(mode, Good(text).Mode);

    [Theory]
    [InlineData("mode: enforec", "c.yaml:1:7: mode: Unsupported value: \"enforec\": must be enforce, warn, audit or off; did you mean \"enforce\"?")]
    [InlineData("mode: 7", "c.yaml:1:7: mode: Unsupported value: 7: must be enforce, warn, audit or off")]
    [InlineData("mut: {node: 9000}", "c.yaml:1:6: mut: Forbidden: unknown key; did you mean \"mtu\"?")]
    [InlineData("mtu:\n  node: jumbo", "c.yaml:2:9: mtu.node: Invalid value: \"jumbo\": must be a whole number from 1500 to 65535")]
    [InlineData("mtu:\n  node: 900", "c.yaml:2:9: mtu.node: Invalid value: 900: must be a whole number from 1500 to 65535")]
    [InlineData("mtu:\n  node: 9000.5", "c.yaml:2:9: mtu.node: Invalid value: 9000.5: must be a whole number from 1500 to 65535")]
    [InlineData("mtu: 9000", "c.yaml:1:6: mtu: Invalid value: 9000: must be a map of node, ovsOverhead and clusterNetwork")]
    [InlineData("mtu:\n  nod: 1", "c.yaml:2:8: mtu.nod: Forbidden: unknown key; did you mean \"node\"?")]
    [InlineData("mode: warn\nmode: audit", "c.yaml:2:7: mode: Forbidden: the key stands here twice")]
    [InlineData("addresses: {nodeStatic: maybe}", "c.yaml:1:25: addresses.nodeStatic: Unsupported value: \"maybe\": must be required or optional")]
    [InlineData("exemptions: {horizonDays: 0}", "c.yaml:1:27: exemptions.horizonDays: Invalid value: 0: must be a whole number from 1 to 3650")]
    [InlineData("exemptions: {requirePermission: maybe}", "c.yaml:1:33: exemptions.requirePermission: Invalid value: \"maybe\": must be true or false")]
    [InlineData("onRuleFailure: ignore", "c.yaml:1:16: onRuleFailure: Unsupported value: \"ignore\": must be warn or deny")]
    [InlineData("rules:\n  vm-label-remove: off", "c.yaml:2:20: rules.vm-label-remove: Forbidden: unknown key; did you mean \"vm-label-removed\"?")]
    [InlineData("rules:\n  vm-label-removed: loud", "c.yaml:2:21: rules.vm-label-removed: Unsupported value: \"loud\": must be error, warning or off")]
    [InlineData("storage: {local: deny}", "c.yaml:1:18: storage.local: Unsupported value: \"deny\": must be ignore, warn or error")]
    [InlineData("storage: {classes: [a]}", "c.yaml:1:20: storage.classes: Invalid value: a list of 1: must be a map of names to protocols, as in \"san-gold: iscsi\"")]
    [InlineData("storage: {drivers: {a: 7}}", "c.yaml:1:24: storage.drivers.a: Invalid value: 7: must be a protocol: iscsi, local or another word")]
    [InlineData("exemptions: {granted: x}", "c.yaml:1:23: exemptions.granted: Invalid value: \"x\": must be a list of exemptions")]
    [InlineData("exemptions: {granted: [{rule: nad-mtu, reason: long enough, until: '2026-06-30'}]}", "c.yaml:1:31: exemptions.granted[0].rule: Not found: \"nad-mtu\": no rule has this id; did you mean \"nad-mtu-not-jumbo\"?")]
    [InlineData("exemptions: {granted: [{rule: nad-mtu-not-jumbo, kind: VM, reason: long enough, until: '2026-06-30'}]}", "c.yaml:1:56: exemptions.granted[0].kind: Unsupported value: \"VM\": must be NodeNetworkConfigurationPolicy, NetworkAttachmentDefinition, UserDefinedNetwork, ClusterUserDefinedNetwork, VirtualMachine, VirtualMachineInstance, VirtualMachineInstanceReplicaSet, VirtualMachinePool, VirtualMachineClone or VirtualMachineRestore")]
    [InlineData("exemptions: {granted: [{rule: nad-mtu-not-jumbo, reason: short, until: '2026-06-30'}]}", "c.yaml:1:58: exemptions.granted[0].reason: Required value: a reason of 10 characters or more")]
    [InlineData("exemptions: {granted: [{rule: nad-mtu-not-jumbo, reason: long enough}]}", "c.yaml:1:24: exemptions.granted[0].until: Required value: an end, as a quoted date such as \"2026-09-01\" or a date-time with its zone")]
    [InlineData("- a list", "c.yaml:1:1: Invalid value: a list of 1: must be a map of mode, modes, strictest, mtu, addresses, storage and 5 more")]
    [InlineData("mutation: {nodeNetworks: maybe}", "c.yaml:1:26: mutation.nodeNetworks: Invalid value: \"maybe\": must be true or false")]
    [InlineData("mutation: {nodeNetwork: true}", "c.yaml:1:25: mutation.nodeNetwork: Forbidden: unknown key; did you mean \"nodeNetworks\"?")]
    public void A_problem_is_told_with_its_place_and_what_is_allowed(string text, string line)
    {
        Assert.Null(ConfigurationReader.Read(text, out IReadOnlyList<ConfigurationError> errors));
        Assert.Equal(line, Assert.Single(errors).Line("c.yaml"));
    }

    [Fact]
    public void All_problems_are_told_at_once_in_the_order_of_the_file()
    {
        Assert.Null(ConfigurationReader.Read("rules: {x: off}\nmode: no-such\nmtu: {node: 1}\n", out IReadOnlyList<ConfigurationError> errors));
        Assert.Equal([1, 2, 3], errors.Select(static error => error.Position.Line));
    }

    [Fact]
    public void A_text_that_is_no_YAML_is_told_with_its_place()
    {
        Assert.Null(ConfigurationReader.Read("mode: [warn", out IReadOnlyList<ConfigurationError> errors));
        Assert.Equal("c.yaml:2:1: not valid YAML", Assert.Single(errors).Line("c.yaml"));
    }

    private static EnforcementSettings Good(string text)
    {
        EnforcementSettings? settings = ConfigurationReader.Read(text, out IReadOnlyList<ConfigurationError> errors);
        Assert.Empty(errors);
        return settings!;
    }
}
