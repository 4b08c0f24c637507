using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Resources.Nmstate;
using Webhook.Rules.Network;

namespace Webhook.Rules.Nncp;

/// <summary>nncp-role-interface-removed: an interface, port or bridge mapping that goes while InfoScale VMs use it.</summary>
public sealed class NncpRoleInterfaceRemoved : Rule<NodeNetworkConfigurationPolicy>
{
    /// <inheritdoc/>
    public override RuleInfo Info { get; } = new()
    {
        Id = "nncp-role-interface-removed",
        Title = "Part of a node network in use is taken away",
        Severity = Severity.Error,
        Rationale =
            "nmstate does at once what a policy says: an interface that becomes absent or down, a port that is no longer in the list of its bridge " +
            "or bond, a bridge mapping that leads elsewhere cuts the VMs of that node off. One LLT link less is jeopardy (GAB V-15-1-20037, " +
            "V-16-1-10111), the last one a split cluster; a storage path less is failed I/O. What is only left out stays on the node as it is: " +
            "that, and deleting the policy itself, is a warning, because from then on nobody declares it.",
        Remedy = "Move the VMs to another network first; to remove what is left on a node, write state: absent when no VM uses it any more.",
        Guide = [GuideSentence.S16],
        Examples =
        [
            Example.Bad("a port is taken from the bridge", at: "spec.desiredState.interfaces[0].bridge.port",
                yaml: OneCard(ExampleInUse.Policy(ports: "{name: ens3f0}")), old: OneCard(ExampleInUse.Policy()), given: ExampleInUse.Given),
            Example.Bad("a card is set down", at: "spec.desiredState.interfaces[2].state",
                yaml: ExampleInUse.Policy().Replace("{name: ens3f1, type: ethernet, state: up,", "{name: ens3f1, type: ethernet, state: down,", StringComparison.Ordinal),
                old: ExampleInUse.Policy(), given: ExampleInUse.Given),
            Example.Good("a third port", yaml: ExampleInUse.Policy(ports: "{name: ens3f0}, {name: ens3f1}, {name: ens3f2}")
                + "\n    - {name: ens3f2, type: ethernet, state: up, mtu: 9000}\n", old: ExampleInUse.Policy(), given: ExampleInUse.Given),
        ],
    };

    /// <inheritdoc/>
    public override bool AppliesTo(Operation operation) => operation != Operation.Create;

    /// <inheritdoc/>
    protected override IEnumerable<Finding> Check(NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        if (context.Operation == Operation.Delete)
        {
            NetworkUsers users = NetworkUsers.Of(subject, context);
            return users.IsNone ? [] : [Describe(
                users, FieldError.Invalid(subject.Metadata["name"], $"{users.Clause}; deleting the policy leaves the nodes as they are, declared by nobody"),
                "keep it while VMs use it", "delete", isProven: false)];
        }

        return context.Old is NodeNetworkConfigurationPolicy old ? Interfaces(old, subject, context).Concat(Mappings(old, subject, context)) : [];
    }

    private static string OneCard(string policy) =>
        policy.Replace("\n    - {name: ens3f1, type: ethernet, state: up, mtu: 9216}", "", StringComparison.Ordinal);

    private IEnumerable<Finding> Interfaces(NodeNetworkConfigurationPolicy old, NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        foreach (NodeInterface entry in subject.State.Interfaces)
        {
            NodeInterface? was = PolicyChange.Find(old, entry);
            if (entry.State is NodeInterfaceState.Absent or NodeInterfaceState.Down)
            {
                if (was?.State != entry.State && NetworkUsers.Of(old, entry, context) is { IsNone: false } users)
                {
                    yield return Describe(
                        users, FieldError.Invalid(entry.Field["state"], $"interface {entry} would be {(entry.State == NodeInterfaceState.Down ? "down" : "gone")}, and {users.Clause}"),
                        "move the VMs to another network first", $"{entry.Name} state");
                }
            }
            else if (entry.IsUp && was is { IsUp: true } && Detached(was, entry) is (string gone, Field place, bool isProven)
                && NetworkUsers.Of(old, was, context) is { IsNone: false } users)
            {
                yield return Describe(
                    users, FieldError.Invalid(place.Path, gone, $"interface {entry} loses what it stood on, and {users.Clause}"),
                    "keep it, or move the VMs first", $"{entry.Name} ports", isProven);
            }
        }

        foreach (NodeInterface was in old.State.Interfaces)
        {
            if (was.IsUp && PolicyChange.Find(subject, was) is null && !subject.State.NamesAreTemplates
                && NetworkUsers.Of(old, was, context) is { IsNone: false } users)
            {
                yield return Describe(
                    users, FieldError.Required(subject.State.InterfaceList.Path, $"interface {was} is left out, and {users.Clause}; the node keeps it, but nobody declares it"),
                    "keep it while VMs use it", $"{was.Name} left out", isProven: false);
            }
        }
    }

