using Webhook.Resources.Json;

namespace Webhook.Resources.Nmstate;

/// <summary>An interface that another one stands on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Field">Where the name is written.</param>
/// <param name="IsBase">
/// Whether the upper one is a network of its own on it (a VLAN on its base), so that the lower one may carry other networks too; false for
/// ports of a bridge and members of a bond, which carry the same frames.
/// </param>
public readonly record struct LowerLink(string Name, Field Field, bool IsBase);
