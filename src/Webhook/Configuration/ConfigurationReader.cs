using System.Globalization;
using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Yaml;
using Webhook.Rules;
using Webhook.Rules.Storage;

namespace Webhook.Configuration;

/// <summary>
/// Reads the configuration: YAML to settings, or everything that is wrong with it. A key that nobody reads is an error, since it is a
/// setting that its author believes to be in force.
/// </summary>
internal sealed class ConfigurationReader
{
    private static readonly (string Word, EnforcementMode Value)[] ModeWords =
        [.. Enum.GetValues<EnforcementMode>().Select(static mode => (mode.Word(), mode))];

    private readonly YamlDocument _document;
    private readonly List<ConfigurationError> _errors = [];

    private ConfigurationReader(YamlDocument document) => _document = document;

    /// <summary>Reads a configuration text; an empty one gives the defaults.</summary>
    /// <param name="text">One YAML document.</param>
    /// <param name="errors">All problems in document order; if there is one, the result is null.</param>
    public static EnforcementSettings? Read(string text, out IReadOnlyList<ConfigurationError> errors)
    {
        if (!YamlText.TryParse(text, out YamlDocument? document, out DocumentError? error))
        {
            errors = [new ConfigurationError("", error!.Reason, error.Position)];
            return null;
        }

        var reader = new ConfigurationReader(document!);
        EnforcementSettings settings = reader.Settings(document!.Value);
        errors = [.. reader._errors.OrderBy(static at => at.Position.Line).ThenBy(static at => at.Position.Column)];
        return errors.Count == 0 ? settings : null;
    }

    private EnforcementSettings Settings(Field root)
    {
        EnforcementSettings defaults = EnforcementSettings.Default;
        Section(root, "mode", "modes", "strictest", "mtu", "addresses", "storage", "exemptions", "mutation", "rules", "onRuleFailure", "audit");
        Section(root["mutation"], "nodeNetworks");
        return defaults with
        {
            Mode = Word(root["mode"], defaults.Mode, ModeWords),
            Modes = ByRule(root["modes"], static _ => EnforcementMode.Enforce, ModeWords),
            Strictest = Word(root["strictest"], defaults.Strictest, ModeWords),
            Audit = Audit(root["audit"], defaults.Audit),
            Exemptions = Exemptions(root["exemptions"]["granted"]),
            ExemptionsNeedPermission = Switch(root["exemptions"]["requirePermission"]) ?? defaults.ExemptionsNeedPermission,
            MutatesNodeNetworks = Switch(root["mutation"]["nodeNetworks"]) ?? defaults.MutatesNodeNetworks,
            OnRuleFailure = Word(root["onRuleFailure"], defaults.OnRuleFailure, ("warn", RuleFailureAction.Warn), ("deny", RuleFailureAction.Deny)),
            Rules = Rules(root, defaults.Rules),
            Severities = ByRule(
                root["rules"], static rule => rule.Severity, ("error", Severity.Error), ("warning", Severity.Warning), ("off", Severity.Off)),
        };
    }

    private AuditSettings Audit(Field audit, AuditSettings defaults)
    {
        Section(audit, "intervalMinutes", "reports");
        return new AuditSettings
        {
            Interval = Integer(audit["intervalMinutes"], 1, 24 * 60) is int minutes ? TimeSpan.FromMinutes(minutes) : defaults.Interval,
            KeepsCleanReports = Word(audit["reports"], defaults.KeepsCleanReports, ("findings", false), ("all", true)),
        };
    }

    private RuleSettings Rules(Field root, RuleSettings defaults)
    {
        Field mtu = root["mtu"], addresses = root["addresses"], exemptions = root["exemptions"], storage = root["storage"];
        Section(mtu, "node", "ovsOverhead", "clusterNetwork");
        Section(addresses, "nodeStatic");
        Section(exemptions, "horizonDays", "requirePermission", "granted");
        Section(storage, "bootDisk", "unknown", "local", "classes", "drivers");
        return defaults with
        {
            NodeMtu = Integer(mtu["node"], 1500, 65535) ?? defaults.NodeMtu,
            OvsOverhead = Integer(mtu["ovsOverhead"], 0, 500) ?? defaults.OvsOverhead,
            ClusterNetworkMtu = Integer(mtu["clusterNetwork"], 576, 65535) ?? defaults.ClusterNetworkMtu,
            NodeAddressRequired = Word(addresses["nodeStatic"], defaults.NodeAddressRequired, ("required", true), ("optional", false)),
            ExemptionHorizonDays = Integer(exemptions["horizonDays"], 1, 3650) ?? defaults.ExemptionHorizonDays,
            BootDisk = Word(storage["bootDisk"], defaults.BootDisk,
                ("enforce", BootDiskPolicy.Enforce), ("warn", BootDiskPolicy.Warn), ("ignore", BootDiskPolicy.Ignore)),
            UnknownStorage = Word(storage["unknown"], defaults.UnknownStorage, ("warn", Severity.Warning), ("error", Severity.Error)),
            LocalStorage = Word(
                storage["local"], defaults.LocalStorage, ("ignore", Severity.Off), ("warn", Severity.Warning), ("error", Severity.Error)),
            StorageClasses = Protocols(storage["classes"]),
            StorageDrivers = Protocols(storage["drivers"]),
        };
    }

    private Dictionary<string, T> ByRule<T>(Field rules, Func<RuleInfo, T> fallback, params (string Word, T Value)[] words)
    {
        var values = new Dictionary<string, T>(StringComparer.Ordinal);
        Section(rules, [.. RuleCatalog.All.Select(static rule => rule.Info.Id)]);
        foreach (Field rule in rules.Members())
        {
            if (RuleCatalog.Find(rule.Name!) is Rule known && rule.IsPresent)
            {
                values[known.Info.Id] = Word(rule, fallback(known.Info), words);
            }
        }

        return values;
    }

