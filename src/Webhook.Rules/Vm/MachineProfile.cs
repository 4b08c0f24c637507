using Webhook.Resources;
using Webhook.Resources.Json;

namespace Webhook.Rules.Vm;

/// <summary>
/// The instancetype and preference that KubeVirt applies to a machine when it starts it. What the cluster holds now is taken for what the
/// machine was given: the copy that KubeVirt keeps for each machine (<c>revisionName</c>) is not looked up.
/// </summary>
internal static class MachineProfile
{
    /// <summary>The instancetype of a machine; null where it names none.</summary>
    public static Lookup<Instancetype>? Instancetype(VirtualMachine machine, RuleContext context) =>
        machine.InstancetypeReference is { IsMap: true } reference
            ? reference["name"].Text is { Length: > 0 } name
                ? context.Cluster.Instancetype(reference["kind"].Text ?? "", machine.Namespace, name)
                : Lookup<Instancetype>.NotSeen("it is inferred from a volume")
            : null;

    /// <summary>The preference of a machine; null where it names none.</summary>
    public static Lookup<Preference>? Preference(VirtualMachine machine, RuleContext context) =>
        machine.PreferenceReference is { IsMap: true } reference
            ? reference["name"].Text is { Length: > 0 } name
                ? context.Cluster.Preference(reference["kind"].Text ?? "", machine.Namespace, name)
                : Lookup<Preference>.NotSeen("it is inferred from a volume")
            : null;

    /// <summary>The field that names the instancetype or preference, for a finding to lie on.</summary>
    public static Field NameOf(Field reference) => reference["name"] is { IsPresent: true } name ? name : reference;
}
