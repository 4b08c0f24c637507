using Webhook.Resources;

namespace Webhook.Rules.Tests.Vm;

/// <summary>
/// A cluster VM for tables about networks: an interface on the pod network, llt1, llt2 and san0 on networks of those names, with hardware
/// addresses 02:50:00:0e:01:11, ...:02:11 and ...:03:11.
/// </summary>
internal static class GuestMachine
{
    public const string Interfaces =
        "[{name: pod, masquerade: {}}, {name: llt1, bridge: {}, macAddress: '02:50:00:0e:01:11'}, " +
        "{name: llt2, bridge: {}, macAddress: '02:50:00:0e:02:11'}, {name: san0, bridge: {}, macAddress: '02:50:00:0e:03:11'}]";

    public const string Networks =
        "[{name: pod, pod: {}}, {name: llt1, multus: {networkName: llt1}}, {name: llt2, multus: {networkName: llt2}}, " +
        "{name: san0, multus: {networkName: san0}}]";

    public const string Roles = "llt1=llt,llt2=llt,san0=iscsi";

    public const string Llt1 = "llt1: {match: {macaddress: '02:50:00:0e:01:11'}, addresses: [172.30.1.11/24], mtu: 8990}";

    public const string Llt2 = "llt2: {match: {macaddress: '02:50:00:0e:02:11'}, addresses: [172.30.2.11/24], mtu: 8990}";

    public const string San0 = "san0: {match: {macaddress: '02:50:00:0e:03:11'}, addresses: [10.60.1.11/24], mtu: 8990}";

    /// <summary>The VM; <paramref name="ethernets"/> are the entries of version 2, null for no network data.</summary>
    public static string With(
        string? ethernets = Llt1 + ", " + Llt2 + ", " + San0,
        string roles = Roles,
        string interfaces = Interfaces,
        string networks = Networks,
        string declared = "",
        string strategy = "Always") =>
        WithVolumes(ethernets is null ? "[]" : Volume($"{{version: 2, ethernets: {{{ethernets}}}}}"), roles, interfaces, networks, declared, strategy);

    public static string WithVolumes(
        string volumes,
        string roles = Roles,
        string interfaces = Interfaces,
        string networks = Networks,
        string declared = "",
        string strategy = "Always") =>
        $$$"""
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: vcs-node1
          namespace: erp-db
          labels: {infoscale.internal/cluster: erp}
          annotations:
            infoscale.internal/nic-roles: "{{{roles}}}"
            {{{(declared.Length == 0 ? "other" : "infoscale.internal/static-addresses")}}}: '{{{declared}}}'
        spec:
          runStrategy: {{{strategy}}}
          template:
            spec:
              domain: {devices: {interfaces: {{{interfaces}}}}}
              networks: {{{networks}}}
              volumes: {{{volumes}}}
        """;

    /// <summary>One cloud-init volume with that network data.</summary>
    public static string Volume(string data, string carrier = "cloudInitNoCloud") =>
        $$$"""[{name: cloudinit, {{{carrier}}}: {networkData: "{{{data.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}}}"}}]""";

    /// <summary>The findings of a rule in short: severity, a question mark where unverified, and subject.</summary>
    public static string Judge(string rule, string yaml, RuleContext? context = null) =>
        string.Join(", ", Catalog.Findings(rule, yaml, context).Select(static finding =>
            $"{finding.Severity}{(finding.Unverified ? "?" : "")} {finding.Subject}"));

    /// <summary>The same for an update.</summary>
    public static string Judge(string rule, string old, string yaml) => Judge(rule, yaml, Update(old));

    public static RuleContext Update(string old) => new() { Now = Catalog.Now, Operation = Operation.Update, Old = Catalog.Parse(old) };

    public static RuleContext Assuming(NetworkRole role) => new() { Now = Catalog.Now, AssumedRole = role };
}