    // Whether an end has passed or is too far ahead is asked at each review: a configuration must not turn bad by the clock.
    private List<ConfiguredExemption> Exemptions(Field granted)
    {
        var exemptions = new List<ConfiguredExemption>();
        if (granted.IsPresent && !granted.IsList)
        {
            Report(FieldError.WrongType(granted, "must be a list of exemptions"));
        }

        string[] ids = [.. RuleCatalog.All.Select(static rule => rule.Info.Id)];
        foreach (Field entry in granted.Items())
        {
            Section(entry, "rule", "kind", "namespace", "name", "reason", "until");
            var terms = new Exemption(entry["rule"], entry["reason"], entry["until"]);
            if (Pattern(entry["rule"]) is not string rule)
            {
                Report(FieldError.Required(entry["rule"].Path, "the id of a rule"));
            }
            else if (!ids.Contains(rule))
            {
                string hint = Nearest.Of(rule, ids) is [string nearest, ..] ? $"; did you mean \"{nearest}\"?" : "";
                Report(FieldError.NotFound(entry["rule"], $"no rule has this id{hint}"));
            }

            if (!terms.HasReason)
            {
                Report(FieldError.Required(
                    entry["reason"].Path, string.Create(CultureInfo.InvariantCulture, $"a reason of {Exemption.ShortestReason} characters or more")));
            }

            if (!terms.HasEnd)
            {
                Report(FieldError.Required(entry["until"].Path, "an end, as a quoted date such as \"2026-09-01\" or a date-time with its zone"));
            }

            string? kind = entry["kind"].IsMissing ? null : Word(
                entry["kind"], "", [.. ResourceKinds.Judged.Select(static judged => (judged, judged))]);
            exemptions.Add(new ConfiguredExemption(terms, kind, Pattern(entry["namespace"]), Pattern(entry["name"])));
        }

        return exemptions;
    }

    private string? Pattern(Field field)
    {
        if (field.IsPresent && field.Text is not { Length: > 0 })
        {
            Report(FieldError.WrongType(field, "must be text"));
        }

        return field.Text is { Length: > 0 } text ? text : null;
    }

    // Keys are names that only the site knows; values are free words, since rules ask no more than whether it is iscsi or local.
    private Dictionary<string, string> Protocols(Field names)
    {
        var protocols = new Dictionary<string, string>(StringComparer.Ordinal);
        if (names.IsPresent && !names.IsMap)
        {
            Report(FieldError.WrongType(names, "must be a map of names to protocols, as in \"san-gold: iscsi\""));
        }

        foreach (Field protocol in names.Members())
        {
            if (ProtocolTable.Word(protocol.Text) is not string word)
            {
                Report(FieldError.WrongType(protocol, "must be a protocol: iscsi, local or another word"));
            }
            else if (!protocols.TryAdd(protocol.Name!, word))
            {
                Report(FieldError.Forbidden(protocol.Path, "the key stands here twice"));
            }
        }

        return protocols;
    }

    private void Section(Field field, params string[] keys)
    {
        if (!field.IsMap)
        {
            if (field.IsPresent)
            {
                Report(FieldError.WrongType(field, $"must be a map of {List(keys, "and", 6)}"));
            }

            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (Field member in field.Members())
        {
            string key = member.Name!;
            if (!seen.Add(key))
            {
                Report(FieldError.Forbidden(member.Path, "the key stands here twice"));
            }
            else if (!keys.Contains(key))
            {
                string hint = Nearest.Of(key, keys) is [string nearest, ..] ? $"did you mean \"{nearest}\"?" : $"known are {List(keys, "and", 6)}";
                Report(FieldError.Forbidden(member.Path, $"unknown key; {hint}"));
            }
        }
    }

    private bool? Switch(Field field)
    {
        if (field.IsPresent && field.Boolean is null)
        {
            Report(FieldError.WrongType(field, "must be true or false"));
        }

        return field.Boolean;
    }

    private int? Integer(Field field, int least, int most)
    {
        if (field.IsMissing)
        {
            return null;
        }

        if (field.Integer is long value && value >= least && value <= most)
        {
            return (int)value;
        }

        string detail = string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}");
        Report(field.Kind == FieldKind.Number ? FieldError.Invalid(field, detail) : FieldError.WrongType(field, detail));
        return null;
    }

    private T Word<T>(Field field, T fallback, params (string Word, T Value)[] words)
    {
        if (field.IsMissing)
        {
            return fallback;
        }

        // A plain "off" is the boolean false in the YAML that kubectl and this reader speak.
        string? text = field.Boolean == false ? "off" : field.Text;
        foreach ((string word, T value) in words)
        {
            if (word == text)
            {
                return value;
            }
        }

        string[] allowed = [.. words.Select(static entry => entry.Word)];
        string hint = text is not null && Nearest.Of(text, allowed) is [string nearest, ..] ? $"; did you mean \"{nearest}\"?" : "";
        Report(FieldError.NotSupported(field, $"must be {List(allowed, "or")}{hint}"));
        return fallback;
    }

    // As a sentence has it: "a, b or c".
    private static string List(string[] words, string conjunction, int most = int.MaxValue) =>
        words.Length > most ? $"{string.Join(", ", words.Take(most))} and {words.Length - most} more"
        : words.Length < 2 ? string.Concat(words)
        : $"{string.Join(", ", words[..^1])} {conjunction} {words[^1]}";

    private void Report(FieldError error) => 
        _errors.Add(new ConfigurationError(error.Path.ToString(), error.ToString(), _document.Locate(error.Path)));
}
