using Webhook.Resources;

namespace Webhook.Rules.Network;

/// <summary>The role a network definition is judged by.</summary>
/// <param name="Role">What the network carries.</param>
/// <param name="IsAssumed">Whether it follows from <see cref="RuleContext.AssumedRole"/> and not from a label.</param>
public readonly record struct DefinedRole(NetworkRole Role, bool IsAssumed)
{
    /// <summary>
    /// The role of a network: its label's, else the assumed one; null where the label says no known role, or where there is neither. A network
    /// in place of the pod network is not assumed to be InfoScale's.
    /// </summary>
    public static DefinedRole? Of(NetworkDefinition network, RuleContext context)
    {
        if (network.IsOptedIn)
        {
            return network.Role is NetworkRole labelled ? new DefinedRole(labelled, false) : null;
        }

        return context.AssumedRole is NetworkRole assumed && !network.IsPrimary ? new DefinedRole(assumed, true) : null;
    }

    /// <summary>The role as messages name it, with a word where it is assumed.</summary>
    public override string ToString() => IsAssumed ? $"role {Role.Word()} (assumed)" : $"role {Role.Word()}";
}