    // What an interface no longer stands on, where that is written, and whether the node loses it: a list that is left out stays as it is.
    private static (string Gone, Field Place, bool IsProven)? Detached(NodeInterface was, NodeInterface now)
    {
        if (was.Controller is { Length: > 0 } controller && now.Controller is string other && other != controller)
        {
            return ($"\"{other}\"", now.Field["controller"], true);
        }

        foreach (LowerLink link in was.Lower)
        {
            if (link.Name == was.Name || now.Lower.Any(kept => kept.Name == link.Name))
            {
                continue;
            }

            Field place = link.IsBase ? now.Field[was.Field["type"].Text ?? "vlan"]["base-iface"]
                : was.Type == NodeInterfaceType.Bond ? now.BondSection["port"]
                : now.Field["bridge"]["port"];
            Field alias = link.IsBase ? place : was.Type == NodeInterfaceType.Bond ? now.BondSection["ports"] : now.Field["bridge"]["ports"];
            Field written = place.IsPresent ? place : alias.IsPresent ? alias : place;
            return ($"without {Field.Quote(link.Name)}", written, written.IsPresent && !written.IsTemplate);
        }

        return null;
    }

    private IEnumerable<Finding> Mappings(NodeNetworkConfigurationPolicy old, NodeNetworkConfigurationPolicy subject, RuleContext context)
    {
        // The last of a name counts.
        var mappings = new Dictionary<string, BridgeMapping>(StringComparer.Ordinal);
        foreach (BridgeMapping mapping in subject.State.BridgeMappings())
        {
            mappings[mapping.Localnet] = mapping;
        }

        foreach (BridgeMapping was in old.State.BridgeMappings())
        {
            if (was.IsAbsent)
            {
                continue;
            }

            BridgeMapping? now = mappings.TryGetValue(was.Localnet, out BridgeMapping mapped) ? mapped : null;
            if (now is { IsAbsent: false } kept && kept.Bridge == was.Bridge)
            {
                continue;
            }

            NetworkUsers users = NetworkUsers.Of(old, was, context);
            if (users.IsNone)
            {
                continue;
            }

            // One string holds all mappings of the database of Open vSwitch, and is replaced as one.
            Field text = subject.State.Field["ovs-db"]["external_ids"]["ovn-bridge-mappings"];
            bool isReplaced = was.Field.IsString && text.IsString;
            string name = Field.Quote(was.Localnet);
            yield return now switch
            {
                { IsAbsent: true } => Describe(
                    users, FieldError.Invalid(now.Value.Field["state"], $"mapping {name} would be gone, and {users.Clause}"),
                    "move the VMs to another network first", $"mapping {was.Localnet}"),
                not null => Describe(
                    users, FieldError.Invalid(now.Value.Field.Path, $"\"{now.Value.Bridge}\"", $"mapping {name} led to {was.Bridge}, and {users.Clause}"),
                    "move the VMs to another network first", $"mapping {was.Localnet}"),
                _ => Describe(
                    users,
                    FieldError.Required(
                        isReplaced ? text.Path : subject.State.Field["ovn"]["bridge-mappings"].Path,
                        $"mapping {name} is left out, and {users.Clause}{(isReplaced ? "" : "; the node keeps it, but nobody declares it")}"),
                    "keep it while VMs use it", $"mapping {was.Localnet}", isReplaced),
            };
        }
    }

    private Finding Describe(NetworkUsers users, FieldError error, string remedy, string subject, bool isProven = true) =>
        users.Names.Count == 0 ? CannotVerify(error, remedy, subject) : isProven ? Report(error, remedy, subject) : Warn(error, remedy, subject);
}
